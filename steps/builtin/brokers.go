package builtin

// Brokers: how many a scenario needs, ending and pausing them, moving leaders and coordinators between them. Where a
// cluster cannot do that, the scenario is not applicable. A scenario that does something to brokers or coordinators,
// which others on the cluster would feel, is tagged @exclusive.

import (
	"context"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func brokerSteps(s *steps.Registry) {
	s.Given("a cluster of at least {int} broker(s)", clusterOfAtLeast, steps.With(needsBrokers))
	s.Step("the coordinator of group {group} moves( to another broker)", coordinatorMoves,
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("the leader of {topic} partition {int} moves to {destination}", leaderMoves, steps.Marked(steps.Disturbs))
	s.Step("{broker} is {change}", brokerIs, steps.With(world.ControlsBrokers),
		steps.Marked(steps.Alone, steps.Disturbs))
}

// brokerParts are what brokers are called by.
func brokerParts(s *steps.Registry) {
	steps.AddPart[broker](s, "broker", "a broker of the cluster, by its number or by what it does now",
		steps.Form("broker {int}", theBroker),
		steps.Form("that broker", thatBroker),
		steps.Form("the broker that coordinates group {group}", theCoordinator),
		steps.Form("the broker that leads {topic} partition {int}", theLeader))
	steps.AddPart[destination](s, "destination", "the broker that something moves to",
		steps.Form("another broker", anotherBroker),
		steps.Form("{broker}", toBroker))
}

// broker finds a broker when the step runs, and what of the scenario was said to find it.
type broker func(ctx context.Context, w *world.World) (id int32, about journal.Fact, err error)

// nothing is a fact that is about no partition.
func nothing() journal.Fact { return journal.Fact{Partition: -1, Offset: -1} }

// theBroker is the broker of that number; the first is 0 on most clusters.
func theBroker(id int64) broker {
	return func(_ context.Context, w *world.World) (int32, journal.Fact, error) {
		return int32(id), nothing(), w.HasBroker(int32(id))
	}
}

// thatBroker is the broker that the last such step was about.
//
//	Given topic "orders" with 1 partition
//	When the broker that leads "orders" partition 0 is killed
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func thatBroker() broker {
	return func(_ context.Context, w *world.World) (int32, journal.Fact, error) {
		last, ok := w.LastBroker()
		if !ok {
			return 0, nothing(), errors.New("no step before speaks of a broker; call it by its number: broker 0")
		}
		return last, nothing(), nil
	}
}

// theCoordinator is the broker that coordinates the group now.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When the broker that coordinates group "shipping" is killed
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then within 60s "shipping" has caught up with "orders"
func theCoordinator(group string) broker {
	return func(ctx context.Context, w *world.World) (int32, journal.Fact, error) {
		id, err := w.Group(group).Coordinator(ctx)
		return id, journal.Fact{Group: group, Partition: -1, Offset: -1}, err
	}
}

// theLeader is the broker that leads the partition now.
//
//	Given topic "orders" with 1 partition
//	When the broker that leads "orders" partition 0 is stopped
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func theLeader(topic string, partition int64) broker {
	return func(ctx context.Context, w *world.World) (int32, journal.Fact, error) {
		t, err := w.Present(ctx, topic)
		if err != nil {
			return 0, nothing(), err
		}
		id, _, err := t.Leader(ctx, int32(partition))
		return id, journal.Fact{Topic: topic, Partition: int32(partition), Offset: -1}, err
	}
}

// destination finds the broker that is to lead a partition.
type destination func(ctx context.Context, w *world.World, t *world.Topic, partition int32) (int32, error)

// anotherBroker is any broker that has the partition and does not lead it.
func anotherBroker() destination {
	return func(ctx context.Context, w *world.World, t *world.Topic, partition int32) (int32, error) {
		leader, others, err := t.Leader(ctx, partition)
		if err == nil && len(others) == 0 {
			err = outcome.NotApplicablef("%s has no other broker than %d; add: Given a cluster of at least 3 "+
				"brokers", w.Session.Describe(), leader)
		}
		if err != nil {
			return 0, err
		}
		return others[0], nil
	}
}

// toBroker is the broker that it names.
//
//	Given a cluster of at least 3 brokers
//	And topic "orders" with 1 partition
//	When the leader of "orders" partition 0 moves to broker 2
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func toBroker(b broker) destination {
	return func(ctx context.Context, w *world.World, _ *world.Topic, _ int32) (int32, error) {
		id, _, err := b(ctx, w)
		return id, err
	}
}

// clusterOfAtLeast says how many brokers the scenario needs. The embedded cluster then has them; elsewhere the scenario
// is not applicable to a cluster with fewer.
//
//	Given a cluster of at least 3 brokers
//	And topic "orders" with 1 partition
//	When the leader of "orders" partition 0 moves to broker 2
//	Then topic "orders" has 1 partition
func clusterOfAtLeast(ctx context.Context, want int64) error {
	return world.FromContext(ctx).HasBrokers(int(want))
}

// brokerIs does something to a broker: stopped (SIGTERM, leaders move first), killed (SIGKILL), paused
// (SIGSTOP: its port stays open and nothing answers), started or resumed, when the step waits until it takes part
// again, or restarted. What is still down at the end of the scenario is brought back.
//
//	Given topic "orders" with 1 partition
//	When broker 0 is paused
//	And broker 0 is resumed
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func brokerIs(ctx context.Context, b broker, change cluster.BrokerChange) error {
	w := world.FromContext(ctx)
	id, about, err := b(ctx, w)
	if err != nil {
		return err
	}
	return w.ChangeBroker(ctx, id, change, about)
}

// leaderMoves makes a broker the leader of the partition. It returns when the cluster says so; applications learn
// of it by themselves.
//
//	Given a cluster of at least 3 brokers
//	And topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And every Produce request from "loader" is held
//	When application "loader" is started
//	And a request is held
//	And the leader of "events" partition 0 moves to another broker
//	And the held requests are released
//	Then within 30s "events" contains exactly 100 records
func leaderMoves(ctx context.Context, topic *world.Topic, partition int64, to destination) error {
	id, err := to(ctx, world.FromContext(ctx), topic, int32(partition))
	if err != nil {
		return err
	}
	return topic.MoveLeader(ctx, int32(partition), id)
}

// coordinatorMoves makes another broker the coordinator of the group. Other groups may move with it.
//
//	Given a cluster of at least 3 brokers
//	And topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	And the coordinator of group "shipping" moves to another broker
//	And the record "{}" is sent to "orders"
//	Then within 60s "shipping" has caught up with "orders"
func coordinatorMoves(ctx context.Context, group *world.Group) error {
	return group.MoveCoordinator(ctx)
}
