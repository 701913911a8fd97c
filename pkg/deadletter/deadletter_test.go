package deadletter

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTranslate shows how the headers of each preset, and odd ones, are read.
func TestTranslate(t *testing.T) {
	odd := Format{Topic: {Name: "from"}, Partition: {Name: "part", Bytes: 2}, Attempts: {Name: "tries", Bytes: 1}}
	for name, test := range map[string]struct {
		format Format
		given  []string // names and values
		want   map[string]string
	}{
		"spring": {Presets["spring"](), []string{"kafka_dlt-original-topic", "orders", "kafka_dlt-original-partition",
			"\x00\x00\x00\x02", "kafka_dlt-original-offset", "\x00\x00\x00\x00\x00\x00\x01\x00", "kafka_dlt-exception-fqcn",
			"java.lang.X", "kafka_dlt-exception-message", "no", "retry_topic-attempts", "\x00\x00\x00\x03",
			"kafka_dlt-original-timestamp", "\x00\x00\x01\x9b\x8d\xe7\x2c\x00"},
			map[string]string{Topic: "orders", Partition: "2", Offset: "256", ErrorClass: "java.lang.X", Error: "no",
				Attempts: "3", Timestamp: "1767612296192"}},
		"spring, of two the last": {Presets["spring"](), []string{"kafka_dlt-original-partition", "\x00\x00\x00\x02",
			"kafka_dlt-original-partition", "\x00\x00\x00\x01"}, map[string]string{Partition: "1"}},
		"connect": {Presets["connect"](), []string{"__connect.errors.topic", "orders", "__connect.errors.partition", "0",
			"__connect.errors.offset", "7", "__connect.errors.exception.class.name", "X",
			"__connect.errors.exception.message", "no"},
			map[string]string{Topic: "orders", Partition: "0", Offset: "7", ErrorClass: "X", Error: "no"}},
		"smallrye, of two the first": {Presets["smallrye"](), []string{"dead-letter-exception-class-name", "X",
			"dead-letter-reason", "no", "dead-letter-topic", "orders", "dead-letter-partition", "0", "dead-letter-offset", "7",
			"dead-letter-topic", "older", "dead-letter-offset", "1"},
			map[string]string{Topic: "orders", Partition: "0", Offset: "7", ErrorClass: "X", Error: "no"}},
		"own": {Own(), []string{"dlq-source-topic", "orders"}, map[string]string{}},
		"text where a number is wanted": {odd, []string{"from", "orders", "part", "2"},
			map[string]string{Topic: "orders", Partition: "2 (not a binary number of 2 bytes)"}},
		"negative": {odd, []string{"part", "\xff\xff", "tries", "\xfe"},
			map[string]string{Partition: "-1", Attempts: "-2"}},
		"no dead letter": {odd, []string{"trace", "a"}, map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			added := map[string]string{}
			test.format.Translate(func(yield func(string, []byte) bool) {
				for pair := range slices.Chunk(test.given, 2) {
					if !yield(pair[0], []byte(pair[1])) {
						return
					}
				}
			}, func(name, _ string, value []byte) { added[name] = string(value) })
			want := map[string]string{}
			for field, value := range test.want {
				want[own[field]] = value
			}
			if diff := cmp.Diff(want, added); diff != "" {
				t.Errorf("headers that are added (-want +got):\n%s", diff)
			}
		})
	}
}
