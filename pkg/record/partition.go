package record

import "github.com/twmb/franz-go/pkg/kgo"

// keyed is only asked about records with a key, for which it keeps no state.
var keyed = kgo.StickyKeyPartitioner(nil).ForTopic("")

// DefaultPartition is the partition, of n, on which Kafka's default partitioner puts a record with this key: its
// murmur2 hash without the sign bit, modulo n. The client picks freely for records with a null key; they have no
// default. It is -1 when n is not positive.
func DefaultPartition(key []byte, n int32) int32 {
	if n <= 0 {
		return -1
	}
	return int32(keyed.Partition(&kgo.Record{Key: append([]byte{}, key...)}, int(n)))
}
