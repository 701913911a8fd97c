package membership

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// History is what is known of one topic in one group, by partition and in order of time.
//
// Memory: what it holds. Work is a fact for each record, so it is for the thousands of records of a scenario and not
// for the millions of a benchmark.
type History struct {
	Group, Topic string
	Ownerships   map[int32][]Ownership
	Commits      map[int32][]Commit
	Starts       map[int32][]Start
	Work         map[int32][]Work
	SetAside     map[int32][]Work // records that an application logged to have dead-lettered
	Begun        map[int32][]Work // records that an application logged to work on, or to try again
	// UnclearWork and UnclearReads say why it is not known whether some work, and what members read, was of the group:
	// an application reads the topic by other ways as well. They are empty where it is known.
	UnclearWork, UnclearReads string
	Over                      bool // the topic was deleted: nobody begins to read it any more
}

// Commit is a commit of one partition: Offset is the next one to read.
type Commit struct {
	App, Member    string
	Partition      int32
	Offset         int64
	Sent, Answered time.Duration
	Taken          bool // the group has answered that it is in force; in a transaction: once that is committed
	Unknown        bool // no answer came, as when the member was killed, or its transaction is open: it may be in force
}

// Start is where an application began to read a partition it was given.
type Start struct {
	App       string
	Partition int32
	Offset    int64
	Held      int64 // so many offsets below it had come before the partition was given
	Sent      time.Duration
}

// Work is a record that an application finished.
type Work struct {
	App       string
	Partition int32
	Offset    int64
	At        time.Duration
}

// New returns an empty history.
func New(group, topic string) *History {
	return &History{
		Group: group, Topic: topic, Ownerships: map[int32][]Ownership{}, Commits: map[int32][]Commit{},
		Starts: map[int32][]Start{}, Work: map[int32][]Work{}, SetAside: map[int32][]Work{},
		Begun: map[int32][]Work{},
	}
}

// Of puts together what facts tell of a topic in a group. Member tells whether an application is in the group: of what
// it does no fact names a group.
func Of(facts []journal.Fact, group, topic string, member func(app string) bool) *History {
	h, readers := New(group, topic), ReadersOf(facts, topic)
	for _, o := range Ownerships(facts, group) {
		if o.Topic == topic {
			o.Closed = closed(facts, &o)
			h.Owned(o)
		}
	}
	open := transactions{}
	for i := range facts {
		f := &facts[i]
		if d, ok := f.Detail.(*journal.Transaction); ok {
			open.ended(h, f, d)
		}
		if f.Topic != topic {
			continue
		}
		switch f.Kind {
		case journal.GroupCommit:
			if c, ok := CommitOf(f); ok && f.Group == group {
				open.committed(h, f, c)
			}
		case journal.GroupPosition:
			if member(f.App) && f.Request != nil {
				h.began(f)
				h.UnclearReads = cmp.Or(h.UnclearReads, readers.UnclearReads(f.App, group))
			}
		case journal.Processed, journal.DeadLettered:
			w := Work{App: f.App, Partition: f.Partition, Offset: f.Offset, At: f.At}
			switch {
			case !readers.Works(f, group, member):
				continue
			case f.Kind == journal.Processed:
				h.Worked(w)
			default:
				h.SetAside[f.Partition] = append(h.SetAside[f.Partition], w)
			}
			h.UnclearWork = cmp.Or(h.UnclearWork, readers.Unclear(f, group, member))
		case journal.Processing, journal.Retried:
			if readers.Works(f, group, member) {
				h.Begun[f.Partition] = append(h.Begun[f.Partition],
					Work{App: f.App, Partition: f.Partition, Offset: f.Offset, At: f.At})
			}
		}
	}
	return h
}

// began adds where an application began to read. One that begins anew had not begun where it seemed to before.
func (h *History) began(f *journal.Fact) {
	start := Start{App: f.App, Partition: f.Partition, Offset: f.Offset, Sent: f.Request.Sent}
	if d, ok := f.Detail.(*journal.Fetch); ok {
		start.Held = d.Held
		all := h.Starts[f.Partition]
		for i := len(all) - 1; i >= 0 && d.Anew; i-- {
			if all[i].App == f.App {
				h.Starts[f.Partition] = slices.Delete(all, i, i+1)
				break
			}
		}
	}
	h.Started(start)
}

// closed is when the application of an owner ended with exit code 0 though nobody had taken the partition from it: it
// had time to commit, whether it left the group or not. It is 0 of others, and where a fault met the application or the
// cluster before.
func closed(facts []journal.Fact, o *Ownership) time.Duration {
	if o.End != Owning && o.End != Replaced {
		return 0
	}
	for i := range facts {
		f := &facts[i]
		switch {
		case f.At <= o.From || f.App != o.App && f.App != "":
		case f.Kind == journal.FaultFired, f.Kind == journal.Killed, f.Kind == journal.Paused:
			return 0
		case f.Kind == journal.Exited && f.App == o.App:
			if f.Fields()["code"] == "0" {
				return f.At
			}
			return 0
		}
	}
	return 0
}

// CommitOf reads a commit from its fact; false for another fact.
func CommitOf(f *journal.Fact) (Commit, bool) {
	c, ok := f.Detail.(*journal.Commit)
	switch {
	case ok && f.Source == journal.SourceKafkaspec: // a step has moved the group
		return Commit{Partition: f.Partition, Offset: f.Offset, Sent: f.At, Answered: f.At, Taken: true}, true
	case !ok || f.Request == nil:
		return Commit{}, false
	}
	return Commit{
		App: f.App, Member: c.Member, Partition: f.Partition, Offset: f.Offset, Sent: f.Request.Sent,
		Answered: f.Request.Answered, Taken: f.Error == "", Unknown: f.Request.Outcome == journal.Cut,
	}, true
}

// Owned adds an ownership, in any order as all that is added.
func (h *History) Owned(o Ownership) {
	h.Ownerships[o.Partition] = append(h.Ownerships[o.Partition], o)
}

// Committed adds a commit.
func (h *History) Committed(c Commit) { h.Commits[c.Partition] = append(h.Commits[c.Partition], c) }

// Started adds where an application began to read.
func (h *History) Started(s Start) { h.Starts[s.Partition] = append(h.Starts[s.Partition], s) }

// Worked adds that an application finished a record.
func (h *History) Worked(w Work) { h.Work[w.Partition] = append(h.Work[w.Partition], w) }

// Partitions are those somebody owned, in order. Everything is sorted by time then.
func (h *History) Partitions() []int32 {
	inTime(h.Ownerships, func(o Ownership) time.Duration { return o.From })
	inTime(h.Commits, func(c Commit) time.Duration { return c.Sent })
	inTime(h.Starts, func(s Start) time.Duration { return s.Sent })
	inTime(h.Work, func(w Work) time.Duration { return w.At })
	return slices.Sorted(maps.Keys(h.Ownerships))
}

func inTime[T any](by map[int32][]T, at func(T) time.Duration) {
	for _, all := range by {
		slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(at(a), at(b)) })
	}
}
