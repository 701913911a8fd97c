package record

import "encoding/binary"

// murmur2 is the hash of Kafka's Java client, bit for bit: Austin Appleby's
// 32-bit MurmurHash2 with Kafka's seed (org.apache.kafka.common.utils.Utils.murmur2).
func murmur2(b []byte) int32 {
	const (
		seed   = 0x9747b28c
		mix    = 0x5bd1e995
		rotate = 24
	)
	h := uint32(seed) ^ uint32(len(b))
	for ; len(b) >= 4; b = b[4:] {
		k := binary.LittleEndian.Uint32(b) * mix
		k ^= k >> rotate
		h = h*mix ^ k*mix
	}
	switch len(b) {
	case 3:
		h ^= uint32(b[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(b[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(b[0])) * mix
	}
	h ^= h >> 13
	h *= mix
	return int32(h ^ h>>15)
}

// DefaultPartition is the partition, of n, on which Kafka's default partitioner
// puts a record with this key: the hash without its sign bit, modulo n. The
// client picks freely for records with a null key; they have no default. It is
// -1 when n is not positive.
func DefaultPartition(key []byte, n int32) int32 {
	if n <= 0 {
		return -1
	}
	return (murmur2(key) & 0x7fffffff) % n
}
