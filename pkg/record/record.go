// Package record holds Kafka records as people write and read them: their notation in tables, YAML and JSON, patterns
// for expected records, the comparison that explains what differs, and seeded generators.
//
// The notation is described in notation.go, matchers in matcher.go, the words of comparison in compare.go and
// generators in generator.go.
package record

import (
	"iter"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Header is one record header. A nil Value is a null header value, which Kafka keeps apart from an empty one.
type Header struct {
	Key   string
	Value []byte
	// what the record holds in place of Value, where that is the name that a scenario has for it; else nil
	OnCluster []byte
	// the header that it was read from, where the record tells it under another name: it is compared, and not shown
	From string
}

// Record is one Kafka record.
type Record struct {
	Topic     string    // logical name; empty where the surroundings name the topic
	Partition int32     // -1: not given
	Offset    int64     // -1: not known
	Key       []byte    // nil is null
	Value     []byte    // nil is null: a tombstone
	Headers   []Header  // in order; a key may come more than once
	Timestamp time.Time // millisecond precision in Kafka; zero: the time of sending
}

// Kgo gives the record as franz-go sends it. The topic is the logical one and a partition of -1 stays -1.
// Key, value and header values are shared, not copied.
func (r Record) Kgo() *kgo.Record {
	k := &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value}
	if !r.Timestamp.IsZero() {
		k.Timestamp = r.Timestamp.Truncate(time.Millisecond)
	}
	if len(r.Headers) > 0 {
		k.Headers = make([]kgo.RecordHeader, len(r.Headers))
		for i, h := range r.Headers {
			k.Headers[i] = kgo.RecordHeader{Key: h.Key, Value: h.Value}
		}
	}
	return k
}

// HeaderValues are the names and values of the headers, in order.
func (r *Record) HeaderValues() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, h := range r.Headers {
			if !yield(h.Key, h.Value) {
				return
			}
		}
	}
}

// FromKgo gives a consumed record under its logical topic name. Key, value and header values are shared, not copied.
func FromKgo(topic string, k *kgo.Record) Record {
	r := Record{Topic: topic, Partition: k.Partition, Offset: k.Offset, Key: k.Key, Value: k.Value, Timestamp: k.Timestamp}
	if len(k.Headers) > 0 {
		r.Headers = make([]Header, len(k.Headers))
		for i, h := range k.Headers {
			r.Headers[i] = Header{Key: h.Key, Value: h.Value}
		}
	}
	return r
}
