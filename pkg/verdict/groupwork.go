package verdict

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// GroupWork judges that the members of a group together processed every record of a topic exactly once, whatever
// rebalances there were. Work on what is no record of the topic is found as well: an aborted record, a control marker,
// an offset that does not exist.
//
// Where uncommitted work may be repeated, a record may be processed again if that cannot be helped: one of its owners
// died or was declared dead, and it was not committed when the later owner was given its partition. After a graceful
// handover nothing may be processed again, nor after an end with exit code 0.
func GroupWork(h *membership.History, records *Records, uncommitted bool) Result {
	var found collector
	stayed := ""
	h.Partitions() // sorts
	partitions := slices.AppendSeq(slices.Collect(maps.Keys(records.inputs)), maps.Keys(h.Work))
	slices.Sort(partitions)
	for _, partition := range slices.Compact(partitions) {
		existing := valueOf(records.inputs, partition)
		first := map[int64]membership.Work{}
		for _, w := range h.Work[partition] {
			if !existing.has(w.Offset) {
				found.add(records.finding(Unexpected, partition, w.Offset), "processed by %s, though it is not in the topic",
					w.App)
				continue
			}
			if before, again := first[w.Offset]; again {
				stayed = cmp.Or(stayed, repeated(&found, h, records, before, w, uncommitted))
			} else {
				first[w.Offset] = w
			}
		}
		existing.each(func(offset int64) {
			if _, ok := first[offset]; !ok && !records.cleaned.excuses(partition, offset, func() (time.Duration, bool) {
				return passed(h.Commits[partition], offset)
			}) {
				found.add(records.finding(NeverProcessed, partition, offset), "no member of group %s processed it", h.Group)
			}
		})
	}
	judged := records.count()
	if judged > 0 {
		judged += countAll(h.Work)
	}
	return records.cleaned.or(found.pronounce("work of group "+h.Group+" on "+h.Topic, judged,
		"no record was seen in "+h.Topic)).inconclusive(stayed).Unclear(h.UnclearWork, NeverProcessed, Unexpected)
}

// passed is when the group first committed past an offset.
func passed(commits []membership.Commit, offset int64) (at time.Duration, any bool) {
	for _, c := range commits {
		if c.Taken && c.Offset > offset && (!any || c.Sent < at) {
			at, any = c.Sent, true
		}
	}
	return at, any
}

// repeated judges a record that was processed a second time. It says why it cannot tell, where it cannot.
func repeated(found *collector, h *membership.History, records *Records, before, again membership.Work,
	uncommitted bool) (unsure string) {
	all := h.Ownerships[again.Partition]
	earlier, later := holder(all, before.App, before.At), holder(all, again.App, again.At)
	f := records.finding(ProcessedTwice, again.Partition, again.Offset)
	if !uncommitted || earlier < 0 || later < 0 {
		found.add(f, "by %s, and %v later by %s", before.App, shortly(again.At-before.At), again.App)
		return ""
	}
	if earlier > later { // a zombie, which finishes what it had begun
		earlier, later = later, earlier
	}
	offset, any := inForce(h.Commits[again.Partition], all[later].From)
	switch {
	case any && offset > again.Offset:
		found.add(f, "by %s, and by %s, though the group had committed %d when %s was given the partition", before.App,
			again.App, offset, all[later].App)
	case earlier == later:
		found.add(f, "by %s within the time it had the partition", again.App)
	case all[earlier].Stayed:
		return wentOn(&all[earlier])
	case all[earlier].End.Graceful():
		found.add(f, "by %s, which had %s the partition and was free to commit before, and by %s", all[earlier].App,
			all[earlier].End, all[later].App)
	case all[earlier].Closed > 0 && all[earlier].Closed < all[later].From:
		found.add(f, "by %s, which ended with exit code 0 and was free to commit before, and by %s", all[earlier].App,
			all[later].App)
	}
	return ""
}
