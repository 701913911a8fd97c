package verdict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Starts judges that whoever is given a partition begins to read it exactly where
// the group had committed: not before, where records would be processed again,
// and not behind, where records would be lost.
//
// Where the group had committed nothing, or nothing for certain, the beginning is the application's to choose. A commit
// that was on its way when the partition was given counts as well as the one before it, and so does one to which no
// answer came. Commits made past the wire are not known, so groups that are committed for from outside cannot be
// judged.
type Starts struct{ groupHistory }

// NewStarts judges one topic in one group.
func NewStarts(group, topic string) *Starts { return &Starts{newGroupHistory(group, topic)} }

// Result judges what was fed so far. It is inconclusive while an owner has not begun to read.
func (j *Starts) Result() Result {
	var found collector
	var judged int64
	waiting := ""
	for _, partition := range j.partitions() {
		all := j.ownerships[partition]
		for i, o := range all {
			wants := j.wanted(partition, o, o.From)
			at := slices.IndexFunc(j.starts[partition], func(s StartedAt) bool { return of(all, s.App, s.Sent) == i })
			if at < 0 {
				if o.End == Owning && len(wants) > 0 {
					waiting = fmt.Sprintf("%s has not begun to read %s", o.App, place{j.topic, partition, -1})
				}
				continue
			}
			start := j.starts[partition][at]
			if wants = j.wanted(partition, o, start.Sent); len(wants) == 0 {
				continue
			}
			judged++
			if !slices.Contains(wants, start.Offset) {
				found.add(j.finding(WrongStart, partition, start.Offset),
					"%s began to read at %d, want %s, where the group had committed", o.App, start.Offset, either(wants))
			}
		}
	}
	result := found.pronounce("beginnings on "+j.topic+" in group "+j.group, judged,
		"nobody was given a partition that the group had committed")
	if waiting != "" && result.Outcome != Fail {
		result.Outcome, result.Why = Inconclusive, waiting
	}
	return result
}

// wanted are the offsets that were committed at some moment from the beginning of an ownership to its first fetch.
func (j *Starts) wanted(partition int32, o Ownership, first time.Duration) []int64 {
	offset, ok := inForce(j.commits[partition], o.From)
	if !ok {
		return nil // nothing committed, as far as is certain
	}
	wants := []int64{offset}
	for _, c := range j.commits[partition] {
		onItsWay := c.Taken && c.Answered > o.From && c.App != o.App || c.Unknown && !j.overtaken(c, o.From)
		if onItsWay && c.Sent <= first && !slices.Contains(wants, c.Offset) {
			wants = append(wants, c.Offset)
		}
	}
	return wants
}

// overtaken tells that the group took a later commit by then, so that an unanswered one before it no longer matters.
func (j *Starts) overtaken(c GroupCommit, by time.Duration) bool {
	return slices.ContainsFunc(j.commits[c.Partition], func(later GroupCommit) bool {
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
