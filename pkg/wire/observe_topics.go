package wire

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// createTopics tells the topics that came into being; nothing of those that were refused, or only tried out.
func (n *naming) createTopics(request *kmsg.CreateTopicsRequest, answer kmsg.Response) (facts []journal.Fact) {
	made, ok := answer.(*kmsg.CreateTopicsResponse)
	if !ok || request.ValidateOnly {
		return nil
	}
	asked := map[string]int32{}
	for _, t := range request.Topics {
		asked[t.Topic] = t.NumPartitions
	}
	for _, t := range made.Topics {
		if t.ErrorCode != 0 {
			continue
		}
		partitions := asked[t.Topic]
		if t.NumPartitions > 0 { // from version 5 on
			partitions = t.NumPartitions
		}
		facts = append(facts, journal.Fact{Kind: journal.TopicMade, Topic: n.topic(t.Topic, t.TopicID), Partition: -1,
			Offset: -1, Count: max(0, int64(partitions))})
	}
	return facts
}
