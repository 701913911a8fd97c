package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// topicsWithin bounds AwaitTopics, far above the some 100 ms it takes on a busy machine.
const topicsWithin = 30 * time.Second

// AwaitTopics waits until topics just made, or given more partitions, can be used through any broker: every broker
// names a leader for each partition, and each leader answers. Kafka acknowledges a new topic when its controller has
// written it down; the brokers learn of it one by one, and know it some time before they serve it. A client that uses
// it earlier may be told that there is no such topic.
//
// partitions says how many each topic, by its physical name, has: a broker that has not heard of the last ones yet has
// nothing to say against those it knows. 0 stands for a number the caller does not know.
func AwaitTopics(ctx context.Context, client *kgo.Client, partitions map[string]int32) error {
	topics := slices.Sorted(maps.Keys(partitions))
	missing := ""
	return await.Until(ctx, await.Options{
		Within: topicsWithin,
		What:   strings.Join(topics, ", ") + " to be served by every broker",
		State:  func() string { return missing },
	}, func(ctx context.Context) (bool, error) {
		view, err := metadataOf(topics...).RequestWith(ctx, client)
		if err != nil {
			return false, err
		}
		views := []*kmsg.MetadataResponse{view}
		if len(view.Brokers) > 1 {
			views, err = atEach(view.Brokers, func(b kmsg.MetadataResponseBroker) (*kmsg.MetadataResponse, error) {
				return metadataOf(topics...).RequestWith(ctx, client.Broker(int(b.NodeID)))
			})
			if err != nil {
				return false, err
			}
		}
		for i, asked := range views {
			if missing = leaderless(asked, partitions); missing != "" {
				missing = fmt.Sprintf("broker %d says that %s", view.Brokers[i].NodeID, missing)
				return false, nil
			}
		}
		missing = "not every leader answers"
		return true, endsKnown(ctx, client, views[0])
	})
}

// endsKnown asks the leaders where their partitions end, which they answer only once they lead. The error is the
// first of one that does not.
func endsKnown(ctx context.Context, client *kgo.Client, view *kmsg.MetadataResponse) error {
	requests := map[int32]*kmsg.ListOffsetsRequest{}
	for _, topic := range view.Topics {
		for _, partition := range topic.Partitions {
			request := requests[partition.Leader]
			if request == nil {
				request = kmsg.NewPtrListOffsetsRequest()
				request.ReplicaID = -1
				requests[partition.Leader] = request
			}
			if n := len(request.Topics); n == 0 || request.Topics[n-1].Topic != *topic.Topic {
				asked := kmsg.NewListOffsetsRequestTopic()
				asked.Topic = *topic.Topic
				request.Topics = append(request.Topics, asked)
			}
			end := kmsg.NewListOffsetsRequestTopicPartition()
			end.Partition, end.Timestamp = partition.Partition, -1
			asked := &request.Topics[len(request.Topics)-1]
			asked.Partitions = append(asked.Partitions, end)
		}
	}
	_, err := atEach(slices.Collect(maps.Keys(requests)), func(leader int32) (struct{}, error) {
		answer, err := requests[leader].RequestWith(ctx, client.Broker(int(leader)))
		if err != nil {
			return struct{}{}, err
		}
		for _, topic := range answer.Topics {
			for _, partition := range topic.Partitions {
				if err := kerr.ErrorForCode(partition.ErrorCode); err != nil {
					return struct{}{}, fmt.Errorf("broker %d, %s partition %d: %w", leader, topic.Topic,
						partition.Partition, err)
				}
			}
		}
		return struct{}{}, nil
	})
	return err
}

// atEach asks all brokers at once.
func atEach[B, T any](brokers []B, ask func(broker B) (T, error)) ([]T, error) {
	answers, failed := make([]T, len(brokers)), make([]error, len(brokers))
	var asking sync.WaitGroup
	for i, broker := range brokers {
		asking.Go(func() { answers[i], failed[i] = ask(broker) })
	}
	asking.Wait()
	return answers, errors.Join(failed...)
}

// leaderless says which partition is unknown or has no leader in the view of one broker; "" is none.
func leaderless(view *kmsg.MetadataResponse, partitions map[string]int32) string {
	for _, topic := range view.Topics {
		if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
			return fmt.Sprintf("%s has %v", *topic.Topic, err)
		}
		if got, want := len(topic.Partitions), int(partitions[*topic.Topic]); got < want {
			return fmt.Sprintf("%s has %d of %d partitions", *topic.Topic, got, want)
		}
		for _, partition := range topic.Partitions {
			if err := kerr.ErrorForCode(partition.ErrorCode); err != nil || partition.Leader < 0 {
				return fmt.Sprintf("%s partition %d has no leader", *topic.Topic, partition.Partition)
			}
		}
	}
	return ""
}
