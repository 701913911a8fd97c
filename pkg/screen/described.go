package screen

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// describedCluster: brokers have no racks.
func describedCluster(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.DescribeClusterResponse)
	for i := range got.Brokers {
		got.Brokers[i].Rack, changed = nil, true
	}
	return changed
}

// describedPartitions: Java's Admin cannot read null where Apache Kafka has an empty list.
func (s *state) describedPartitions(_ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.DescribeTopicPartitionsResponse)
	for i := range got.Topics {
		for j := range got.Topics[i].Partitions {
			p := &got.Topics[i].Partitions[j]
			if p.EligibleLeaderReplicas == nil {
				p.EligibleLeaderReplicas = []int32{}
			}
			if p.LastKnownELR == nil {
				p.LastKnownELR = []int32{}
			}
		}
	}
	return len(got.Topics) > 0
}

// keepNames keeps topics of names that are not allowed from being made by use.
func (s *state) keepNames(request kmsg.Request) (any, bool) {
	asked := request.(*kmsg.MetadataRequest)
	bad := slices.ContainsFunc(asked.Topics, func(t kmsg.MetadataRequestTopic) bool {
		return t.Topic != nil && nameRefusal(*t.Topic) != nil
	})
	if bad {
		asked.AllowAutoTopicCreation = false
	}
	return bad, bad
}

// describedTopics: brokers have no racks, and names that are not allowed are told from unknown ones.
func (s *state) describedTopics(request kmsg.Request, bad any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.MetadataResponse)
	for i := range got.Brokers {
		got.Brokers[i].Rack, changed = nil, true
	}
	return s.refusedNames(got, bad.(bool)) || changed
}

func (s *state) refusedNames(got *kmsg.MetadataResponse, bad bool) (changed bool) {
	for _, t := range got.Topics {
		if t.Topic != nil && t.TopicID != [16]byte{} { // one that was made by its use
			s.setName(t.TopicID, *t.Topic)
		}
	}
	if !bad {
		return false
	}
	for i := range got.Topics {
		t := &got.Topics[i]
		if t.Topic == nil && t.TopicID == [16]byte{} {
			t.Topic = new(string)
		}
		if t.Topic != nil && nameRefusal(*t.Topic) != nil && t.ErrorCode == kerr.UnknownTopicOrPartition.Code {
			t.ErrorCode, changed = kerr.InvalidTopicException.Code, true
		}
	}
	return changed
}
