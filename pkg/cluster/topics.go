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
	"github.com/twmb/franz-go/pkg/kadm"
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
	admin, topics := kadm.NewClient(client), slices.Sorted(maps.Keys(partitions))
	missing := ""
	return await.Until(ctx, await.Options{
		Within: topicsWithin,
		What:   strings.Join(topics, ", ") + " to be served by every broker",
		State:  func() string { return missing },
	}, func(ctx context.Context) (bool, error) {
		brokers, err := admin.ListBrokers(ctx)
		if err != nil {
			return false, err
		}
		said, err := atEach(brokers.NodeIDs(), func(broker int32) (string, error) {
			response, err := client.Broker(int(broker)).Request(ctx, metadataOf(topics...))
			if err != nil {
				return "", err
			}
			return leaderless(response.(*kmsg.MetadataResponse), partitions), nil
		})
		if err != nil {
			return false, err
		}
		for i, lacking := range said {
			if lacking != "" {
				missing = fmt.Sprintf("broker %d says that %s", brokers[i].NodeID, lacking)
				return false, nil
			}
		}
		missing = ""
		// A leader answers this only once it leads.
		offsets, err := admin.ListEndOffsets(ctx, topics...)
		if err != nil {
			return false, err
		}
		for topic, want := range partitions { // kadm asks for those it has heard of itself
			if got := len(offsets[topic]); got < int(want) {
				missing = fmt.Sprintf("the leaders of %d of %d partitions of %s answer", got, want, topic)
				return false, nil
			}
		}
		return offsets.Error() == nil, offsets.Error()
	})
}

// atEach asks all brokers at once.
func atEach[T any](brokers []int32, ask func(broker int32) (T, error)) ([]T, error) {
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
