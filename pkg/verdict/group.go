package verdict

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Ownership is a time in which a member of a group had a partition, as seen
// between it and the cluster. Times are since any moment, the same for all.
type Ownership struct {
	App, Member string
	Partition   int32
	From        time.Duration // when the group gave it
	To          time.Duration // when the member gave it up, or was told that it is no member; 0 while it lasts
	End         OwnershipEnd
	Confirmed   time.Duration // when the group last took the member for one
	Known       time.Duration // when the application surely knew of the end; 0: it need not know
	Asked       bool          // to give it up was the group's wish
}

// OwnershipEnd is why an ownership ended.
type OwnershipEnd string

// How ownership ends. Released and Left are graceful: the member had time to commit.
const (
	Owning   OwnershipEnd = ""         // it has not
	Released OwnershipEnd = "released" // given up in a rebalance
	Left     OwnershipEnd = "left"     // the member left the group
	Fenced   OwnershipEnd = "fenced"   // the group went on without the member, and told it
	Replaced OwnershipEnd = "replaced" // another has it, and the member was not heard of again
)

func (e OwnershipEnd) graceful() bool { return e == Released || e == Left }

// GroupCommit is a commit of one partition: Offset is the next one to read.
type GroupCommit struct {
	App, Member    string
	Partition      int32
	Offset         int64
	Sent, Answered time.Duration
	Taken          bool // the group has answered that it is in force
	Unknown        bool // no answer came, as when the member was killed: it may be in force
}

// StartedAt is where an application began to read a partition it was given.
type StartedAt struct {
	App       string
	Partition int32
	Offset    int64
	Sent      time.Duration
}

// Work is a record that an application finished.
type Work struct {
	App       string
	Partition int32
	Offset    int64
	At        time.Duration
}

// groupHistory is what the judges of a consumer group are fed, in any order: all
// of it is about one group and one topic.
//
// Memory: what it is fed. Work is a fact for each record, so these judges are for
// the thousands of records of a scenario and not for the millions of a benchmark.
type groupHistory struct {
	group, topic string
	ownerships   map[int32][]Ownership
	commits      map[int32][]GroupCommit
	starts       map[int32][]StartedAt
	works        map[int32][]Work
	reporting    map[string]bool // applications that tell of their work
	counts       struct{ ownerships, commits, works int64 }
}

func newGroupHistory(group, topic string) groupHistory {
	return groupHistory{
		group: group, topic: topic,
		ownerships: map[int32][]Ownership{}, commits: map[int32][]GroupCommit{}, starts: map[int32][]StartedAt{},
		works:     map[int32][]Work{},
		reporting: map[string]bool{},
	}
}

// Owned tells of an ownership.
func (h *groupHistory) Owned(o Ownership) {
	h.counts.ownerships++
	h.ownerships[o.Partition] = append(h.ownerships[o.Partition], o)
}

// Committed tells of a commit.
func (h *groupHistory) Committed(c GroupCommit) {
	h.counts.commits++
	h.commits[c.Partition] = append(h.commits[c.Partition], c)
}

// Started tells where an application began to read.
func (h *groupHistory) Started(s StartedAt) { h.starts[s.Partition] = append(h.starts[s.Partition], s) }

// Worked tells that an application finished a record.
func (h *groupHistory) Worked(w Work) {
	h.counts.works++
	h.reporting[w.App] = true
	h.works[w.Partition] = append(h.works[w.Partition], w)
}

// partitions are those somebody owned, in order, with everything sorted by time.
func (h *groupHistory) partitions() []int32 {
	for _, all := range h.ownerships {
		slices.SortStableFunc(all, func(a, b Ownership) int { return cmp.Compare(a.From, b.From) })
	}
	for _, all := range h.commits {
		slices.SortStableFunc(all, func(a, b GroupCommit) int { return cmp.Compare(a.Sent, b.Sent) })
	}
	for _, all := range h.starts {
		slices.SortStableFunc(all, func(a, b StartedAt) int { return cmp.Compare(a.Sent, b.Sent) })
	}
	for _, all := range h.works {
		slices.SortStableFunc(all, func(a, b Work) int { return cmp.Compare(a.At, b.At) })
	}
	return slices.Sorted(maps.Keys(h.ownerships))
}

// of returns which ownership an application's deed at a moment belongs to: the last one that it had begun by then. -1:
// none.
func of(all []Ownership, app string, at time.Duration) int {
	found := -1
	for i, o := range all {
		if o.App == app && o.From <= at {
			found = i
		}
	}
	return found
}

// inForce returns the offset the group had committed at a moment; false for none.
func inForce(commits []GroupCommit, at time.Duration) (int64, bool) {
	offset, last, any := int64(0), time.Duration(0), false
	for _, c := range commits {
		if c.Taken && c.Answered <= at && (!any || c.Answered >= last) {
			offset, last, any = c.Offset, c.Answered, true
		}
	}
	return offset, any
}

func (h *groupHistory) finding(kind string, partition int32, offset int64) Finding {
	return Finding{Kind: kind, Topic: h.topic, Partition: partition, Offset: offset}
}

// topicRecords are the records that exist in a topic: a bit for each offset, and the first keys.
type topicRecords struct {
	inputs map[int32]*offsets
	keys   keys
}

func newTopicRecords() topicRecords { return topicRecords{inputs: map[int32]*offsets{}} }

// Input takes a record that exists in the topic.
func (t *topicRecords) Input(r *record.Record) {
	if t.inputs[r.Partition] == nil {
		t.inputs[r.Partition] = &offsets{}
	}
	t.inputs[r.Partition].add(r.Offset)
	t.keys.add(r.Partition, r.Offset, r.Key)
}
