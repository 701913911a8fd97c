package membership

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// skipped are members that began partitions behind records that nobody reads: at the end where the group had committed
// nothing, or past what it had committed. One that came later counts only where work on the topic is logged, and none
// of what stands right before its beginning: others may have done it, and keep their offsets elsewhere.
func skipped(facts []journal.Fact, owned []Ownership, group string) (said []string) {
	s := skips{group: group, start: map[place]int64{}, committed: map[place]int64{}, told: map[place]bool{},
		done: map[place]int64{}, logged: map[string]bool{}, first: map[skip]string{}, count: map[skip]int64{}}
	for i := range facts {
		if f := &facts[i]; isWork(f) {
			s.logged[f.Topic] = true
			s.done[place{f.Topic, f.Partition}] = max(s.done[place{f.Topic, f.Partition}], f.Offset+1)
		}
	}
	for i := range facts {
		s.take(&facts[i], owned)
	}
	for _, by := range slices.SortedFunc(maps.Keys(s.first), func(a, b skip) int {
		return cmp.Or(cmp.Compare(a.app, b.app), cmp.Compare(a.topic, b.topic), cmp.Compare(a.where, b.where))
	}) {
		said = append(said, fmt.Sprintf("%q began %s of %q %s, such as %s", by.app, words.Counted(s.count[by], "partition"),
			by.topic, by.where, s.first[by]))
	}
	return said
}

func isWork(f *journal.Fact) bool {
	return f.Kind == journal.Processed || f.Kind == journal.DeadLettered
}

type skip struct{ app, topic, where string }

// skips finds them in facts, which it takes in their order.
type skips struct {
	group     string
	start     map[place]int64 // of what the scenario is about
	committed map[place]int64 // by the group, as far as is known
	told      map[place]bool  // where to begin: by a commit, or by its first reader
	done      map[place]int64 // behind the last record that anybody has logged to be done with
	logged    map[string]bool // topics of which work is logged
	first     map[skip]string
	count     map[skip]int64
}

func (s *skips) take(f *journal.Fact, owned []Ownership) {
	at := place{f.Topic, f.Partition}
	switch d := f.Detail.(type) {
	case *journal.Layout:
		for p, offset := range d.Began {
			s.start[place{f.Topic, int32(p)}] = offset
		}
	case *journal.Begin:
		if f.Group == s.group && d.Code == 0 && f.Offset >= 0 {
			s.committed[at] = f.Offset
		}
	case *journal.Commit:
		s.told[at] = s.told[at] || f.Group == s.group
		if f.Group == s.group && d.Code == 0 {
			s.committed[at] = f.Offset
		}
	case *journal.Fetch:
		mine := func(o Ownership) bool { return o.App == f.App && o.Topic == at.topic && o.Partition == at.partition }
		if f.Kind == journal.GroupPosition && slices.ContainsFunc(owned, mine) {
			s.begins(f, d, at)
		}
	}
}

// begins takes the first read of a partition by one that was given it.
func (s *skips) begins(f *journal.Fact, d *journal.Fetch, at place) {
	leftOut := s.logged[f.Topic] && d.Held == 0 && s.done[at] < f.Offset
	committed, isKnown := s.committed[at]
	switch {
	case isKnown && leftOut && committed < f.Offset:
		s.add(f, "past what the group had committed", fmt.Sprintf("partition %d at offset %d in place of %d: what stands "+
			"between is not read (look for a seek)", f.Partition, f.Offset, committed))
	case !isKnown && (!s.told[at] || leftOut) && f.Offset == d.HighWatermark && f.Offset > s.start[at]:
		s.add(f, "at the end", fmt.Sprintf("partition %d at offset %d, where the group had committed nothing: what stood "+
			"there before is not read (auto.offset.reset=latest)", f.Partition, f.Offset))
	}
	s.told[at] = true
}

func (s *skips) add(f *journal.Fact, where, example string) {
	by := skip{f.App, f.Topic, where}
	s.first[by] = cmp.Or(s.first[by], example)
	s.count[by]++
}
