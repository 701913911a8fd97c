package cluster

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// topicsWithin bounds AwaitTopics, far above the some 100 ms it takes on a busy machine.
const topicsWithin = 30 * time.Second

// AwaitTopics waits until topics just made, or given more partitions, can be used through any broker: every broker names
// a leader for each partition, and each leader answers. Kafka acknowledges a new topic when its controller has written
// it down; the brokers learn of it one by one, and know it some time before they serve it. A client that uses it
// earlier may be told that there is no such topic.
func AwaitTopics(ctx context.Context, client *kgo.Client, topics ...string) error {
	admin := kadm.NewClient(client)
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
		for _, broker := range brokers.NodeIDs() {
			response, err := client.Broker(int(broker)).Request(ctx, metadataOf(topics...))
			if err != nil {
				return false, err
			}
			if missing = leaderless(response.(*kmsg.MetadataResponse)); missing != "" {
				missing = fmt.Sprintf("broker %d says that %s", broker, missing)
				return false, nil
			}
		}
		// A leader answers this only once it leads.
		offsets, err := admin.ListEndOffsets(ctx, topics...)
		if err != nil {
			return false, err
		}
		return offsets.Error() == nil, offsets.Error()
	})
}

// leaderless says which partition has no leader in the view of one broker; "" is none.
func leaderless(view *kmsg.MetadataResponse) string {
	for _, topic := range view.Topics {
		if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
			return fmt.Sprintf("%s has %v", *topic.Topic, err)
		}
		for _, partition := range topic.Partitions {
			if err := kerr.ErrorForCode(partition.ErrorCode); err != nil || partition.Leader < 0 {
				return fmt.Sprintf("%s partition %d has no leader", *topic.Topic, partition.Partition)
			}
		}
	}
	return ""
}
