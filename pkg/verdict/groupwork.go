package verdict

import (
	"maps"
	"slices"
)

// GroupWork judges that the members of a group together processed every record of
// a topic exactly once, whatever rebalances there were.
//
// With Uncommitted set a record may be processed again where that cannot be
// helped: one of its owners died or was declared dead, and it was not committed
// when the later owner was given its partition. After a graceful handover
// nothing may be processed again.
type GroupWork struct {
	groupHistory
	topicRecords
	Uncommitted bool
}

// NewGroupWork judges one topic in one group.
func NewGroupWork(group, topic string) *GroupWork {
	return &GroupWork{groupHistory: newGroupHistory(group, topic), topicRecords: newTopicRecords()}
}

// Result judges what was fed so far.
func (j *GroupWork) Result() Result {
	var found collector
	j.partitions() // sorts
	var inputs int64
	for _, partition := range slices.Sorted(maps.Keys(j.inputs)) {
		inputs += j.inputs[partition].count
		first := map[int64]Work{}
		for _, w := range j.works[partition] {
			before, again := first[w.Offset]
			if !again {
				first[w.Offset] = w
				continue
			}
			j.repeated(&found, before, w)
		}
		for _, number := range numbers(j.inputs[partition]) {
			for word, set := range j.inputs[partition].page(number) {
				each(number, word, set, func(offset int64) {
					if _, ok := first[offset]; !ok {
						found.add(j.keys.name(j.finding(NeverProcessed, partition, offset), offset), "no member of group %s processed it",
							j.group)
					}
				})
			}
		}
	}
	judge := "work of group " + j.group + " on " + j.topic
	if inputs == 0 {
		return found.pronounce(judge, 0, "no record was seen in "+j.topic)
	}
	return found.pronounce(judge, inputs+j.counts.works, "")
}

// repeated judges a record that was processed a second time.
func (j *GroupWork) repeated(found *collector, before, again Work) {
	all := j.ownerships[again.Partition]
	earlier, later := of(all, before.App, before.At), of(all, again.App, again.At)
	f := j.keys.name(j.finding(ProcessedTwice, again.Partition, again.Offset), again.Offset)
	if !j.Uncommitted || earlier < 0 || later < 0 {
		found.add(f, "by %s, and %v later by %s", before.App, again.At-before.At, again.App)
		return
	}
	if earlier > later { // a zombie, which finishes what it had begun
		earlier, later = later, earlier
	}
	offset, any := inForce(j.commits[again.Partition], all[later].From)
	switch {
	case any && offset > again.Offset:
		found.add(f, "by %s, and by %s, though the group had committed %d when %s was given the partition", before.App,
			again.App, offset, all[later].App)
	case earlier == later:
		found.add(f, "by %s within the time it had the partition", again.App)
	case all[earlier].End.graceful():
		found.add(f, "by %s, which had %s the partition and was free to commit before, and by %s", all[earlier].App,
			all[earlier].End, all[later].App)
	}
}
