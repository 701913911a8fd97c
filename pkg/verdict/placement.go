package verdict

import (
	"cmp"
	"hash/crc32"
	"hash/fnv"
	"hash/maphash"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Placement judges that the records of each key are on one partition, and on the
// one Kafka's default partitioner picks: murmur2 of the key, as the Java client
// has it. Each record elsewhere is a finding, and each key on more than one
// partition is one more. Feed the records of several runs or clients to one
// judge to see that they agree. Records without a key may be anywhere.
//
// Memory: 16 bytes and the slack of a hash table per distinct key; where a few
// million keys are distinct, about 40 bytes each.
type Placement struct {
	topic      string
	partitions int32
	seed       maphash.Seed
	homes      map[uint64]home
	judged     int64
	found      collector
}

// home is where a key was first seen.
type home struct {
	partition int32
	moved     bool // reported already
}

// NewPlacement judges a topic with this many partitions.
func NewPlacement(topic string, partitions int32) *Placement {
	return &Placement{topic: topic, partitions: partitions, seed: maphash.MakeSeed(), homes: map[uint64]home{}}
}

// Observe takes a record. One of another topic is judged all the same, and named by its own topic.
func (p *Placement) Observe(r *record.Record) {
	if r.Key == nil {
		return
	}
	p.judged++
	topic := cmp.Or(r.Topic, p.topic)
	hash := maphash.Bytes(p.seed, r.Key)
	h, known := p.homes[hash]
	switch {
	case !known:
		p.homes[hash] = home{partition: r.Partition}
	case h.partition != r.Partition && !h.moved:
		p.homes[hash] = home{h.partition, true}
		p.found.add(findingAt(TwoPartitions, topic, r), "other records of the key are on partition %d", h.partition)
	}
	if want := record.DefaultPartition(r.Key, p.partitions); r.Partition != want {
		p.found.add(findingAt(WrongPartition, topic, r), "got partition %d, want %d of %d by murmur2 of the key%s",
			r.Partition, want, p.partitions, otherPartitioner(r.Key, r.Partition, p.partitions))
	}
}

// otherPartitioner names the default of another client that puts the key on the partition; empty for none.
//
// librdkafka's is consistent_random, CRC32 modulo n; Sarama's is FNV-1a as a signed number, modulo n, without its sign.
func otherPartitioner(key []byte, partition, n int32) string {
	if n <= 1 {
		return ""
	}
	fnv1a := fnv.New32a()
	_, _ = fnv1a.Write(key)
	signed := int32(fnv1a.Sum32()) % n
	switch partition {
	case int32(crc32.ChecksumIEEE(key) % uint32(n)):
		return "; CRC32, the default of librdkafka, puts it there: set partitioner=murmur2_random"
	case max(signed, -signed):
		return "; FNV-1a, the default of Sarama, puts it there: set NewCustomPartitioner with murmur2"
	}
	return ""
}

// Result judges what was fed so far.
func (p *Placement) Result() Result {
	found := p.found.clone()
	return found.pronounce("partitions of the keys of "+p.topic, p.judged, "no record of "+p.topic+" with a key was read")
}
