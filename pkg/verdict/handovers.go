package verdict

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// tenure is an ownership with what was done in it.
type tenure struct {
	membership.Ownership
	done      offsets
	behind    int64 // the last record done
	begun     bool  // work on a record was begun, or a commit sent
	start     int64 // -1 = not known
	committed int64 // -1 = nothing
	sent      time.Duration
}

// Handovers judges what owners of a topic's partitions in a group leave to those
// who come after them.
//
// Revoked without commit: an owner gave a partition up, in a rebalance or when it
// left, and had not committed behind the last record it had finished: that record
// is processed again. Commit ahead: the last commit of an ownership that has
// ended passed a record which that owner never finished: nobody will. A record that
// it logged to have set aside is finished too.
//
// Applications must tell of their work; of one that never does, nothing can be said. Nor can it of one that gives up a
// partition of which it has finished nothing: it had nothing to commit.
func Handovers(h *membership.History, records *Records) Result {
	var found collector
	var judged int64
	stayed := ""
	var idle untouched
	reporting, silent := map[string]bool{}, map[string]bool{}
	for _, done := range []map[int32][]membership.Work{h.Work, h.SetAside} {
		for _, all := range done {
			for _, w := range all {
				reporting[w.App] = true
			}
		}
	}
	for _, partition := range h.Partitions() {
		for _, t := range tenures(h, partition) {
			switch {
			case t.End == membership.Owning:
				continue
			case !reporting[t.App]:
				if t.End.Graceful() {
					idle.add(&t, partition)
				}
				if t.committed > max(t.start, 0) {
					silent[t.App] = true
				}
				continue
			case t.End.Graceful() && t.done.count == 0 && t.committed <= max(t.start, 0):
				idle.add(&t, partition)
			case t.End.Graceful():
				judged++
				if uncommitted := t.done.count > 0 && t.committed < t.behind; uncommitted && t.Stayed {
					stayed = cmp.Or(stayed, wentOn(&t.Ownership))
				} else if uncommitted {
					found.add(records.finding(RevokedUncommitted, partition, max(t.committed, t.start, 0)),
						"%s %s it with the records before %d processed, and %s", t.App, t.End, t.behind, committedText(t.committed))
				}
			}
			t.ahead(&found, partition, records)
		}
	}
	if len(silent) > 0 {
		result := found.pronounce(inGroup("handovers", h), 0, "no line of "+strings.Join(slices.Sorted(maps.Keys(silent)),
			", ")+" says what it processed or set aside; give it a log pattern \"processed\"")
		result.Nothing = false
		return result
	}
	nothing := "no partition was given up in a rebalance or by a member that left"
	if idle.app != "" {
		nothing = "no partition was given up by an application that had processed a record of it: " + idle.text(h.Topic)
	}
	result := records.cleaned.or(found.pronounce(inGroup("handovers", h), judged, nothing))
	return result.inconclusive(stayed).Unclear(cmp.Or(h.UnclearWork, h.UnclearReads))
}

// ahead finds the records that an owner committed and never finished.
func (t *tenure) ahead(found *collector, partition int32, records *Records) {
	inputs := records.inputs[partition]
	if inputs == nil || t.start < 0 {
		return
	}
	var passed several
	for o := t.start; o < t.committed; o++ {
		if inputs.has(o) && !t.done.has(o) && !records.cleaned.excusesCommit(partition, o, t.sent) {
			passed.add(o)
		}
	}
	if passed.count > 0 {
		f := records.finding(CommitAhead, partition, passed.first[0])
		f.Count = passed.count
		found.add(f, "%s committed %d, and never processed this record%s", t.App, t.committed, passed.more())
	}
}

// tenures puts together what was done in each ownership of a partition.
func tenures(h *membership.History, partition int32) []tenure {
	all := h.Ownerships[partition]
	tenures := make([]tenure, len(all))
	for i, o := range all {
		tenures[i] = tenure{Ownership: o, start: -1, committed: -1}
	}
	for _, w := range slices.Concat(h.Work[partition], h.SetAside[partition]) {
		if i := holder(all, w.App, w.At); i >= 0 {
			tenures[i].done.add(w.Offset)
			tenures[i].behind = max(tenures[i].behind, w.Offset+1)
		}
	}
	for _, w := range h.Begun[partition] {
		if i := holder(all, w.App, w.At); i >= 0 {
			tenures[i].begun = true
		}
	}
	for _, s := range h.Starts[partition] {
		if i := holder(all, s.App, s.Sent); i >= 0 && tenures[i].start < 0 {
			tenures[i].start = s.Offset
		}
	}
	for _, c := range h.Commits[partition] {
		i := holder(all, c.App, c.Sent)
		if i < 0 {
			continue
		}
		tenures[i].begun = true
		if c.Taken && (all[i].To == 0 || c.Sent <= all[i].To) {
			tenures[i].committed, tenures[i].sent = c.Offset, c.Sent
		}
	}
	return tenures
}

func committedText(offset int64) string {
	if offset < 0 {
		return "nothing committed"
	}
	return "committed " + strconv.FormatInt(offset, 10)
}
