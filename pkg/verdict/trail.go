package verdict

import (
	"cmp"
	"maps"
	"slices"
	"sort"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// trail remembers which records came, in 6 bytes each: 48 bits of the record's
// hash in order of arrival per partition. The place is implied by the position,
// so offsets cost memory only where they jump. Sums over the full hashes, one
// per bucket, tell at once which buckets of two trails hold the same records.
type trail struct {
	topic string
	lanes map[int32]*lane // by partition
	last  *lane           // records come partition by partition
	count int64
	sums  *[buckets]uint64 // of the hashes, by their top bits
	keys  keys

	follows *trail // a trail that was fed before, and that this one may repeat; nil for none
}

// buckets is how many parts a trail is compared in: 32 KiB of sums, which stay
// in the processor's first cache.
const (
	buckets     = 1 << bucketBits
	bucketBits  = 12
	bucketShift = 32 - bucketBits // of the upper half of a hash
)

// lane is one partition of a trail. A copy mostly has the records of its source partition by partition, in the same
// order. As long as that is so, a lane only counts.
type lane struct {
	partition int32
	high      column[uint32] // bits 63–32 of the hash
	low       column[uint16] // bits 31–16
	runs      runs

	twin *lane // all records so far are the first ones of the twin; nil once some are not, and they are in the columns
	same int   // how many they are, while there is a twin
}

// runs are stretches of records with consecutive offsets, or all without one: where each begins.
type runs struct {
	index  column[uint32]
	offset column[int64]
}

func (t *trail) lane(partition int32) *lane {
	if t.last != nil && t.last.partition == partition {
		return t.last
	}
	l := t.lanes[partition]
	if l == nil {
		if t.lanes == nil {
			t.lanes = map[int32]*lane{}
		}
		l = &lane{partition: partition}
		if t.follows != nil {
			l.twin = t.follows.lanes[partition]
		}
		t.lanes[partition] = l
	}
	t.last = l
	return l
}

func (t *trail) add(r *record.Record, hash uint64) *lane {
	l := t.lane(r.Partition)
	t.keys.add(r.Partition, int64(l.len()), r.Key)
	l.place(r.Offset)
	l.add(uint32(hash>>32), uint16(hash>>16))
	t.count++
	if t.sums == nil {
		t.sums = new([buckets]uint64)
	}
	t.sums[hash>>(32+bucketShift)] += hash
	return l
}

// unequal returns the buckets in which t and u do not hold the same records,
// each as often. That two sums of different records agree has a chance of 1 in 2^64.
func (t *trail) unequal(u *trail) []int {
	var differ []int
	for b := range buckets {
		if t.sum(b) != u.sum(b) {
			differ = append(differ, b)
		}
	}
	return differ
}

func (t *trail) sum(bucket int) uint64 {
	if t.sums == nil {
		return 0
	}
	return t.sums[bucket]
}

// sorted returns the lanes in order of partition.
func (t *trail) sorted() []*lane {
	return slices.SortedFunc(maps.Values(t.lanes), func(a, b *lane) int { return cmp.Compare(a.partition, b.partition) })
}

func (l *lane) add(high uint32, low uint16) {
	if t := l.twin; t != nil {
		if at := l.same; at < t.high.len() && t.high.at(at) == high && t.low.at(at) == low {
			l.same++
			return
		}
		l.high, l.low = t.high.first(l.same), t.low.first(l.same)
		l.twin, l.same = nil, 0
	}
	l.high.add(high)
	l.low.add(low)
}

// isTwin is true when the lane holds just what its twin holds.
func (l *lane) isTwin() bool { return l.twin != nil && l.same == l.twin.len() }

// len is how many records the lane has.
func (l *lane) len() int { return l.same + l.high.len() }

// stretches calls visit for all records in their order, many at once; index is that of the first of them.
func (l *lane) stretches(visit func(index int, high []uint32, low []uint16)) {
	of, n := l, l.len()
	if l.twin != nil {
		of = l.twin
	}
	for from := 0; from < n; from += columnChunk {
		high, low := of.high.chunks[from/columnChunk], of.low.chunks[from/columnChunk]
		most := min(n-from, len(high))
		visit(from, high[:most], low[:most])
	}
}

// hash48 puts together what is kept of a hash.
func hash48(high uint32, low uint16) uint64 { return uint64(high)<<16 | uint64(low) }

// place notes the offset of the record about to be added.
func (l *lane) place(offset int64) {
	if n := l.runs.index.len(); n > 0 {
		index, from := int(l.runs.index.at(n-1)), l.runs.offset.at(n-1)
		if offset < 0 && from < 0 || offset >= 0 && from >= 0 && offset-from == int64(l.len()-index) {
			return
		}
	}
	l.runs.index.add(uint32(l.len()))
	l.runs.offset.add(offset)
}

// offset is that of the record at index, or -1.
func (l *lane) offset(index int) int64 {
	at := sort.Search(l.runs.index.len(), func(i int) bool { return int(l.runs.index.at(i)) > index }) - 1
	from := l.runs.offset.at(at)
	if from < 0 {
		return -1
	}
	return from + int64(index-int(l.runs.index.at(at)))
}

// columnChunk is how many values of a column stand together. Growing by chunks
// never holds a column twice, as growing one array would.
const columnChunk = 4096

// column is a long list of small values.
type column[T any] struct{ chunks [][]T }

func (c *column[T]) add(v T) {
	last := len(c.chunks) - 1
	if last < 0 {
		c.chunks = append(c.chunks, make([]T, 0, 64)) // most partitions of most topics are small
		last = 0
	} else if len(c.chunks[last]) == columnChunk {
		c.chunks = append(c.chunks, make([]T, 0, columnChunk))
		last++
	}
	c.chunks[last] = append(c.chunks[last], v)
}

// zeroes returns a column of n zero values.
func zeroes[T any](n int) column[T] {
	var c column[T]
	for ; n > 0; n -= columnChunk {
		c.chunks = append(c.chunks, make([]T, min(n, columnChunk)))
	}
	return c
}

// first is a column of the first n values; whole chunks, which do not change any more, are shared.
func (c *column[T]) first(n int) column[T] {
	var d column[T]
	d.chunks = append(d.chunks, c.chunks[:n/columnChunk]...)
	if rest := n % columnChunk; rest > 0 {
		d.chunks = append(d.chunks, append(make([]T, 0, columnChunk), c.chunks[n/columnChunk][:rest]...))
	}
	return d
}

func (c *column[T]) len() int {
	n := len(c.chunks)
	if n == 0 {
		return 0
	}
	return (n-1)*columnChunk + len(c.chunks[n-1])
}

func (c *column[T]) at(i int) T { return c.chunks[i/columnChunk][i%columnChunk] }

func (c *column[T]) set(i int, v T) { c.chunks[i/columnChunk][i%columnChunk] = v }

// keyBudget bounds the memory for keys, in bytes, of one side of a judge:
// some thousands of records and more. Later ones are not named.
const keyBudget = 1 << 20

// keyCost is what a kept key costs besides its bytes.
const keyCost = 64

// keys remembers the keys of the first records.
type keys struct {
	kept map[position]string
	used int
	gone map[int32]*offsets // records that the log has no more
}

// position is where a record is in its partition: its offset or, in a trail, its
// index, because what was sent without success has no offset.
type position struct {
	partition int32
	offset    int64
}

func (k *keys) add(partition int32, offset int64, key []byte) {
	if k.used >= keyBudget {
		return
	}
	if k.kept == nil {
		k.kept = map[position]string{}
	}
	k.kept[position{partition, offset}] = string(key)
	k.used += keyCost + len(key)
}

// lost notes that a record was in the log, and is there no more.
func (k *keys) lost(partition int32, offset int64) {
	if k.gone == nil {
		k.gone = map[int32]*offsets{}
	}
	valueOf(k.gone, partition).add(offset)
}

// name fills in the key of f, which is that at offset where it is known, and whether the record is gone.
func (k *keys) name(f Finding, offset int64) Finding {
	f.Key = k.kept[position{f.Partition, offset}]
	gone := k.gone[f.Partition]
	f.Gone = gone != nil && gone.has(offset)
	return f
}
