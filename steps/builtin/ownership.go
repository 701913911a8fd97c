package builtin

// Ownership: what an application is given of a topic, as an event.

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// owns counts the partitions that the application has now, by what its group and it have told each other. Not looked
// at: whether the member works on them, and who had them before.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" owns 3 partitions of "orders"
func owns(want steps.Amount, topic string) event {
	return event{countOwned(topic, "owns now", want, endedBy(membership.Owning), onceGiven), awaited(membersOf...)}
}

// wasAssigned counts how often the application was given a partition; one that it keeps through a rebalance counts
// once. Not looked at: which partitions, and for how long they were kept.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" was assigned 3 partitions of "orders"
func wasAssigned(want steps.Amount, topic string) event {
	return event{countOwned(topic, "was assigned", want, func(membership.Ownership) bool { return true }, onceGiven),
		countedOptions(want, membersOf...)}
}

// wasRevoked counts the partitions that the application gave up in rebalances, which its leaving the group is not. None
// shows something only where it owned some while a member joined or left, or something was disturbed. Not looked at:
// whether the work on them was done by then.
//
//	Given topic "orders" with 2 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	And application "second" is the reference "group-consumer" in group "shipping" reading "orders"
//	When "second" owns 1 partition of "orders"
//	Then "first" was revoked 1 partition of "orders"
func wasRevoked(want steps.Amount, topic string) event {
	return event{countOwned(topic, "was revoked", want, endedBy(membership.Released), (*world.Application).CouldLose),
		countedOptions(want, membersOf...)}
}

// lost counts the partitions that the application was told to have lost, since the group had declared it dead. None
// shows something only where it owned some while a member joined or left, or something was disturbed. Not looked at:
// what happened to the work on them.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | heartbeat-interval | 100ms |
//	And the next Heartbeat request from "first" fails with UNKNOWN_MEMBER_ID
//	When "first" owns 1 partition of "orders"
//	Then "first" lost 1 partition of "orders"
func lost(want steps.Amount, topic string) event {
	return event{countOwned(topic, "lost", want, endedBy(membership.Fenced), (*world.Application).CouldLose),
		countedOptions(want, membersOf...)}
}

// reportedAssigned compares what the application says of itself, by the log pattern "assigned", with what its group has
// given it. Not looked at: whether it reported others as well.
//
//	Given topic "orders" with 3 partitions
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	Then "first" reported each partition of "orders" it was assigned
func reportedAssigned(topic string) event {
	return event{ofTopic(topic, sayWhatTheyOwn), claimed(steps.Eventually, steps.With(world.NeedsMembers))}
}

// sayWhatTheyOwn is what reportedAssigned waits for.
func sayWhatTheyOwn(_ context.Context, a *world.Application, topic *world.Topic) error {
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

// left is satisfied when the application has told its group that it leaves, so that its partitions need not wait for
// its session to time out. Only the last of its lives counts. Not looked at: whether the group took notice.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	When application "first" is stopped
//	Then "first" left group "shipping"
func left(group string) event {
	return event{func(ctx context.Context, a *world.Application) error {
		w := world.FromContext(ctx)
		return saidToLeave(w, a, w.Group(group))
	}, claimed(steps.Eventually, steps.With(world.NeedsMembers))}
}

// saidToLeave is what left waits for.
func saidToLeave(w *world.World, a *world.Application, group *world.Group) error {
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

// membersOf are the options of events that are about what an application is given of a topic.
var membersOf = []steps.Option{steps.Marked(isReader), steps.With(world.NeedsMembers)}

// plainly is an amount as it is said of what is counted now: 3 is exactly that.
func plainly(a steps.Amount) string { return strings.TrimPrefix(a.String(), "exactly ") }

// endedBy is true of ownerships that ended so.
func endedBy(end membership.End) func(membership.Ownership) bool {
	return func(o membership.Ownership) bool { return o.End == end }
}

// noneShows is nil where it shows something that an application has no ownership of a kind, given all that it had.
type noneShows func(a *world.Application, t *world.Topic, all []membership.Ownership) error

// onceGiven is for what an application would be given.
func onceGiven(a *world.Application, _ *world.Topic, _ []membership.Ownership) error {
	return a.GivenAnything()
}

// countOwned compares how many of an application's ownerships are of a kind.
func countOwned(topic, what string, want steps.Amount, is func(membership.Ownership) bool, shown noneShows,
) func(context.Context, *world.Application) error {
	return ofTopic(topic, func(_ context.Context, a *world.Application, t *world.Topic) error {
		if err := a.Told(); err != nil {
			return err
		}
		owned, err := a.Owned(t)
		if err != nil {
			return err
		}
		all := owned
		owned = slices.DeleteFunc(slices.Clone(owned), func(o membership.Ownership) bool { return !is(o) })
		got := int64(len(owned))
		switch {
		case want.Holds(got) && got > 0:
			return nil
		case want.Holds(got):
			return shown(a, t, all)
		}
		numbers := make([]int32, len(owned))
		for i, o := range owned {
			numbers[i] = o.Partition
		}
		return a.Odd(fmt.Errorf("application %q %s %s of %q %v, want %s", a.Name, what, words.Counted(got, "partition"),
			t.Name, numbers, plainly(want)))
	})
}
