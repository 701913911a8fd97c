package wrong_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// TestWrongRetryProducers shows what can be seen without faults; the others need the wire, see features/mustfail.
func TestWrongRetryProducers(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string]int{"": 5, "retry-bare-letter": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := retryproducer.Run
			if name != "" {
				run = variant(t, name)
			}
			l := lab.New(t)
			l.Topic(t, "events", 3, "max.message.bytes", "5000")
			l.Topic(t, "events_dlq", 1)
			if err := l.Start(t, run, app.Env{Name: "sender", Outputs: []string{"events"}},
				"events: 20\noversize-every: 10").Wait(t); err != nil {
				t.Fatal(err)
			}
			letters := l.Read(t, "events_dlq")
			if len(letters) != 2 || len(letters[0].Headers) != headers {
				t.Errorf("got %d dead letters, want 2 with %d headers each", len(letters), headers)
			}
		})
	}
}

func TestARecordRetriedForEverKeepsTheRunFromItsEnd(t *testing.T) {
	t.Parallel()
	l := lab.New(t)
	l.Topic(t, "events", 1, "max.message.bytes", "5000")
	l.Topic(t, "events_dlq", 1)
	running := l.Start(t, variant(t, "retry-permanent-for-ever"), app.Env{Name: "sender", Outputs: []string{"events"}},
		"events: 20\noversize-every: 1\nfirst-delay: 1ms")
	if err := running.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	if done := running.Lines("msg=done "); len(done) != 0 {
		t.Errorf("got %q, want no end of its own", done)
	}
}
