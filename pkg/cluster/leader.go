package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// moveLeader makes broker the first, and so preferred, replica of the partition, waits until its log is complete, and
// elects it. It returns when every broker names the new leader.
func (s *shared) moveLeader(ctx context.Context, topic string, partition, broker int32) error {
	defer unlabelled(ctx)()
	failed := func(err error) error {
		return fmt.Errorf("cannot move the leader of %s partition %d to broker %d: %w", topic, partition, broker, err)
	}
	var brokers []int32
	var now kmsg.MetadataResponseTopicPartition
	// A topic just made is known to one broker after the other.
	err := await.Until(ctx, await.Options{Within: moveWithin, What: "the topic to be known"},
		func(ctx context.Context) (known bool, err error) {
			brokers, now, err = partitionOf(ctx, s.admin, topic, partition)
			return err == nil, err
		})
	if err != nil {
		return failed(err)
	}
	if !slices.Contains(brokers, broker) {
		return failed(fmt.Errorf("got no such broker, want one of %v; name one that runs", brokers))
	}
	if now.Leader != broker || now.Replicas[0] != broker {
		if err := s.reassign(ctx, topic, partition, preferring(now.Replicas, broker)); err != nil {
			return failed(err)
		}
	}
	state := now
	err = await.Until(ctx, await.Options{
		Within: moveWithin,
		What:   fmt.Sprintf("broker %d to lead %s partition %d", broker, topic, partition),
		State: func() string {
			return fmt.Sprintf("leader %d, replicas %v, in sync %v", state.Leader, state.Replicas, state.ISR)
		},
	}, func(ctx context.Context) (bool, error) {
		if err := s.elect(ctx, topic, partition); err != nil {
			return false, err
		}
		for _, asked := range brokers { // each learns of a new leader by itself
			var err error
			_, state, err = partitionOf(ctx, s.admin.Broker(int(asked)), topic, partition)
			if err != nil || state.Leader != broker {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return failed(err)
	}
	return nil
}

// preferring puts broker first and keeps the number of replicas, dropping the last if broker is new among them.
func preferring(replicas []int32, broker int32) []int32 {
	rest := slices.DeleteFunc(slices.Clone(replicas), func(id int32) bool { return id == broker })
	if len(rest) == len(replicas) {
		rest = rest[:len(rest)-1]
	}
	return append([]int32{broker}, rest...)
}

func (s *shared) reassign(ctx context.Context, topic string, partition int32, replicas []int32) error {
	var request kadm.AlterPartitionAssignmentsReq
	request.Assign(topic, partition, replicas)
	responses, err := kadm.NewClient(s.admin).AlterPartitionAssignments(ctx, request)
	return errors.Join(err, responses.Error())
}

// elect asks for the preferred leader. That it leads already is fine; that its replica is not ready yet is an error to
// try again after.
func (s *shared) elect(ctx context.Context, topic string, partition int32) error {
	var set kadm.TopicsSet
	set.Add(topic, partition)
	results, err := kadm.NewClient(s.admin).ElectLeaders(ctx, kadm.ElectPreferredReplica, set)
	if err != nil {
		return err
	}
	if err := results[topic][partition].Err; err != nil && !errors.Is(err, kerr.ElectionNotNeeded) {
		return err
	}
	return nil
}

// partitionOf asks the cluster, or one broker, for its brokers and a partition.
func partitionOf(ctx context.Context, asked kmsg.Requestor, topic string, partition int32) (brokers []int32,
	found kmsg.MetadataResponseTopicPartition, err error) {
	response, err := metadataOf(topic).RequestWith(ctx, asked)
	if err != nil {
		return nil, found, err
	}
	for _, broker := range response.Brokers {
		brokers = append(brokers, broker.NodeID)
	}
	slices.Sort(brokers)
	if err := kerr.ErrorForCode(response.Topics[0].ErrorCode); err != nil {
		return brokers, found, err
	}
	for _, candidate := range response.Topics[0].Partitions {
		if candidate.Partition == partition {
			return brokers, candidate, nil
		}
	}
	return brokers, found, await.Permanent(fmt.Errorf("got no partition %d in the topic; name one it has", partition))
}

func metadataOf(topics ...string) *kmsg.MetadataRequest {
	request := kmsg.NewPtrMetadataRequest()
	for _, topic := range topics {
		wanted := kmsg.NewMetadataRequestTopic()
		wanted.Topic = kmsg.StringPtr(topic)
		request.Topics = append(request.Topics, wanted)
	}
	return request
}
