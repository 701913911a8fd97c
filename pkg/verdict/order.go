package verdict

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Order judges whether records of one key stand in one topic in the order in
// which they stand in another. Kafka orders records within a partition only; so
// of a key that is on several partitions of either topic, each partition of one
// is held against each partition of the other. Records without a key have no
// order. A partition's records must be fed in the order of its log; partitions
// and the two sides may be mixed.
//
// A record that stands behind one that came after it is reordered. Lost,
// additional and unexpected records are not judged here, that is what Copy is
// for; of a record that is repeated the first counts, so what was processed
// again after a restart is not out of order.
//
// Memory: 6 bytes per record of the input and 14 of the output. Where both topics
// hold the same records partition by partition nothing is searched; else 4 more
// per record of the output and 16 MiB, and some 50 per key of a partition that
// has records out of order.
type Order struct {
	hash    hasher
	in, out trail
	keyHash map[*lane]*column[uint64] // of the output's records
}

// NewOrder judges that to has the records of from in their order per key.
func NewOrder(from, to string) *Order {
	return &Order{hash: newHasher(), in: trail{topic: from}, out: trail{topic: to}, keyHash: map[*lane]*column[uint64]{}}
}

// Input takes a record of the topic whose order holds.
func (o *Order) Input(r *record.Record) {
	if r.Key == nil {
		return
	}
	o.in.add(r, o.hash.record(r))
}

// Output takes a record of the topic whose order is judged.
func (o *Order) Output(r *record.Record) {
	if r.Key == nil {
		return
	}
	l := o.out.add(r, o.hash.record(r))
	keys := o.keyHash[l]
	if keys == nil {
		keys = &column[uint64]{}
		o.keyHash[l] = keys
	}
	keys.add(maphash.Bytes(o.hash.header, r.Key))
}

// Result judges what was fed so far.
func (o *Order) Result() Result {
	var found collector
	judge := fmt.Sprintf("order per key of %s in %s", o.in.topic, o.out.topic)
	if o.in.count == 0 {
		return found.pronounce(judge, 0, "no record of "+o.in.topic+" with a key was read")
	}
	if o.out.count == 0 {
		return found.pronounce(judge, 0, "no record of "+o.out.topic+" with a key was read")
	}
	if !o.same() {
		o.compare(&found)
	}
	return found.pronounce(judge, o.in.count+o.out.count, "")
}

// same reports whether both topics hold the same records in the same partitions
// in the same order, as a faithful copy with the same partitioner does.
func (o *Order) same() bool {
	if len(o.in.lanes) != len(o.out.lanes) {
		return false
	}
	for p, in := range o.in.lanes {
		out := o.out.lanes[p]
		if out == nil || !slices.EqualFunc(in.high.chunks, out.high.chunks, slices.Equal) || !slices.EqualFunc(in.low.chunks, out.low.chunks, slices.Equal) {
			return false
		}
	}
	return true
}

// origins says, for each record of a partition of the output, which record of
// the input it is: 1, 2, 3 … partition by partition, 0 for none.
type origins struct {
	column[uint32]
	number int   // of the output's lane
	bases  []int // how many records stand before each lane of the input
}

// lane is the input's lane in which an origin lies.
func (o *origins) lane(origin uint32) int {
	at, _ := slices.BinarySearch(o.bases, int(origin))
	return at - 1
}

// compare finds the origins of the output's records and looks for records that
// stand behind a later one.
func (o *Order) compare(found *collector) {
	m := newMatcher(nil, &o.in, &o.out)
	bases, n := make([]int, len(m.lanes[0])), 0
	for i, l := range m.lanes[0] {
		bases[i] = n
		n += l.high.len()
	}
	all := make([]origins, len(m.lanes[1]))
	for i, l := range m.lanes[1] {
		all[i] = origins{zeroes[uint32](l.high.len()), i, bases}
	}
	m.groups(func(group []entry) {
		in, out := cut(group, 0)
		// Of records that are alike the first is the first, and so on; what is
		// left over is a repetition and has no origin.
		for i := range min(len(in), len(out)) {
			from, to := in[i], out[i]
			all[to.lane()].set(to.index(), uint32(bases[from.lane()]+from.index()+1))
		}
	})
	for i := range all {
		if !all[i].rising() {
			o.judgeKeys(m, &all[i], found)
		}
	}
}

// rising reports whether the records from each input partition stand in their
// order whatever their key: most do, and then no key has to be looked at.
func (o *origins) rising() bool {
	latest := make([]uint32, len(o.bases))
	for _, chunk := range o.chunks {
		for _, origin := range chunk {
			if origin == 0 {
				continue
			}
			from := o.lane(origin)
			if origin < latest[from] {
				return false
			}
			latest[from] = origin
		}
	}
	return true
}

// judgeKeys judges a partition of the output key by key.
func (o *Order) judgeKeys(m *matcher, origins *origins, found *collector) {
	type stream struct { // what has an order: a key from one partition
		key  uint64
		lane int
	}
	keys, latest := o.keyHash[m.lanes[1][origins.number]], map[stream]uint32{}
	place := func(origin uint32) place {
		lane := origins.lane(origin)
		return m.place(entryAt(0, lane, int(origin)-1-origins.bases[lane]))
	}
	for i := range origins.len() {
		origin := origins.at(i)
		if origin == 0 {
			continue
		}
		s := stream{keys.at(i), origins.lane(origin)}
		if before := latest[s]; before > origin {
			found.add(m.finding(Reordered, entryAt(1, origins.number, i)), "it is %s, and stands behind %s", place(origin), place(before))
			continue
		}
		latest[s] = origin
	}
}
