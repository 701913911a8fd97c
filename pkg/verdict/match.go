package verdict

import (
	"cmp"
	"math/bits"
	"slices"
)

// entry is one record of one of the trails that are matched.
type entry struct {
	hash  uint64 // 48 bits
	place uint64 // side 4 bits, lane 20 bits, index 40 bits: ordered as they are written
}

const (
	indexBits = 40
	laneBits  = 20
)

// entryAt is the entry, without its hash, of a record whose place is known.
func entryAt(side, lane, index int) entry {
	return entry{place: uint64(side)<<(indexBits+laneBits) | uint64(lane)<<indexBits | uint64(index)}
}

func (e entry) side() int  { return int(e.place >> (indexBits + laneBits)) }
func (e entry) lane() int  { return int(e.place >> indexBits & (1<<laneBits - 1)) }
func (e entry) index() int { return int(e.place & (1<<indexBits - 1)) }

// perPass is about how many records are matched at once. The sides are read
// once per pass, in order, which costs less than the cache misses of one large
// table; memory beside the trails stays at 32 bytes × perPass.
const perPass = 1 << 19

// matcher finds equal records in several trails.
type matcher struct {
	sides    []*trail
	lanes    [][]*lane // per side, by partition
	passes   int
	expected int             // records of a pass, about and rather too many
	passOf   [buckets]uint16 // 1, 2, 3 …; 0: the bucket is not looked at
}

// newMatcher matches the records of the given buckets only; nil means all.
func newMatcher(wanted []int, sides ...*trail) *matcher {
	m := &matcher{sides: sides}
	for _, s := range sides {
		m.lanes = append(m.lanes, s.sorted())
	}
	if wanted == nil {
		for b := range buckets {
			wanted = append(wanted, b)
		}
	}
	m.plan(wanted, perPass)
	return m
}

// plan spreads the buckets over passes of about so many records.
func (m *matcher) plan(wanted []int, perPass int64) {
	var n int64
	for _, s := range m.sides {
		n += s.count
	}
	perBucket := n/buckets + 1 // hashes spread evenly
	together := max(int(perPass/perBucket), 1)
	m.expected = int(perBucket) * min(together, len(wanted))
	m.expected += m.expected/32 + 64 // they do not spread quite evenly
	for i, b := range wanted {
		m.passOf[b] = uint16(i/together + 1)
		m.passes = i/together + 1
	}
}

// place returns where e was seen.
func (m *matcher) place(e entry) place {
	l := m.lanes[e.side()][e.lane()]
	return place{m.sides[e.side()].topic, l.partition, l.offset(e.index())}
}

// finding makes a finding at the place of e.
func (m *matcher) finding(kind string, e entry) Finding {
	at := m.place(e)
	f := Finding{Kind: kind, Topic: at.topic, Partition: at.partition, Offset: at.offset}
	return m.sides[e.side()].keys.name(f, int64(e.index()))
}

// groups calls visit for each set of equal records, ordered by side, partition
// and arrival. The slice is reused.
func (m *matcher) groups(visit func([]entry)) {
	all, sorted := make([]entry, 0, m.expected), make([]entry, 0, m.expected) // growing them would leave as much behind
	var starts []int32
	for pass := range m.passes {
		all = m.collect(all[:0], uint16(pass+1))
		sorted, starts = m.sort(all, sorted, starts)
		for i := 0; i < len(sorted); {
			n := i + 1
			for n < len(sorted) && sorted[n].hash == sorted[i].hash {
				n++
			}
			visit(sorted[i:n])
			i = n
		}
	}
}

// cut parts a group, which is ordered by side, behind the entries of a side.
func cut(group []entry, side int) (of, rest []entry) {
	n := 0
	for n < len(group) && group[n].side() == side {
		n++
	}
	return group[:n], group[n:]
}

// collect gathers the entries of a pass, in order of place.
func (m *matcher) collect(all []entry, pass uint16) []entry {
	for side, lanes := range m.lanes {
		for number, l := range lanes {
			place := entryAt(side, number, 0).place
			l.stretches(func(index int, high []uint32, low []uint16) {
				for i, h := range high {
					if m.passOf[h>>bucketShift] == pass {
						all = append(all, entry{hash48(h, low[i]), place + uint64(index+i)})
					}
				}
			})
		}
	}
	return all
}

// sort orders entries so that equal ones stand together, in order of place: a
// counting sort into bins of a few entries by bits below the bucket's, then
// insertion within each.
func (m *matcher) sort(all, sorted []entry, starts []int32) ([]entry, []int32) {
	bins := 1 << min(max(bits.Len(uint(len(all)))-1, 0), 48-bucketBits)
	shift := 48 - bucketBits - bits.TrailingZeros(uint(bins))
	bin := func(e entry) int { return int(e.hash>>shift) & (bins - 1) }
	starts = slices.Grow(starts[:0], bins+1)[:bins+1]
	clear(starts)
	for _, e := range all {
		starts[bin(e)+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	sorted = slices.Grow(sorted[:0], len(all))[:len(all)]
	for _, e := range all { // afterwards starts[i] is where bin i ends
		b := bin(e)
		sorted[starts[b]] = e
		starts[b]++
	}
	from := int32(0)
	for _, to := range starts[:bins] {
		arrange(sorted[from:to])
		from = to
	}
	return sorted, starts
}

// arrange sorts a bin. A large one is the same few records over and over, and
// nearly in order.
func arrange(bin []entry) {
	if len(bin) > 24 {
		slices.SortStableFunc(bin, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
		return
	}
	for i := 1; i < len(bin); i++ {
		e, at := bin[i], i
		for ; at > 0 && bin[at-1].hash > e.hash; at-- {
			bin[at] = bin[at-1]
		}
		bin[at] = e
	}
}
