package wire

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// createTopics tells the topics that came into being; nothing of those that were refused, or only tried out.
func (n *naming) createTopics(request *kmsg.CreateTopicsRequest, answer kmsg.Response) (facts []journal.Fact) {
	made, ok := answer.(*kmsg.CreateTopicsResponse)
	if !ok || request.ValidateOnly {
		return nil
	}
	asked, compacted := map[string]int32{}, map[string]bool{}
	for _, t := range request.Topics {
		asked[t.Topic], compacted[t.Topic] = t.NumPartitions, asksForCompaction(t.Configs)
	}
	for _, t := range made.Topics {
		if t.ErrorCode != 0 {
			continue
		}
		partitions := asked[t.Topic]
		if t.NumPartitions > 0 { // from version 5 on
			partitions = t.NumPartitions
		}
		fact := journal.Fact{Kind: journal.TopicMade, Topic: n.topic(t.Topic, t.TopicID), Partition: -1, Offset: -1,
			Count: max(0, int64(partitions))}
		fact.Text = n.foreign(t.Topic, Undo.LogicalTopic)
		n.made.set(fact.Topic, compacted[t.Topic])
		facts = append(facts, fact)
	}
	return facts
}

func asksForCompaction(configs []kmsg.CreateTopicsRequestTopicConfig) bool {
	return slices.ContainsFunc(configs, func(c kmsg.CreateTopicsRequestTopicConfig) bool {
		return c.Name == "cleanup.policy" && c.Value != nil && strings.Contains(*c.Value, "compact")
	})
}

// deleteTopics tells the topics that are no more. Answers name topics by their ids alone where requests did.
func (n *naming) deleteTopics(answer kmsg.Response) (facts []journal.Fact) {
	deleted, ok := answer.(*kmsg.DeleteTopicsResponse)
	if !ok {
		return nil
	}
	for _, t := range deleted.Topics {
		name := ""
		if t.Topic != nil {
			name = *t.Topic
		}
		if t.ErrorCode == 0 {
			facts = append(facts, journal.Fact{Kind: journal.TopicDeleted, Topic: n.topic(name, t.TopicID), Partition: -1,
				Offset: -1})
		}
	}
	return facts
}

// asksFor tells which topics an application asked for, and which of them the cluster has (Count 1). A topic without a
// name stands for all.
func (n *naming) asksFor(request *kmsg.MetadataRequest, answer kmsg.Response) (facts []journal.Fact) {
	told, ok := answer.(*kmsg.MetadataResponse)
	if !ok {
		return nil
	}
	fact := journal.Fact{Kind: journal.AskedFor, Partition: -1, Offset: -1}
	if request.Topics == nil {
		return append(facts, fact)
	}
	for _, t := range told.Topics {
		if t.Topic == nil {
			continue
		}
		fact.Topic, fact.Count = n.topic(*t.Topic, t.TopicID), 1
		if t.ErrorCode == kerr.UnknownTopicOrPartition.Code {
			fact.Count = 0
		}
		facts = append(facts, fact)
	}
	return facts
}

// looksFor tells of which groups an application asked for the coordinator.
func (n *naming) looksFor(request *kmsg.FindCoordinatorRequest) (facts []journal.Fact) {
	if request.CoordinatorType != 0 {
		return nil
	}
	keys := request.CoordinatorKeys
	if request.Version < 4 {
		keys = []string{request.CoordinatorKey}
	}
	for _, group := range keys {
		fact := journal.Fact{Kind: journal.AskedFor, Group: n.group(group), Partition: -1, Offset: -1}
		fact.Text = n.foreign(group, Undo.LogicalGroup)
		facts = append(facts, fact)
	}
	return facts
}

// foreign is the text of a fact about a name of the cluster that is none of the scenario's; empty of one that is.
func (n *naming) foreign(name string, logical func(Undo, string) (string, bool)) string {
	if n.undo == nil {
		return ""
	}
	if _, own := logical(n.undo, name); own {
		return ""
	}
	return journal.ForeignName
}
