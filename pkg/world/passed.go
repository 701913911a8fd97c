package world

// When the readers of a topic had committed past its records: what was in the log then was there to be read, whatever
// compaction took since.

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Passed tells when groups had committed past the records of a topic: of each group its commits that went further than
// all before. The zero value: that is not known.
type Passed []map[int32][]membership.Commit

// Passed is when the group had.
func (g *Group) Passed(t *Topic) Passed {
	furthest := map[int32][]membership.Commit{}
	for p, all := range g.history(t).Commits {
		all = slices.DeleteFunc(slices.Clone(all), func(c membership.Commit) bool { return !c.Taken })
		slices.SortStableFunc(all, func(a, b membership.Commit) int { return cmp.Compare(a.Sent, b.Sent) })
		for _, c := range all {
			if n := len(furthest[p]); n == 0 || furthest[p][n-1].Offset < c.Offset {
				furthest[p] = append(furthest[p], c)
			}
		}
	}
	return Passed{furthest}
}

// Passed is when the groups of all applications that are declared to read the topic had. It is not known where one of
// them is in no group.
func (t *Topic) Passed() (passed Passed) {
	t.world.mu.Lock()
	groups, unknown := map[string]bool{}, false
	for _, a := range t.world.applications {
		if slices.Contains(a.Inputs, t.Name) {
			groups[a.Group] = true
			unknown = unknown || a.Group == ""
		}
	}
	t.world.mu.Unlock()
	if unknown {
		return nil
	}
	for name := range groups {
		passed = append(passed, t.world.Group(name).Passed(t)...)
	}
	return passed
}

// of is when the last of the groups committed past a record; false where that is not known of all.
func (p Passed) of(partition int32, offset int64) (at time.Duration, known bool) {
	for _, group := range p {
		all := group[partition]
		i := sort.Search(len(all), func(i int) bool { return all[i].Offset > offset })
		if i == len(all) {
			return 0, false
		}
		at = max(at, all[i].Sent)
	}
	return at, len(p) > 0
}

// leftOf gives what is known of a record that is gone: compaction has not kept anybody from reading what was in the log
// when it was passed. When that was is found out once, and only if compaction may have taken a record.
func leftOf(passed func() Passed) func(*record.Record, verdict.Cleaned) verdict.Cleaned {
	passed = sync.OnceValue(passed)
	return func(r *record.Record, how verdict.Cleaned) verdict.Cleaned {
		if !how.May && !how.Unsure {
			return how
		}
		if at, known := passed().of(r.Partition, r.Offset); known && at < how.Until {
			return verdict.Cleaned{Until: how.Until}
		}
		return how
	}
}

// UnlessPassed hands on records that are gone, those that were in the log when they were passed as none that compaction
// took unread.
func UnlessPassed(passed func() Passed,
	gone func(*record.Record, verdict.Cleaned)) func(*record.Record, verdict.Cleaned) {
	left := leftOf(passed)
	return func(r *record.Record, how verdict.Cleaned) { gone(r, left(r, how)) }
}

// history is all that is known of the group and a topic.
func (g *Group) history(t *Topic) *membership.History {
	facts := g.world.Journal.Select(func(f *journal.Fact) bool {
		return g.concerns(f, t) && !g.world.Earlier(f)
	})
	return membership.Of(facts, g.Name, t.Name, g.Has)
}
