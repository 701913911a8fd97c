package verdict

import (
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// holder returns which ownership an application's deed at a moment belongs to: the last one that it had begun by then.
// -1: none.
func holder(all []membership.Ownership, app string, at time.Duration) int {
	found := -1
	for i, o := range all {
		if o.App == app && o.From <= at {
			found = i
		}
	}
	return found
}

// wentOn says why it is not known whether who left was free to commit before.
func wentOn(o *membership.Ownership) string {
	return fmt.Sprintf("%s left the group and kept its connection, as a client does whose application has not polled "+
		"within max.poll.interval.ms: whether it was free to commit before is not known; let it poll in time, or close its "+
		"consumer", o.App)
}

// inForce returns the offset the group had committed at a moment; false for none.
func inForce(commits []membership.Commit, at time.Duration) (int64, bool) {
	offset, last, any := int64(0), time.Duration(0), false
	for _, c := range commits {
		if c.Taken && c.Answered <= at && (!any || c.Answered >= last) {
			offset, last, any = c.Offset, c.Answered, true
		}
	}
	return offset, any
}

// inGroup is what is judged of a group, as a sentence's beginning: "owners of orders in group shipping".
func inGroup(what string, h *membership.History) string {
	return what + " of " + h.Topic + " in group " + h.Group
}

// countAll counts what a history has of a kind.
func countAll[T any](by map[int32][]T) (n int64) {
	for _, all := range by {
		n += int64(len(all))
	}
	return n
}

// Records are those that exist in a topic: a bit for each offset, and the first keys.
type Records struct {
	topic   string
	inputs  map[int32]*offsets
	keys    keys
	cleaned cleaned
}

// NewRecords is about one topic.
func NewRecords(topic string) *Records { return &Records{topic: topic, inputs: map[int32]*offsets{}} }

// Input takes a record that exists in the topic.
func (t *Records) Input(r *record.Record) {
	valueOf(t.inputs, r.Partition).add(r.Offset)
	t.keys.add(r.Partition, r.Offset, r.Key)
}

// Gone takes a record that was in the topic, and that retention, deletion or compaction took from the log since.
func (t *Records) Gone(r *record.Record, how Cleaned) {
	t.cleaned.add(r.Partition, r.Offset, how)
	t.keys.lost(r.Partition, r.Offset)
	t.Input(r)
}

// count is how many records there are, without those that were excused.
func (t *Records) count() (n int64) {
	for _, inputs := range t.inputs {
		n += inputs.count
	}
	return n - t.cleaned.count
}

// finding is one at a record.
func (t *Records) finding(kind string, partition int32, offset int64) Finding {
	return t.keys.name(Finding{Kind: kind, Topic: t.topic, Partition: partition, Offset: offset}, offset)
}
