package builtin

// Brokers: how many a scenario needs, ending and pausing them, moving leaders and coordinators between them. Where a
// cluster cannot do that, the scenario is not applicable. A scenario that does something to brokers or coordinators,
// which others on the cluster would feel, is tagged @exclusive.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func brokerSteps(s *steps.Registry) {
	s.Given("a cluster of at least {int} broker(s)", clusterOfAtLeast, steps.With(needsBrokers))
	s.Step("broker {int} is {change}", brokerIs, steps.With(world.ControlsBrokers),
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("that broker is {change}", thatBrokerIs, steps.With(world.ControlsBrokers),
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("the broker that coordinates group {group} is {change}", coordinatorIs, steps.With(world.ControlsBrokers),
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("the broker that leads {topic} partition {int} is {change}", leaderIs, steps.With(world.ControlsBrokers),
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("the coordinator of group {group} moves( to another broker)", coordinatorMoves,
		steps.Marked(steps.Alone, steps.Disturbs))
	s.Step("the leader of {topic} partition {int} moves to another broker", leaderMoves, steps.Marked(steps.Disturbs))
	s.Step("the leader of {topic} partition {int} moves to broker {int}", leaderMovesTo, steps.Marked(steps.Disturbs))
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

// brokerIs does something to the broker of that number: stopped (SIGTERM, leaders move first), killed (SIGKILL), paused
// (SIGSTOP: its port stays open and nothing answers), started or resumed, when the step waits until it takes part
// again, or restarted. What is still down at the end of the scenario is brought back.
//
//	Given topic "orders" with 1 partition
//	When broker 0 is paused
//	And broker 0 is resumed
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func brokerIs(ctx context.Context, id int64, change cluster.BrokerChange) error {
	w := world.FromContext(ctx)
	if err := w.HasBroker(int32(id)); err != nil {
		return err
	}
	return w.ChangeBroker(ctx, int32(id), change, journal.Fact{Partition: -1, Offset: -1})
}

// thatBrokerIs does something to the broker that the last such step was about.
//
//	Given topic "orders" with 1 partition
//	When the broker that leads "orders" partition 0 is killed
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func thatBrokerIs(ctx context.Context, change cluster.BrokerChange) error {
	w := world.FromContext(ctx)
	last, ok := w.LastBroker()
	if !ok {
		return fmt.Errorf("no step before speaks of a broker; write: broker 0 is %s", change)
	}
	return w.ChangeBroker(ctx, last, change, journal.Fact{Partition: -1, Offset: -1})
}

// leaderIs does something to the broker that leads the partition now. `that broker is started` brings it back.
//
//	Given topic "orders" with 1 partition
//	When the broker that leads "orders" partition 0 is stopped
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func leaderIs(ctx context.Context, topic *world.Topic, partition int64, change cluster.BrokerChange) error {
	w := world.FromContext(ctx)
	leader, _, err := topic.Leader(ctx, int32(partition))
	if err != nil {
		return err
	}
	return w.ChangeBroker(ctx, leader, change, journal.Fact{Topic: topic.Name, Partition: int32(partition), Offset: -1})
}

// coordinatorIs does something to the broker that coordinates the group now. `that broker is started` brings it back.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When the broker that coordinates group "shipping" is killed
//	And that broker is started
//	And the record "{}" is sent to "orders"
//	Then within 60s "shipping" has caught up with "orders"
func coordinatorIs(ctx context.Context, group *world.Group, change cluster.BrokerChange) error {
	w := world.FromContext(ctx)
	broker, err := group.Coordinator(ctx)
	if err != nil {
		return err
	}
	return w.ChangeBroker(ctx, broker, change, journal.Fact{Group: group.Name, Partition: -1, Offset: -1})
}

// leaderMoves makes another broker the leader of the partition. It returns when the cluster says so; applications learn
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
func leaderMoves(ctx context.Context, topic *world.Topic, partition int64) error {
	w := world.FromContext(ctx)
	leader, others, err := topic.Leader(ctx, int32(partition))
	if err != nil {
		return err
	}
	if len(others) == 0 {
		return outcome.NotApplicablef("%s has no other broker than %d; add: Given a cluster of at least 3 "+
			"brokers", w.Session.Describe(), leader)
	}
	return topic.MoveLeader(ctx, int32(partition), others[0])
}

// leaderMovesTo makes that broker the leader of the partition.
//
//	Given a cluster of at least 3 brokers
//	And topic "orders" with 1 partition
//	When the leader of "orders" partition 0 moves to broker 2
//	And the record "{}" is sent to "orders"
//	Then "orders" contains exactly 1 record
func leaderMovesTo(ctx context.Context, topic *world.Topic, partition, broker int64) error {
	w := world.FromContext(ctx)
	if err := w.HasBroker(int32(broker)); err != nil {
		return err
	}
	return topic.MoveLeader(ctx, int32(partition), int32(broker))
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
