package record_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func TestSurplus(t *testing.T) {
	began := time.UnixMilli(1_700_000_000_000)
	at := func(partition int32, offset int64, key, value string, second int) record.Record {
		r := record.Record{Topic: "orders", Partition: partition, Offset: offset, Value: []byte(value),
			Timestamp: began.Add(time.Duration(second) * time.Second)}
		if key != "" {
			r.Key = []byte(key)
		}
		return r
	}
	for name, c := range map[string]struct {
		all  []record.Record
		more int
		want string
	}{
		"none more": {[]record.Record{at(0, 0, "k", "a", 0)}, 0, ""},
		"one repeats, though it was read first": {[]record.Record{at(0, 7, "k", "a", 9), at(1, 0, "b", "b", 1),
			at(1, 3, "k", "a", 2)}, 1, "too many: partition 0 offset 7 key k, the same as partition 1 offset 3"},
		"one has the key of another": {[]record.Record{at(0, 0, "k", "a", 0), at(0, 1, "b", "b", 1),
			at(0, 2, "k", "c", 2)}, 1,
			"too many: partition 0 offset 2 key k, with the key of partition 0 offset 0"},
		"repeats are meant": {[]record.Record{at(0, 0, "k", "a", 0), at(0, 1, "k", "a", 1), at(0, 2, "k", "a", 2)}, 1,
			"the newest: partition 0 offset 2 key k"},
		"no keys": {[]record.Record{at(0, 0, "", "a", 0), at(0, 1, "", "b", 1)}, 1,
			"the newest: partition 0 offset 1 key null"},
		"many": {[]record.Record{at(0, 0, "k", "a", 0), at(0, 1, "k", "a", 1), at(0, 2, "k", "a", 2), at(0, 3, "k", "a", 3),
			at(0, 4, "k", "a", 4)}, 4, "too many: partition 0 offset 1 key k, the same as partition 0 offset 0; " +
			"partition 0 offset 2 key k, the same as partition 0 offset 0; " +
			"partition 0 offset 3 key k, the same as partition 0 offset 0; and 1 more"},
	} {
		if got := record.Surplus(c.all, c.more); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
