package verdict

import (
	"hash/maphash"
	"math/bits"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// hasher turns what makes two records equal into 64 bits. It is keyed with a
// random seed, so no input can be made to collide on purpose. A collision would
// matter only between a record that is missing and one that is too much: for a
// thousand of each the chance is 1 in 10^13.
type hasher struct {
	key, value, header maphash.Seed
}

func newHasher() hasher {
	return hasher{key: maphash.MakeSeed(), value: maphash.MakeSeed(), header: maphash.MakeSeed()}
}

// Odd constants without pattern: the fractional digits of the golden ratio, pi and e.
const (
	foldA = 0x9e3779b97f4a7c15
	foldB = 0x243f6a8885a308d3
	null  = 0xb7e151628aed2a6a
)

func (h *hasher) record(r *record.Record) uint64 {
	return fold(hashBytes(h.key, r.Key), hashBytes(h.value, r.Value))
}

// hashBytes tells null, which is a tombstone, from empty.
func hashBytes(seed maphash.Seed, b []byte) uint64 {
	sum := maphash.Bytes(seed, b)
	if b == nil {
		sum ^= null
	}
	return sum
}

// fold mixes two hashes, in order, into one by a full multiplication, as wyhash does.
func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a^foldA, b^foldB)
	return high ^ low
}
