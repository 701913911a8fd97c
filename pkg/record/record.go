// Package record holds Kafka records as people write and read them: their notation in tables, YAML and JSON, patterns
// for expected records, the comparison that explains what differs, and seeded generators.
//
// The notation is described in notation.go, matchers in matcher.go, the words of comparison in compare.go and
// generators in generator.go.
package record

import (
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Header is one record header. A nil Value is a null header value, which Kafka keeps apart from an empty one.
type Header struct {
	Key   string
	Value []byte
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

// Kgo gives the record as franz-go sends it. The topic is the logical one and a partition of -1 stays -1: see
// Partitioner. Key, value and header values are shared, not copied.
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

// Partitioner sends a record to the partition it names, and leaves records with partition -1 to fallback. A nil
// fallback is the partitioner of Kafka's Java client (murmur2 of the key, sticky without one).
func Partitioner(fallback kgo.Partitioner) kgo.Partitioner {
	if fallback == nil {
		fallback = kgo.StickyKeyPartitioner(nil)
	}
	return partitioner{fallback}
}

type partitioner struct{ fallback kgo.Partitioner }

func (p partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	return topicPartitioner{p.fallback.ForTopic(topic)}
}

type topicPartitioner struct{ fallback kgo.TopicPartitioner }

func (p topicPartitioner) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || p.fallback.RequiresConsistency(r)
}

func (p topicPartitioner) Partition(r *kgo.Record, n int) int {
	if r.Partition >= 0 {
		return int(r.Partition)
	}
	return p.fallback.Partition(r, n)
}

// OnNewBatch is how a sticky partitioner learns that it is time to move on.
func (p topicPartitioner) OnNewBatch() {
	if sticky, ok := p.fallback.(kgo.TopicPartitionerOnNewBatch); ok {
		sticky.OnNewBatch()
	}
}
