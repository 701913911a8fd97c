package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// restoreWithin bounds bringing brokers back at the end of a scenario.
const restoreWithin = 90 * time.Second

// offsetsTopic is where Kafka keeps groups; the leader of a group's partition is its coordinator.
const offsetsTopic = "__consumer_offsets"

// localSession is one scenario on local brokers. It has every power.
type localSession struct {
	*sharedSession
	local *local

	mu      sync.Mutex
	touched map[int32]bool // brokers that this scenario may have left down or paused
}

// ChangeBroker implements BrokerController. The session remembers to bring the broker back.
func (s *localSession) ChangeBroker(ctx context.Context, id int32, change BrokerChange) (err error) {
	if id < 0 || int(id) >= len(s.local.brokers) {
		return fmt.Errorf("got broker %d, want one of this cluster; %s", id, brokerRange(len(s.local.brokers)))
	}
	b, starts := s.local.brokers[id], change == BrokerStarted || change == BrokerRestarted
	if change != BrokerStarted && change != BrokerResumed {
		s.shared.settle(ctx)
		s.disturbed.Store(true)
		s.shared.dismiss()
	}
	s.mu.Lock()
	s.touched[id] = true
	s.mu.Unlock()
	switch change {
	case BrokerStopped, BrokerRestarted:
		err = b.end(func(process *child.Process) error { return process.Stop(ctx) })
	case BrokerKilled:
		err = b.end((*child.Process).Kill)
	case BrokerPaused:
		err = b.pause()
	case BrokerResumed:
		err = b.resume()
	}
	if err == nil && starts {
		err = b.start(ctx)
	}
	if err == nil && (starts || change == BrokerResumed) {
		err = s.local.caughtUp(ctx, id)
	}
	return err
}

// MoveLeader implements LeaderMover.
func (s *localSession) MoveLeader(ctx context.Context, topic string, partition, broker int32) error {
	if len(s.local.brokers) == 1 && broker != 0 {
		return onlyOneBroker(s.description, "a leader")
	}
	return s.sharedSession.MoveLeader(ctx, topic, partition, broker)
}

// MoveCoordinator implements CoordinatorMover. Groups whose offsets are in the same partition of Kafka's own topic move
// too: use it in scenarios that run alone. It has moved once the new broker answers with the offsets that the old one
// answered with: a coordinator answers up to its high watermark, and that of a new leader lags for a moment.
func (s *localSession) MoveCoordinator(ctx context.Context, group string) error {
	defer unlabelled(ctx)()
	if len(s.local.brokers) == 1 {
		return onlyOneBroker(s.description, "the coordinator of "+group)
	}
	response, err := metadataOf(offsetsTopic).RequestWith(ctx, s.shared.admin)
	if err != nil {
		return err
	}
	partition := coordinatorPartition(group, len(response.Topics[0].Partitions))
	_, now, err := partitionOf(ctx, s.shared.admin, offsetsTopic, partition)
	if err != nil {
		return err
	}
	next := slices.IndexFunc(now.ISR, func(id int32) bool { return id != now.Leader })
	if next < 0 {
		return fmt.Errorf("cannot move the coordinator of %s: got brokers %v in sync, want a second one; start the other "+
			"brokers first", group, now.ISR)
	}
	before, err := s.committedAt(ctx, now.Leader, group)
	if err != nil {
		return err
	}
	if err := s.shared.moveLeader(ctx, offsetsTopic, partition, now.ISR[next]); err != nil {
		return err
	}
	return s.awaitCommitted(ctx, now.ISR[next], group, before)
}

// awaitCommitted waits until the broker coordinates the group and answers with every offset that was committed before,
// or a later one.
func (s *localSession) awaitCommitted(ctx context.Context, broker int32, group string, before committedOffsets) error {
	what := fmt.Sprintf("broker %d to coordinate group %s and to answer with what was committed", broker, group)
	return await.Until(ctx, await.Options{Within: moveWithin, What: what}, func(ctx context.Context) (bool, error) {
		now, err := s.committedAt(ctx, broker, group)
		if err != nil {
			return false, err
		}
		for at, offset := range before {
			if found, ok := now[at]; !ok || found < offset {
				return false, nil
			}
		}
		return true, nil
	})
}

// committedOffsets holds offsets by partition of a topic.
type committedOffsets map[topicPartition]int64

// topicPartition names the topic by its name or by its id, as the broker's answer does.
type topicPartition struct {
	topic     string
	id        [16]byte
	partition int32
}

// committedAt asks one broker, which need not be the one that clients take for the coordinator: a client that knows the
// old coordinator asks that one, which goes on answering until it has heard that it is none any more. It is an error if
// the broker does not coordinate the group or still loads it. A group that is unknown has committed nothing.
func (s *localSession) committedAt(ctx context.Context, broker int32, group string) (committedOffsets, error) {
	asked := kmsg.NewOffsetFetchRequestGroup() // of all topics
	asked.Group = group
	request := kmsg.NewPtrOffsetFetchRequest()
	request.Groups = append(request.Groups, asked)
	response, err := request.RequestWith(ctx, s.shared.admin.Broker(int(broker)))
	if err != nil {
		return nil, err
	}
	if len(response.Groups) != 1 {
		return nil, fmt.Errorf("broker %d answered for %d groups, want 1", broker, len(response.Groups))
	}
	err = kerr.ErrorForCode(response.Groups[0].ErrorCode)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return nil, err
	}
	found := committedOffsets{}
	for _, topic := range response.Groups[0].Topics {
		for _, partition := range topic.Partitions {
			if partition.ErrorCode == 0 {
				found[topicPartition{topic.Topic, topic.TopicID, partition.Partition}] = partition.Offset
			}
		}
	}
	return found, nil
}

// coordinatorPartition is Kafka's choice: the absolute value of Java's String.hashCode of the group. Where Java has no
// absolute value, of the lowest number, Kafka takes 0.
func coordinatorPartition(group string, partitions int) int32 {
	var hash int32
	for _, unit := range utf16.Encode([]rune(group)) {
		hash = 31*hash + int32(unit)
	}
	if hash == math.MinInt32 {
		return 0
	}
	return max(hash, -hash) % int32(partitions)
}

// Close brings brokers back that the scenario stopped, killed or paused, so that the next scenario finds them all.
func (s *localSession) Close(ctx context.Context) error {
	return errors.Join(s.restore(ctx), s.sharedSession.Close(ctx))
}

func (s *localSession) restore(ctx context.Context) error {
	s.mu.Lock()
	ids := slices.Sorted(maps.Keys(s.touched))
	clear(s.touched)
	s.mu.Unlock()
	if len(ids) == 0 || ctx.Err() != nil { // an interrupted run kills the brokers anyway
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, restoreWithin)
	defer cancel()
	var failed error
	for _, id := range ids { // all at once first: a majority may be needed for any to take part
		b := s.local.brokers[id]
		down, paused := b.state()
		switch {
		case down:
			failed = errors.Join(failed, b.start(limited))
		case paused:
			failed = errors.Join(failed, b.resume())
		}
	}
	for _, id := range ids {
		failed = errors.Join(failed, s.local.caughtUp(limited, id))
	}
	if failed != nil {
		return fmt.Errorf("cannot bring back the brokers of this scenario: %w", failed)
	}
	return nil
}
