package builtin

// Rebalances: who owned which partition of a topic in a consumer group and how it changed hands, judged on what members
// and the cluster said to each other, for clients in any language. What was processed is known from log lines.

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func rebalanceSteps(s *steps.Registry) {
	s.Then("each new owner in group {group} started where the group had committed on {topic}", startedAtCommit,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("every partition of {topic} that was given up in group {group} was committed before", committedBefore,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("every record of {topic} was processed in group {group} exactly once", groupProcessedOnce,
		steps.Claims(steps.InTheEnd), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("every record of {topic} was processed in group {group}, twice only if it was not committed at a crash",
		groupProcessedAfterCrash, steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("no partition of {topic} had two owners in group {group}", neverTwoOwners, steps.Claims(steps.Always),
		steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("no partition of {topic} was committed in group {group} by one that no longer owned it", onlyOwnersCommit,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("only partitions of {topic} that moved were revoked in group {group}", onlyMovedRevoked,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("the records of {topic} were processed in group {group} in order per key", groupProcessedInOrder,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("the records of {topic} were processed in group {group} in order per key, with repeats", groupRepeatedInOrder,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers), steps.FromJournal)
	s.Then("{app} read {topic} without skipping records or going back", readOnAndOn, steps.Claims(steps.Always),
		steps.With(world.NeedsReads), steps.FromJournal)
}

// neverTwoOwners judges that no partition was given to a member while another one still had it. A member that the group
// had declared dead, and that did not know yet, is none. Not looked at: partitions that nobody had, and who reads one
// by assigning it to itself (assign), beside its owner: what that leads to is found by: every record of … was processed
// in group … exactly once.
//
//	Given topic "orders" with 2 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
//	When "first" owns 1 partition of "orders"
//	Then no partition of "orders" had two owners in group "shipping"
func neverTwoOwners(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.Judge(topic, verdict.Owners)
}

// onlyOwnersCommit judges that nobody committed a partition after having given it up, or after having lost it and
// joined again. It is inconclusive while nobody has given up or lost a partition of which it had processed or committed
// anything: nothing was there to commit too late. Not looked at: how far was committed.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "first" has caught up with "orders"
//	And application "first" is stopped
//	Then no partition of "orders" was committed in group "shipping" by one that no longer owned it
func onlyOwnersCommit(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.JudgeAlways(topic, verdict.OwnCommits)
}

// committedBefore judges each handover: who gave a partition up, in a rebalance or by leaving, had committed behind the
// last record it had processed or logged to have dead-lettered, and no owner committed past a record of which it logged
// neither. It is inconclusive while nobody has given up a partition of which it had processed anything. Not looked at:
// order, and what later owners did.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And 10 records are in "orders" partition 0
//	When "first" has caught up with "orders"
//	And application "first" is stopped
//	Then every partition of "orders" that was given up in group "shipping" was committed before
func committedBefore(ctx context.Context, topic *world.Topic, group *world.Group) error {
	if err := group.Consumes(); err != nil {
		return err
	}
	return group.JudgeWorkAlways(ctx, topic, verdict.Handovers)
}

// startedAtCommit judges that whoever was given a partition began to read it exactly where the group had committed.
// Where it had committed nothing, the beginning is the application's choice. Not looked at: whether what was read was
// worked on.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And 10 records are in "orders" partition 0
//	When "first" has caught up with "orders"
//	And application "first" is restarted
//	Then each new owner in group "shipping" started where the group had committed on "orders"
func startedAtCommit(ctx context.Context, group *world.Group, topic *world.Topic) error {
	return group.JudgeAlways(topic, verdict.Starts)
}

// onlyMovedRevoked judges that rebalances interrupted only partitions that got another owner, as the cooperative
// assignors and KIP-848 promise. Eager assignors revoke all. Not looked at: whether partitions are shared out evenly.
//
//	Given topic "orders" with 2 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
//	When "first" owns 1 partition of "orders"
//	Then only partitions of "orders" that moved were revoked in group "shipping"
func onlyMovedRevoked(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.Judge(topic, verdict.Moves)
}

// groupProcessedOnce judges that the applications of the scenario that are in the group together reported each record
// as processed once, as they can when partitions are handed over gracefully. An application that
// reads the topic in other groups too, or by a consumer that is no member, must say in its lines for which group a
// record was processed; else it is inconclusive (docs/applications.md). Not looked at: order, and who processed a
// record.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And 10 records are in "orders" partition 0
//	When "first" has caught up with "orders"
//	Then every record of "orders" was processed in group "shipping" exactly once
func groupProcessedOnce(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.JudgeWork(ctx, topic,
		func(h *membership.History, r *verdict.Records) verdict.Result { return verdict.GroupWork(h, r, false) })
}

// groupProcessedAfterCrash judges that each record was processed, and again only where that cannot be helped: its
// owner died, or was declared dead, before it was committed. One that ended with exit code 0 was free to commit. One
// whose client left the group since it did not poll in time (max.poll.interval.ms) was declared dead, where the client
// says so, as Java's do; others leave as one that is closed does, but keep their connection, and as long as they do it
// is inconclusive. Not looked at: order, and who processed a record.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | session-timeout    | 1s    |
//	  | heartbeat-interval | 100ms |
//	And 10 records are in "orders" partition 0
//	When "first" has processed at least 1 record
//	And application "first" is killed
//	And application "first" is restarted
//	And "first" has caught up with "orders"
//	Then every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash
func groupProcessedAfterCrash(ctx context.Context, topic *world.Topic, group *world.Group) error {
	if err := group.Consumes(); err != nil {
		return err
	}
	return group.JudgeWork(ctx, topic,
		func(h *membership.History, r *verdict.Records) verdict.Result { return verdict.GroupWork(h, r, true) })
}
