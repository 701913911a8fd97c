package builtin

// Consumer groups: committed offsets, being caught up, members.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func groupSteps(s *steps.Registry) {
	s.Then("group {group} has committed {position}", hasCommitted, steps.FromJournal)
	s.Then("group {group} has no lag on {topic}", hasNoLag, steps.FromJournal)
	s.Then("group {group} has {amount} member(s)", hasMembers, steps.Claims(steps.Eventually), steps.FromJournal)
}

// groupParts are how far groups have come.
func groupParts(s *steps.Registry) {
	steps.AddPart[position](s, "position", "how far a group has come",
		steps.Form("nothing of {topic}", nothingOf),
		steps.Form("offset {int} of {topic} partition {int}", offsetOf))
}

// position is how far a group has come with a topic.
type position struct {
	topic   string
	reached func(group *world.Group, t *world.Topic, committed []int64) error
	kind    steps.Kind
}

// Options say that a group must have committed nothing in the end, while an offset may go on.
func (p position) Options() []steps.Option { return []steps.Option{steps.Claims(p.kind)} }

// hasCommitted looks at the offsets that the group has committed. Not looked at: who committed it, when, and whether
// the work was done.
//
//	Given topic "orders" with 1 partition
//	And 4 records are in "orders" partition 0
//	When group "shipping" commits offset 3 of "orders" partition 0
//	Then group "shipping" has committed offset 3 of "orders" partition 0
func hasCommitted(ctx context.Context, group *world.Group, want position) error {
	topic, err := world.FromContext(ctx).Present(ctx, want.topic)
	if err != nil {
		return err
	}
	committed, err := group.Committed(ctx, topic)
	if err != nil {
		return err
	}
	return want.reached(group, topic, committed)
}

// hasNoLag waits until the group has committed everything that is in the topic now, whoever its members are. Not looked
// at: whether what was committed was worked on.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When the record "{}" is sent to "orders"
//	Then within 10s group "shipping" has no lag on "orders"
func hasNoLag(ctx context.Context, group *world.Group, topic *world.Topic) error {
	return group.Odd(group.NoLag(ctx, topic))
}

// offsetOf compares the committed offset, which is the next one to be read, of one partition. Not looked at: who
// committed it, when, and whether the work was done.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	Then group "shipping" has committed offset 1 of "orders" partition 0
func offsetOf(want int64, topic string, partition int64) position {
	return position{topic, func(group *world.Group, t *world.Topic, committed []int64) error {
		return atOffset(group, t, partition, want, committed)
	}, steps.Eventually}
}

// atOffset is what offsetOf waits for.
func atOffset(group *world.Group, topic *world.Topic, partition, want int64, committed []int64) error {
	if partition < 0 || partition >= int64(len(committed)) {
		return world.Final(fmt.Errorf("topic %q has %s, so there is no partition %d", topic.Name,
			words.Counted(len(committed), "partition"), partition))
	}
	switch got := committed[partition]; {
	case got == want:
		return nil
	case got < 0:
		return fmt.Errorf("group %q: got no commit of %q partition %d, want offset %d", group.Name, topic.Name, partition,
			want)
	default:
		return fmt.Errorf("group %q: got committed offset %d of %q partition %d, want %d", group.Name, got, topic.Name,
			partition, want)
	}
}

// nothingOf is satisfied while the group has no committed offset on any partition of the topic. Say for how
// long to look. Not looked at: other topics, and positions that were never committed.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	Then for 100ms group "shipping" has committed nothing of "orders"
func nothingOf(topic string) position { return position{topic, noCommit, steps.InTheEnd} }

// noCommit is what nothingOf looks for.
func noCommit(group *world.Group, topic *world.Topic, committed []int64) error {
	if err := group.Told(); err != nil {
		return err
	}
	for p, o := range committed {
		if o >= 0 {
			return world.Final(fmt.Errorf("group %q: got committed offset %d of %q partition %d, want none", group.Name, o,
				topic.Name, p))
		}
	}
	return nil
}

// hasMembers counts the members of a group, whatever their protocol: consumers, a share group or a streams group. Not
// looked at: who they are, and what they are given.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then group "shipping" has 1 member
func hasMembers(ctx context.Context, group *world.Group, want steps.Amount) error {
	if err := group.Told(); err != nil && want.Holds(0) {
		return err
	}
	members, err := group.Members(ctx)
	if err != nil {
		return err
	}
	if !want.Holds(int64(members)) {
		return group.Odd(fmt.Errorf("group %q: got %s, want %s", group.Name, words.Counted(members, "member"),
			plainly(want)))
	}
	return nil
}
