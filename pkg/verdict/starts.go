package verdict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Starts judges that whoever is given a partition begins to read it exactly where
// the group had committed: not before, where records would be processed again,
// and not behind, where records would be lost.
//
// One that is given what it had, as by an eager assignor, may go on with records that came before: then its first read
// is of what follows them, and where it began is told by the first record that it says to have processed.
//
// Where the group had committed nothing, or nothing for certain, the beginning is the application's to choose. A commit
// that was on its way when the partition was given counts as well as the one before it, and so does one to which no
// answer came. Commits made past the wire are not known, so groups that are committed for from outside cannot be
// judged.
//
// It is inconclusive while an owner has not begun to read, unless the history is over and it has processed nothing.
func Starts(h *membership.History) Result {
	b := beginnings{History: h}
	for _, partition := range h.Partitions() {
		for i := range h.Ownerships[partition] {
			b.judge(partition, i)
		}
	}
	nothing := "nobody was given a partition that the group had committed"
	if len(b.open) > 0 {
		nothing += fmt.Sprintf(": of %s, which went from one to another, it had committed nothing; let it commit each "+
			"partition before that", partitionsOf(h.Topic, b.open))
	}
	result := b.found.pronounce("beginnings on "+h.Topic+" in group "+h.Group, b.judged, nothing)
	if b.waiting != "" && result.Outcome != Fail {
		result.Outcome, result.Why, result.Nothing = Inconclusive, b.waiting, false
	}
	return result.Unclear(h.UnclearReads)
}

type beginnings struct {
	*membership.History
	found   collector
	judged  int64
	waiting string  // for what
	open    []int32 // given to another when the group had committed nothing
}

// judge looks at how the i-th ownership of a partition began.
func (b *beginnings) judge(partition int32, i int) {
	all, commits, at := b.Ownerships[partition], b.Commits[partition], place{b.Topic, partition, -1}
	o, starts := all[i], b.Starts[partition]
	again := i > 0 && all[i-1].App == o.App && all[i-1].End == membership.Released
	offset, worked := firstWork(b.Work[partition], o)
	first := slices.IndexFunc(starts, func(s membership.Start) bool { return holder(all, s.App, s.Sent) == i })
	if first < 0 {
		switch wants := wanted(commits, o, o.From); {
		case again && worked && slices.Contains(wants, offset):
			b.judged++ // it had read the partition to its end before
		case o.End == membership.Owning && len(wants) > 0 && (worked || !b.Over):
			b.waiting = fmt.Sprintf("%s has not begun to read %s", o.App, at)
		}
		return
	}
	start := starts[first]
	wants := wanted(commits, o, start.Sent)
	if len(wants) == 0 {
		if i > 0 && !slices.Contains(b.open, partition) {
			b.open = append(b.open, partition)
		}
		return
	}
	if again && holds(start, wants) {
		switch {
		case !worked && o.End == membership.Owning && !b.Over:
			b.waiting = fmt.Sprintf("%s may hold records of %s from before it was given it again, and has processed none since",
				o.App, at)
			return
		case !worked:
			return
		case offset >= slices.Min(wants) && offset < start.Offset:
			b.judged++
			return
		}
	}
	b.judged++
	if !slices.Contains(wants, start.Offset) {
		b.found.add(Finding{Kind: WrongStart, Topic: b.Topic, Partition: partition, Offset: start.Offset},
			"%s began to read at %d, want %s, where the group had committed", o.App, start.Offset, either(wants))
	}
}

// holds tells whether an application that began behind the commit may still hold what stands in between.
func holds(start membership.Start, wants []int64) bool {
	return slices.ContainsFunc(wants, func(want int64) bool {
		return want < start.Offset && want >= start.Offset-start.Held
	})
}

// firstWork is the first record that an owner processed.
func firstWork(work []membership.Work, o membership.Ownership) (offset int64, worked bool) {
	i := slices.IndexFunc(work, func(w membership.Work) bool {
		return w.App == o.App && w.At >= o.From && (o.End == membership.Owning || w.At <= o.To)
	})
	if i < 0 {
		return 0, false
	}
	return work[i].Offset, true
}

// wanted are the offsets that were committed at some moment from the beginning of an ownership to its first fetch.
func wanted(commits []membership.Commit, o membership.Ownership, first time.Duration) []int64 {
	offset, ok := inForce(commits, o.From)
	if !ok {
		return nil // nothing committed, as far as is certain
	}
	wants := []int64{offset}
	for _, c := range commits {
		onItsWay := c.Taken && c.Answered > o.From && c.App != o.App || c.Unknown && !overtaken(commits, c, o.From)
		if onItsWay && c.Sent <= first && !slices.Contains(wants, c.Offset) {
			wants = append(wants, c.Offset)
		}
	}
	return wants
}

// overtaken tells that the group took a later commit by then, so that an unanswered one before it no longer matters.
func overtaken(commits []membership.Commit, c membership.Commit, by time.Duration) bool {
	return slices.ContainsFunc(commits, func(later membership.Commit) bool {
		return later.Taken && later.Sent > c.Sent && later.Answered <= by
	})
}

func either(wants []int64) string {
	texts := make([]string, len(wants))
	for i, w := range wants {
		texts[i] = strconv.FormatInt(w, 10)
	}
	return strings.Join(texts, " or ")
}
