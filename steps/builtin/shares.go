package builtin

// Share groups (KIP-932): what their members were given and said of it, judged on what they and the cluster said to
// each other, for clients in any language. What was processed is known from log lines.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func shareSteps(s *steps.Registry) {
	s.Then("every record of {topic} was settled once in share group {group}", settledOnce, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsMembers), steps.FromJournal)
}

// settledOnce judges the ledger of a share group: every record was worked on by one member at a time, was delivered
// within the group's limit, and was accepted once, after its work, or rejected once. A record that is released, or
// whose lock has run out, may be worked on again, once for each time that it is given. An accepted record needs a line
// that says it was processed, or set aside. Not looked at: in which order records were worked on, and by which member.
//
//	Given topic "orders" with 1 partition
//	And application "worker" is the reference "share-worker" in group "workers" reading "orders"
//	And the record "{}" is in "orders"
//	Then every record of "orders" was settled once in share group "workers"
func settledOnce(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.JudgeShares(ctx, topic)
}
