package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// factsOf are those of a request and its answer, as they come over the wire: kind, topic, partition, offset, count and
// detail of each.
func factsOf(t *testing.T, n *naming, request kmsg.Request, answer kmsg.Response, version int16) []string {
	t.Helper()
	request.SetVersion(version)
	var body []byte
	if answer != nil {
		answer.SetVersion(version)
		body = answer.AppendTo(nil)
	}
	facts, err := (&control{request}).facts(n, body)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range facts {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s/%d from %d, %d: %s", f.Kind, f.Group, f.Topic, f.Partition,
			f.Offset, f.Count, f.Detail)))
	}
	return all
}

func TestShareGroupsAreRead(t *testing.T) {
	orders := [16]byte{1}
	n := &naming{directory: newBrokers(), undo: suffixed{}}
	n.directory.topicSeen(orders, "orders-ks")
	beat := kmsg.NewPtrShareGroupHeartbeatRequest()
	beat.GroupID, beat.MemberID, beat.SubscribedTopicNames = "g-ks", "m", []string{"orders-ks"}
	given := kmsg.NewPtrShareGroupHeartbeatResponse()
	given.MemberID, given.MemberEpoch = ptr("m"), 3
	given.Assignment = &kmsg.ShareGroupHeartbeatResponseAssignment{TopicPartitions: []kmsg.
		ShareGroupHeartbeatResponseAssignmentTopicPartition{{TopicID: orders, Partitions: []int32{0, 1}}}}
	ask := kmsg.NewPtrShareFetchRequest()
	ask.GroupID, ask.MemberID, ask.ShareSessionEpoch = ptr("g-ks"), ptr("m"), 4
	ask.Topics = []kmsg.ShareFetchRequestTopic{{TopicID: orders, Partitions: []kmsg.ShareFetchRequestTopicPartition{
		{Partition: 0, AcknowledgementBatches: []kmsg.ShareFetchRequestTopicPartitionAcknowledgementBatch{
			{FirstOffset: 0, LastOffset: 4, AcknowledgeTypes: []int8{1}},
			{FirstOffset: 5, LastOffset: 8, AcknowledgeTypes: []int8{1, 2, 2, 3}},
			{FirstOffset: 9, LastOffset: 9}, // says nothing
			{FirstOffset: 9, LastOffset: 8, AcknowledgeTypes: []int8{1}}}}}}}
	got := kmsg.NewPtrShareFetchResponse()
	part := kmsg.NewShareFetchResponseTopicPartition()
	part.Partition, part.AcknowledgeErrorCode = 0, 121
	other := part
	other.Partition, other.AcknowledgeErrorCode = 1, 0
	other.AcquiredRecords = []kmsg.ShareFetchResponseTopicPartitionAcquiredRecord{
		{FirstOffset: 7, LastOffset: 9, DeliveryCount: 1}, {FirstOffset: 10, LastOffset: 10, DeliveryCount: 2}}
	got.Topics = []kmsg.ShareFetchResponseTopic{{TopicID: orders,
		Partitions: []kmsg.ShareFetchResponseTopicPartition{part, other}}}
	end := kmsg.NewPtrShareAcknowledgeRequest()
	end.GroupID, end.MemberID, end.ShareSessionEpoch = ptr("g-ks"), ptr("m"), -1
	end.Topics = []kmsg.ShareAcknowledgeRequestTopic{{TopicID: orders,
		Partitions: []kmsg.ShareAcknowledgeRequestTopicPartition{{Partition: 1, AcknowledgementBatches: []kmsg.
			ShareAcknowledgeRequestTopicPartitionAcknowledgementBatch{{FirstOffset: 7, LastOffset: 7,
			AcknowledgeTypes: []int8{4}}}}}}}
	said := factsOf(t, n, beat, given, 1)
	said = append(said, factsOf(t, n, ask, got, 1)...)
	said = append(said, factsOf(t, n, end, kmsg.NewPtrShareAcknowledgeResponse(), 1)...)
	end.ShareSessionEpoch = 3
	said = append(said, factsOf(t, n, end, nil, 1)...)
	want := []string{
		"group-member g /-1 from -1, 0: member=m generation=3 protocolType=share subscribed=[orders] " +
			"assigned=orders:0,1 joining=true",
		"share-acknowledged g orders/0 from 0, 9: member=m 0-4 accept 5-5 accept 6-7 release 8-8 reject",
		"share-acquired g orders/1 from 7, 4: member=m 7-9 delivery 1 10-10 delivery 2",
		"share-acknowledged g orders/1 from 7, 1: member=m closes 7-7 renew",
		"share-closed g /-1 from -1, 0: member=m closes",
		"share-acknowledged g orders/1 from 7, 1: member=m 7-7 renew unanswered",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
}

func TestStreamsGroupsAreRead(t *testing.T) {
	n := &naming{directory: newBrokers(), undo: suffixed{}}
	join := kmsg.NewPtrStreamsGroupHeartbeatRequest()
	join.Group, join.MemberID, join.ActiveTasks = "g-ks", "m", []kmsg.TaskIDs{}
	join.Topology = &kmsg.StreamsGroupHeartbeatRequestTopology{Subtopologies: []kmsg.
		StreamsGroupHeartbeatRequestTopologySubtopology{
		{SubtopologyID: "0", SourceTopics: []string{"orders-ks", "users-ks"}},
		{SubtopologyID: "1", RepartitionSourceTopics: []kmsg.TopicInfo{{Topic: "by-user"}}}}}
	given := kmsg.NewPtrStreamsGroupHeartbeatResponse()
	given.MemberID, given.MemberEpoch = "m", 2
	given.ActiveTasks = []kmsg.TaskIDs{{SubtopologyID: "0", Partitions: []int32{0, 1}},
		{SubtopologyID: "1", Partitions: []int32{3}}}
	claim := kmsg.NewPtrStreamsGroupHeartbeatRequest()
	claim.Group, claim.MemberID, claim.MemberEpoch, claim.ActiveTasks = "g-ks", "m", 2, given.ActiveTasks[:1]
	still := kmsg.NewPtrStreamsGroupHeartbeatResponse()
	still.MemberID, still.MemberEpoch = "m", 2
	leave := kmsg.NewPtrStreamsGroupHeartbeatRequest()
	leave.Group, leave.MemberID, leave.MemberEpoch = "g-ks", "m", -1
	said := factsOf(t, n, join, given, 0)
	said = append(said, factsOf(t, n, claim, still, 0)...)
	said = append(said, factsOf(t, n, leave, still, 0)...)
	want := []string{
		"group-member g /-1 from -1, 0: member=m generation=2 protocolType=streams subscribed=\"[orders users]\" " +
			"owned=none assigned=\"orders:0,1 users:0,1 by-user:3\" tasks=\"[0_0 0_1 1_3]\" joining=true",
		"group-member g /-1 from -1, 0: member=m generation=2 protocolType=streams owned=\"orders:0,1 users:0,1\"",
		"group-member g /-1 from -1, 0: member=m generation=2 protocolType=streams leaving=true",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
	if facts := factsOf(t, &naming{directory: newBrokers()}, claim, still, 0); strings.Contains(facts[0], "owned=") {
		t.Errorf("got %s of a topology that was not heard, want nothing of what it owns", facts)
	}
}
