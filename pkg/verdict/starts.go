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
// Where the group had committed nothing, or nothing for certain, the beginning is the application's to choose. A commit
// that was on its way when the partition was given counts as well as the one before it, and so does one to which no
// answer came. Commits made past the wire are not known, so groups that are committed for from outside cannot be
// judged.
//
// It is inconclusive while an owner has not begun to read.
func Starts(h *membership.History) Result {
	var found collector
	var judged int64
	waiting := ""
	for _, partition := range h.Partitions() {
		all, commits := h.Ownerships[partition], h.Commits[partition]
		for i, o := range all {
			at := slices.IndexFunc(h.Starts[partition], func(s membership.Start) bool { return holder(all, s.App, s.Sent) == i })
			if at < 0 {
				if o.End == membership.Owning && len(wanted(commits, o, o.From)) > 0 {
					waiting = fmt.Sprintf("%s has not begun to read %s", o.App, place{h.Topic, partition, -1})
				}
				continue
			}
			start := h.Starts[partition][at]
			wants := wanted(commits, o, start.Sent)
			if len(wants) == 0 {
				continue
			}
			judged++
			if !slices.Contains(wants, start.Offset) {
				found.add(Finding{Kind: WrongStart, Topic: h.Topic, Partition: partition, Offset: start.Offset},
					"%s began to read at %d, want %s, where the group had committed", o.App, start.Offset, either(wants))
			}
		}
	}
	result := found.pronounce("beginnings on "+h.Topic+" in group "+h.Group, judged,
		"nobody was given a partition that the group had committed")
	if waiting != "" && result.Outcome != Fail {
		result.Outcome, result.Why = Inconclusive, waiting
	}
	return result
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
