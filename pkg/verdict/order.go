package verdict

import (
	"fmt"
	"hash/maphash"
	"maps"
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
// Records are told apart by key and value or, where they are changed on the way, by a field that both sides have. Key
// and value may then be others; the order is that of the input's keys. What lacks the field is passed over.
//
// Memory: 6 bytes per record of the input and, from where a partition of the output
// first differs from that of the input, 14 per record of the output; feed the input first. Partitions that are the same
// on both sides are in order. The others are searched, with 4 more bytes per record of theirs
// and 16 MiB, and some 50 per key of a partition that has records out of order. By a field, it is 8 bytes more per
// record of the input, and none for the keys of the output. Until two records are found that can be out of order, it
// keeps the hashes of up to 65,536 records of each side in maps.
type Order struct {
	hash    hasher
	by      *field[string] // nil: key and value
	inBy    namedField
	outBy   namedField
	in, out trail
	keyHash map[*lane]*keyColumn      // of the output's records
	inKeys  map[*lane]*column[uint64] // of the input's records, by a field only
	single  map[uint64]bool           // keys of the input, until one has a second record; nil then
	pairs   pairs
}

// mostSingle bounds the keys of which each is known to have one record only: behind them some are taken to have more.
const mostSingle = 1 << 16

// keyColumn has the hashes of keys from where a partition of the output differs from that of the input. What stands
// before is in the order of the input, and behind it comes nothing of the input that stands before.
type keyColumn struct {
	column[uint64]
	from int
}

// NewOrder judges that to has the records of from in their order per key.
func NewOrder(from, to string) *Order {
	o := &Order{hash: newHasher(), in: trail{topic: from}, out: trail{topic: to}, keyHash: map[*lane]*keyColumn{},
		single: map[uint64]bool{}, pairs: newPairs()}
	o.out.follows = &o.in
	return o
}

// NewOrderBy judges the same of records that a field tells apart, in the notation of record tables: key,
// headers.order-id, value.id, and id for a field of a JSON value.
func NewOrderBy(from, to, name string) *Order {
	o := NewOrder(from, to)
	by := newIdentity(name, false)
	o.inBy, o.outBy = newNamedField(from, name), newNamedField(to, name)
	o.by, o.inKeys = &by, map[*lane]*column[uint64]{}
	return o
}

// identity is the hash of what tells a record from others; false where it has nothing of the kind.
func (o *Order) identity(r *record.Record) (uint64, bool) {
	if o.by == nil {
		return o.hash.record(r), r.Key != nil
	}
	text, err := o.by.read(r)
	return maphash.String(o.hash.value, text), err == nil
}

// Input takes a record of the topic whose order holds.
func (o *Order) Input(r *record.Record) {
	if o.by != nil {
		o.inBy.see(r)
	}
	hash, ok := o.identity(r)
	if r.Key == nil || !ok {
		return
	}
	if o.single != nil {
		key := maphash.Bytes(o.hash.header, r.Key)
		if o.single[key] || len(o.single) == mostSingle {
			o.single = nil
		} else {
			o.single[key] = true
		}
	}
	o.pairs.input(o.hash, r, hash)
	l := o.in.add(r, hash)
	if o.by != nil {
		valueOf(o.inKeys, l).add(maphash.Bytes(o.hash.header, r.Key))
	}
}

// Output takes a record of the topic whose order is judged.
func (o *Order) Output(r *record.Record) {
	if o.by != nil {
		o.outBy.see(r)
	}
	hash, ok := o.identity(r)
	if !ok {
		return
	}
	o.pairs.output(r.Partition, hash)
	l := o.out.add(r, hash)
	if l.twin != nil || o.by != nil {
		return
	}
	keys := o.keyHash[l]
	if keys == nil {
		keys = &keyColumn{from: l.len() - 1}
		o.keyHash[l] = keys
	}
	keys.add(maphash.Bytes(o.hash.header, r.Key))
}

// Result judges what was fed so far.
func (o *Order) Result() Result {
	var found collector
	judge := fmt.Sprintf("order per key of %s in %s", o.in.topic, o.out.topic)
	for _, named := range []*namedField{&o.inBy, &o.outBy} {
		if named.none() {
			return named.unjudged(judge)
		}
	}
	inHas, outHas, same := " with a key", " with a key", ""
	if o.by != nil {
		inHas, outHas, same = " with a key and "+o.by.name, " with "+o.by.name, ", by "+o.by.name
	}
	if o.in.count == 0 {
		return found.pronounce(judge, 0, "no record of "+o.in.topic+inHas+" was read")
	}
	if o.out.count == 0 {
		return found.pronounce(judge, 0, "no record of "+o.out.topic+outHas+" was read")
	}
	in, out := o.different()
	matched := o.out.count - out.count // records of partitions that are the same on both sides
	if len(out.lanes) > 0 {
		matched += o.compare(&found, in, out)
	}
	if matched == 0 {
		return found.pronounce(judge, 0, "no record of "+o.out.topic+" is one of "+o.in.topic+same)
	}
	if o.single != nil {
		return found.pronounce(judge, 0, "no key of "+o.in.topic+" has two records, which could have an order")
	}
	if !o.pairs.found {
		return found.pronounce(judge, 0, "no two records that one key of "+o.in.topic+" has in a partition are in one "+
			"partition of "+o.out.topic+", where they could be out of order")
	}
	return found.pronounce(judge, o.in.count+o.out.count, "")
}

// different returns both sides without the partitions that are the same in both, as those of a faithful copy with
// the same partitioner are: each record there is the one it stands beside.
func (o *Order) different() (in, out *trail) {
	in = &trail{topic: o.in.topic, lanes: maps.Clone(o.in.lanes), keys: o.in.keys, count: o.in.count}
	out = &trail{topic: o.out.topic, lanes: maps.Clone(o.out.lanes), keys: o.out.keys, count: o.out.count}
	for p, l := range o.out.lanes {
		if l.isTwin() {
			delete(in.lanes, p)
			delete(out.lanes, p)
			in.count -= int64(l.len())
			out.count -= int64(l.len())
		}
	}
	return in, out
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
// stand behind a later one. It returns how many have an origin.
func (o *Order) compare(found *collector, in, out *trail) (matched int64) {
	m := newMatcher(nil, in, out)
	bases, n := make([]int, len(m.lanes[0])), 0
	for i, l := range m.lanes[0] {
		bases[i] = n
		n += l.len()
	}
	all := make([]origins, len(m.lanes[1]))
	for i, l := range m.lanes[1] {
		all[i] = origins{zeroes[uint32](l.len()), i, bases}
	}
	m.groups(func(group []entry) {
		in, out := cut(group, 0)
		// Of records that are alike the first is the first, and so on; what is
		// left over is a repetition and has no origin.
		for i := range min(len(in), len(out)) {
			from, to := in[i], out[i]
			all[to.lane()].set(to.index(), uint32(bases[from.lane()]+from.index()+1))
			matched++
		}
	})
	for i := range all {
		if !all[i].rising() {
			o.judgeKeys(m, &all[i], found)
		}
	}
	return matched
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
	latest, from := map[stream]uint32{}, 0
	key := func(_ int, origin uint32, lane int) uint64 {
		return o.inKeys[m.lanes[0][lane]].at(int(origin) - 1 - origins.bases[lane])
	}
	if o.by == nil {
		keys := o.keyHash[m.lanes[1][origins.number]]
		if keys == nil { // it is a shorter twin
			return
		}
		from, key = keys.from, func(i int, _ uint32, _ int) uint64 { return keys.at(i - keys.from) }
	}
	place := func(origin uint32) place {
		lane := origins.lane(origin)
		return m.place(entryAt(0, lane, int(origin)-1-origins.bases[lane]))
	}
	for i := from; i < origins.len(); i++ {
		origin := origins.at(i)
		if origin == 0 {
			continue
		}
		lane := origins.lane(origin)
		s := stream{key(i, origin, lane), lane}
		if before := latest[s]; before > origin {
			found.add(m.finding(Reordered, entryAt(1, origins.number, i)), "it is %s, and stands behind %s", place(origin),
				place(before))
			continue
		}
		latest[s] = origin
	}
}
