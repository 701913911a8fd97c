package verdict

import (
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Processing judges that the members of a group together processed the records of each key in the order of the log,
// whatever rebalances there were. Kafka orders records within a partition only, so the records of a key on two
// partitions have no order between them, and records without a key have none at all. Records that nobody processed are
// not judged here, that is what GroupWork is for. Work on what is no record is found as well, but for work before the
// first record that is known: what stood there may have been deleted.
//
// Where repeats are allowed, work may go back to a record that was done before, as after a crash; from there it must go
// on in order: an application that went back may not leave out what was done before, since its effect would stay behind
// that of the record gone back to. What a member finishes when the group has given its partition to another one,
// and has not told it yet, is no going back: the other one goes on from where the group had committed.
//
// Memory: a bit per record, 16 bytes more per one with a key, some 80 per record that was processed.
type Processing struct {
	topic   string
	repeats bool
	seed    maphash.Seed
	keys    map[position]uint64 // of each record, its hash
	names   *Records
}

// NewProcessing judges the work on one topic.
func NewProcessing(topic string, repeats bool) *Processing {
	return &Processing{topic: topic, repeats: repeats, seed: maphash.MakeSeed(), keys: map[position]uint64{},
		names: NewRecords(topic)}
}

// Input takes a record that is, or was, in the topic.
func (j *Processing) Input(r *record.Record) {
	j.names.Input(r)
	if r.Key != nil {
		j.keys[position{r.Partition, r.Offset}] = maphash.Bytes(j.seed, r.Key)
	}
}

// keyWork is what was done of one key on one partition.
type keyWork struct {
	done  []membership.Work // in order of time
	last  map[int64]int     // by offset, which of them was the last on it
	by    map[string]int    // by application, which was its last one
	again map[int]struct{}  // which of them went back to what was done before
	high  int               // which had the highest offset
}

// Result judges the work in a history.
func (j *Processing) Result(h *membership.History) Result {
	var found collector
	judged := int64(0)
	h.Partitions() // sorts
	for partition, all := range h.Work {
		keys := map[uint64]*keyWork{}
		var worked offsets
		by := map[int64]string{} // who first worked on what is no record
		for _, w := range all {
			if worked.add(w.Offset) && !valueOf(j.names.inputs, partition).has(w.Offset) {
				by[w.Offset] = w.App
			}
			key, ok := j.keys[position{partition, w.Offset}]
			if !ok {
				continue
			}
			k := valueOf(keys, key)
			if len(k.done) > 0 {
				judged++
			}
			j.judge(&found, k, w, h.Ownerships[partition])
		}
		worked.strangers(valueOf(j.names.inputs, partition), func(offset int64) {
			found.add(j.names.finding(Unexpected, partition, offset), "processed by %s, though it is not in the topic",
				by[offset])
		})
	}
	return found.pronounce("order of work "+inGroup("on records", h), judged,
		fmt.Sprintf("no two records of one key are known to be processed by group %s", h.Group)).
		Unclear(h.UnclearWork, Unexpected)
}

// judge takes the next work on a key of a partition that was owned so.
func (j *Processing) judge(found *collector, k *keyWork, w membership.Work, owned []membership.Ownership) {
	if k.last == nil {
		k.last, k.by, k.again = map[int64]int{}, map[string]int{}, map[int]struct{}{}
	}
	number := len(k.done)
	before, again := k.last[w.Offset]
	f := j.names.finding(OutOfOrder, w.Partition, w.Offset)
	switch {
	case again && !j.repeats:
		f.Kind = ProcessedTwice
		found.add(f, "by %s, and %s later by %s", k.done[before].App, shortly(w.At-k.done[before].At), w.App)
	case !again && number > 0 && k.done[k.high].Offset > w.Offset:
		high := k.done[k.high]
		found.add(f, "by %s, %s after %s had processed offset %d of its key", w.App, shortly(w.At-high.At), high.App,
			high.Offset)
	default:
		if left, ok := k.leftOut(w); ok {
			found.add(f, "by %s, which had gone back to offset %d of its key and then left out %d", w.App,
				k.done[k.by[w.App]].Offset, left)
		}
	}
	k.done = append(k.done, w)
	k.last[w.Offset], k.by[w.App] = number, number
	if again && !finishes(owned, w) {
		k.again[number] = struct{}{}
	}
	if w.Offset > k.done[k.high].Offset {
		k.high = number
	}
}

// leftOut returns an offset that was done before the application went back behind it, and that nobody has done again
// though the application has now gone past it.
func (k *keyWork) leftOut(w membership.Work) (left int64, ok bool) {
	previous, any := k.by[w.App]
	if _, went := k.again[previous]; !any || !went || k.done[previous].Offset >= w.Offset {
		return 0, false
	}
	for offset, number := range k.last {
		if offset > k.done[previous].Offset && offset < w.Offset && number < previous && (!ok || offset < left) {
			left, ok = offset, true
		}
	}
	return left, ok
}

// finishes tells whether a member did this work when another one had its partition already.
func finishes(owned []membership.Ownership, w membership.Work) bool {
	at := holder(owned, w.App, w.At)
	return at >= 0 && !owned[at].End.Graceful() &&
		slices.ContainsFunc(owned[at+1:], func(o membership.Ownership) bool { return o.App != w.App && o.From < w.At })
}

// shortly is a time between two deeds, as far as it matters to a reader.
func shortly(d time.Duration) time.Duration {
	if d < time.Millisecond {
		return d.Round(time.Microsecond)
	}
	return d.Round(time.Millisecond)
}
