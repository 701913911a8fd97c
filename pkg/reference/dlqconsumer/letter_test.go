package dlqconsumer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// A record that was sent back and fails again has one count of its attempts, wherever the earlier one stood.
func TestAttemptsGoOnInOneHeader(t *testing.T) {
	earlier, trace := kgo.RecordHeader{Key: HeaderAttempts, Value: []byte("2")}, kgo.RecordHeader{Key: "trace"}
	for _, headers := range [][]kgo.RecordHeader{{earlier}, {earlier, trace}, {trace, earlier}} {
		letter := (&settings{}).letter(&kgo.Record{Headers: headers}, &Failure{}, 3)
		var got []string
		for _, h := range letter.Headers {
			if h.Key == HeaderAttempts {
				got = append(got, string(h.Value))
			}
		}
		if diff := cmp.Diff([]string{"5"}, got); diff != "" {
			t.Errorf("attempts of a record with headers %v (-want +got):\n%s", headers, diff)
		}
	}
}
