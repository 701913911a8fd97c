package builtin

// Rebalances: who owned which partition of a topic in a consumer group and how it changed hands, judged on what members
// and the cluster said to each other, for clients in any language. What was processed is known from log lines.

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func rebalanceSteps(s *steps.Registry) {
	s.Then("each new owner in group {group} started where the group had committed on {topic}", startedAtCommit,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("every partition of {topic} that was given up in group {group} was committed before", committedBefore,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("every record of {topic} was processed in group {group} exactly once", groupProcessedOnce,
		steps.Claims(steps.InTheEnd), steps.With(world.NeedsMembers))
	s.Then("every record of {topic} was processed in group {group}, twice only if it was not committed at a crash",
		groupProcessedAfterCrash, steps.With(world.NeedsMembers))
	s.Then("no partition of {topic} had two owners in group {group}", neverTwoOwners, steps.Claims(steps.Always),
		steps.With(world.NeedsMembers))
	s.Then("no partition of {topic} was committed in group {group} by one that no longer owned it", onlyOwnersCommit,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("only partitions of {topic} that moved were revoked in group {group}", onlyMovedRevoked,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("the records of {topic} were processed in group {group} in order per key", groupProcessedInOrder,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("the records of {topic} were processed in group {group} in order per key, with repeats", groupRepeatedInOrder,
		steps.Claims(steps.Always), steps.With(world.NeedsMembers))
	s.Then("{app} left group {group}", leftGroup, steps.With(world.NeedsMembers))
	s.Then("{app} lost {int} partition(s) of {topic}", lostPartitions, steps.Claims(steps.InTheEnd),
		steps.Marked(isReader), steps.With(world.NeedsMembers))
	s.Then("{app} read {topic} without skipping records or going back", readOnAndOn, steps.Claims(steps.Always),
		steps.With(world.NeedsReads))
	s.Then("{app} reported each partition of {topic} it was assigned", reportedAssigned, steps.With(world.NeedsMembers))
	s.Then("{app} was assigned {int} partition(s) of {topic}", wasAssigned, steps.Claims(steps.InTheEnd),
		steps.Marked(isReader), steps.With(world.NeedsMembers))
	s.Then("{app} was revoked {int} partition(s) of {topic}", wasRevoked, steps.Claims(steps.InTheEnd),
		steps.Marked(isReader), steps.With(world.NeedsMembers))
	s.Step("{app} owns {int} partition(s) of {topic}", owns, steps.Awaited, steps.Marked(isReader),
		steps.With(world.NeedsMembers))
}

// neverTwoOwners judges that no partition was given to a member while another one still had it. A member that the group
// had declared dead, and that did not know yet, is none.
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
// joined again.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "first" has caught up with "orders"
//	Then no partition of "orders" was committed in group "shipping" by one that no longer owned it
func onlyOwnersCommit(ctx context.Context, topic *world.Topic, group *world.Group) error {
	return group.Judge(topic, verdict.OwnCommits)
}

// committedBefore judges each handover: who gave a partition up, in a rebalance or by leaving, had committed behind the
// last record it had processed, and no owner committed past a record that it never processed.
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
	return group.JudgeWork(ctx, topic, verdict.Handovers)
}

// startedAtCommit judges that whoever was given a partition began to read it exactly where the group had committed.
// Where it had committed nothing, the beginning is the application's choice.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And 10 records are in "orders" partition 0
//	When "first" has caught up with "orders"
//	And application "first" is restarted
//	Then each new owner in group "shipping" started where the group had committed on "orders"
func startedAtCommit(ctx context.Context, group *world.Group, topic *world.Topic) error {
	return group.Judge(topic, verdict.Starts)
}

// onlyMovedRevoked judges that rebalances interrupted only partitions that got another owner, as the cooperative
// assignors and KIP-848 promise. Eager assignors revoke all.
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
// as processed once, as they can when partitions are handed over gracefully.
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

// groupProcessedAfterCrash judges that each record was processed, and again only where that cannot be helped: its owner
// died, or was declared dead, before it was committed.
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

// leftGroup is satisfied when the application has told its group that it leaves, so that its partitions need not wait
// for its session to time out. Only the last of its lives counts.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	When application "first" is stopped
//	Then "first" left group "shipping"
func leftGroup(ctx context.Context, a *world.Application, group *world.Group) error {
	w := world.FromContext(ctx)
	said := w.Journal.Select(func(f *journal.Fact) bool {
		_, says := f.Detail.(*journal.Membership)
		return f.App == a.Name && f.Group == group.Name && says && f.Kind != journal.GroupHeartbeat
	})
	if len(said) > 0 && said[len(said)-1].Kind == journal.GroupLeft {
		return nil
	}
	err := fmt.Errorf("application %q: got no request to leave group %q, want one when it stops: its partitions wait for "+
		"its session to time out", a.Name, group.Name)
	if a.Alive() != nil {
		return world.Final(err)
	}
	return err
}

// owns counts the partitions that the application has now, by what its group and it have told each other.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" owns 3 partitions of "orders"
func owns(ctx context.Context, a *world.Application, want int64, topic *world.Topic) error {
	return countOwned(a, topic, "owns now", want,
		func(o membership.Ownership) bool { return o.End == membership.Owning })
}

// wasAssigned counts how often the application was given a partition; one that it keeps through a rebalance counts
// once.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" was assigned 3 partitions of "orders"
func wasAssigned(ctx context.Context, a *world.Application, want int64, topic *world.Topic) error {
	return countOwned(a, topic, "was assigned", want, func(membership.Ownership) bool { return true })
}

// wasRevoked counts the partitions that the application gave up in rebalances, which its leaving the group is not.
//
//	Given topic "orders" with 2 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
//	When "second" owns 1 partition of "orders"
//	Then "first" was revoked 1 partition of "orders"
func wasRevoked(ctx context.Context, a *world.Application, want int64, topic *world.Topic) error {
	return countOwned(a, topic, "was revoked", want,
		func(o membership.Ownership) bool { return o.End == membership.Released })
}

// lostPartitions counts the partitions that the application was told to have lost, since the group had declared it
// dead.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | heartbeat-interval | 100ms |
//	And the next 1 Heartbeat request from "first" fail with UNKNOWN_MEMBER_ID
//	When "first" owns 1 partition of "orders"
//	Then "first" lost 1 partition of "orders"
func lostPartitions(ctx context.Context, a *world.Application, want int64, topic *world.Topic) error {
	return countOwned(a, topic, "lost", want,
		func(o membership.Ownership) bool { return o.End == membership.Fenced })
}

// reportedAssigned compares what the application says of itself, by the log pattern "assigned", with what its group has
// given it.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" reported each partition of "orders" it was assigned
func reportedAssigned(ctx context.Context, a *world.Application, topic *world.Topic) error {
	owned, err := a.Owned(topic)
	if err != nil {
		return err
	}
	if len(owned) == 0 {
		return fmt.Errorf("application %q was assigned no partition of %q", a.Name, topic.Name)
	}
	reported := map[int32]bool{}
	for _, f := range a.Facts(journal.Assigned) {
		if f.Topic == topic.Name {
			for _, p := range f.Fields().Partitions() {
				reported[p] = true
			}
		}
	}
	for _, o := range owned {
		if !reported[o.Partition] {
			return fmt.Errorf("application %q was assigned partition %d of %q, and no line of its log says so", a.Name,
				o.Partition, topic.Name)
		}
	}
	return nil
}

// countOwned compares how many of an application's ownerships are of a kind.
func countOwned(a *world.Application, topic *world.Topic, what string, want int64,
	is func(membership.Ownership) bool) error {
	if err := a.Told(); err != nil {
		return err
	}
	owned, err := a.Owned(topic)
	if err != nil {
		return err
	}
	owned = slices.DeleteFunc(owned, func(o membership.Ownership) bool { return !is(o) })
	if got := int64(len(owned)); got != want {
		numbers := make([]int32, len(owned))
		for i, o := range owned {
			numbers[i] = o.Partition
		}
		return a.Odd(fmt.Errorf("application %q %s %s of %q %v, want %d", a.Name, what, words.Counted(got, "partition"),
			topic.Name, numbers, want))
	}
	return nil
}
