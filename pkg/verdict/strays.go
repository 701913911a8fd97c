package verdict

import "math/bits"

// strays are the hashes of records that have no partner on the other side, as far as following tells; others may be
// taken for such. Records that are alike are as many on both sides, and nothing is wrong with them, unless a stray is
// among them: only these need to be matched.
type strays struct {
	bits []uint64
	mask uint64
}

// mostStrays bounds their memory, to 8 MiB.
const mostStrays = 1 << 26

// findStrays returns nil where they are so many that telling them apart gains nothing.
func findStrays(in, out *trail) *strays {
	each := func(visit func(index int, high []uint32, low []uint16)) {
		for partition, l := range in.lanes {
			if o := out.lanes[partition]; o != nil && o.twin == l {
				o.missing(visit)
			} else {
				l.stretches(visit)
			}
		}
		for _, l := range out.lanes {
			l.additional(visit) // all of them, where it does not follow
		}
	}
	n := 0
	each(func(_ int, high []uint32, _ []uint16) { n += len(high) })
	if int64(n) > (in.count+out.count)/2 {
		return nil
	}
	size := min(1<<bits.Len(uint(16*n+64)), mostStrays)
	s := &strays{bits: make([]uint64, size/64), mask: uint64(size - 1)}
	each(func(_ int, high []uint32, low []uint16) {
		for i := range high {
			at := hash48(high[i], low[i]) & s.mask
			s.bits[at/64] |= 1 << (at % 64)
		}
	})
	return s
}

// may is true for all strays, and a few others.
func (s *strays) may(hash uint64) bool {
	at := hash & s.mask
	return s.bits[at/64]&(1<<(at%64)) != 0
}

// hash48 puts together what is kept of a hash.
func hash48(high uint32, low uint16) uint64 { return uint64(high)<<16 | uint64(low) }

// only has the matcher look at these records of the wanted buckets alone, and plans its passes by how many they are.
func (m *matcher) only(s *strays, wanted []int, perPass int) {
	m.strays = s
	var counts [buckets]int
	for _, lanes := range m.lanes {
		for _, l := range lanes {
			l.stretches(func(_ int, high []uint32, low []uint16) {
				for i, h := range high {
					if m.passOf[h>>bucketShift] > 0 && s.may(hash48(h, low[i])) {
						counts[h>>bucketShift]++
					}
				}
			})
		}
	}
	m.passes, m.expected = 1, 0
	n := 0
	for _, b := range wanted {
		if n > 0 && n+counts[b] > perPass {
			m.passes++
			n = 0
		}
		n += counts[b]
		m.passOf[b] = uint16(m.passes)
		m.expected = max(m.expected, n)
	}
}
