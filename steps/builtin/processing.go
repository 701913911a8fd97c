package builtin

// The order in which the members of a group work.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// groupProcessedInOrder judges that the applications of the scenario that are in the group together processed the
// records of each key, by their word, in the order of the log and none twice. Records that nobody processed are not
// looked at, nor is the order of a key's records on different partitions. Not looked at: order between keys, and
// records that were never processed.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And these records are in "orders":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	When "first" has caught up with "orders"
//	Then the records of "orders" were processed in group "shipping" in order per key
func groupProcessedInOrder(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return judgeOrder(ctx, topic, group, false)
}

// groupRepeatedInOrder judges the same of applications that process at least once: they may go back to a record that
// was done before, as after a crash, and go on from there in order. Not looked at: order between keys, and records that
// were never processed.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And these records are in "orders":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	When "first" has caught up with "orders"
//	Then the records of "orders" were processed in group "shipping" in order per key, with repeats
func groupRepeatedInOrder(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return judgeOrder(ctx, topic, group, true)
}

func judgeOrder(ctx context.Context, topic *world.Topic, group *world.Group, repeats bool) error {
	earlier, err := group.JudgeEarlier(topic, func(h *membership.History, l *world.Life) (verdict.Result, error) {
		judge := verdict.NewProcessing(topic.Name, repeats)
		err := l.Records(ctx, group, world.However(judge.Input))
		return judge.Result(h), err
	})
	if err != nil {
		return err
	}
	var unread error
	err = group.Judge(topic, func(h *membership.History) verdict.Result {
		// behind the facts: what was processed by then is in the topic
		judge := verdict.NewProcessing(topic.Name, repeats)
		unread = topic.ScanKnown(ctx, judge.Input, world.However(judge.Input))
		return judge.Result(h)
	})
	if unread != nil {
		return unread
	}
	return world.Found(ctx, earlier.With(group.Unheard(err)), topic)
}
