package wire

import (
	"cmp"
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// consumerProtocol is the protocol type whose metadata and assignments are those of consumers.
const consumerProtocol = "consumer"

// member is the fact of something that a member of a group says.
func (n *naming) member(group, id string, instance *string, generation int32) (journal.Fact, *journal.Membership) {
	m := &journal.Membership{Member: id, InstanceID: text(instance), Generation: generation}
	return journal.Fact{Kind: journal.SaidOfGroup, Group: n.group(group), Partition: -1, Offset: -1, Detail: m}, m
}

func (n *naming) joinGroup(request *kmsg.JoinGroupRequest, answer kmsg.Response) []journal.Fact {
	f, m := n.member(request.Group, request.MemberID, request.InstanceID, -1)
	m.ProtocolType, m.Reason = request.ProtocolType, text(request.Reason)
	var metadata kmsg.ConsumerMemberMetadata
	if len(request.Protocols) > 0 && m.ProtocolType == consumerProtocol &&
		decodeConsumer(&metadata, request.Protocols[0].Metadata) == nil {
		m.Protocol, m.Subscribed = request.Protocols[0].Name, n.topics(metadata.Topics)
		m.Owned = n.partitions(metadata.OwnedPartitions)
	}
	response, ok := answer.(*kmsg.JoinGroupResponse)
	if !ok {
		return []journal.Fact{f}
	}
	m.Code = response.ErrorCode
	if response.MemberID != "" {
		m.Member = response.MemberID
	}
	if m.Code == 0 {
		m.Generation, m.Leader, m.Members = response.Generation, response.LeaderID == response.MemberID,
			len(response.Members)
		m.Protocol = text(response.Protocol)
	}
	return []journal.Fact{f}
}

func (n *naming) syncGroup(request *kmsg.SyncGroupRequest, answer kmsg.Response) []journal.Fact {
	f, m := n.member(request.Group, request.MemberID, request.InstanceID, request.Generation)
	m.ProtocolType, m.Protocol = text(request.ProtocolType), text(request.Protocol)
	m.Members, m.Leader = len(request.GroupAssignment), len(request.GroupAssignment) > 0
	response, ok := answer.(*kmsg.SyncGroupResponse)
	if !ok {
		return []journal.Fact{f}
	}
	m.Code = response.ErrorCode
	var assignment kmsg.ConsumerMemberAssignment
	switch {
	case m.Code != 0 || m.ProtocolType != consumerProtocol && m.ProtocolType != "": // it is not told before version 5
	case len(response.MemberAssignment) == 0:
		m.Assigned = []journal.TopicPartitions{}
	case decodeConsumer(&assignment, response.MemberAssignment) == nil:
		m.Assigned = n.partitions(assignment.Topics)
	}
	return []journal.Fact{f}
}

func (n *naming) leaveGroup(request *kmsg.LeaveGroupRequest, answer kmsg.Response) []journal.Fact {
	members := request.Members
	if len(members) == 0 { // up to version 2
		members = []kmsg.LeaveGroupRequestMember{{MemberID: request.MemberID}}
	}
	facts := make([]journal.Fact, len(members))
	for i, member := range members {
		f, m := n.member(request.Group, member.MemberID, member.InstanceID, -1)
		m.Leaving, m.Reason = true, text(member.Reason)
		if response, ok := answer.(*kmsg.LeaveGroupResponse); ok {
			if m.Code = response.ErrorCode; m.Code == 0 && i < len(response.Members) {
				m.Code = response.Members[i].ErrorCode
			}
		}
		facts[i] = f
	}
	return facts
}

// consumerGroupHeartbeat is the whole of the new protocol (KIP-848): owned is what the member holds, assigned what it
// is to hold. Both are told only when they changed. A member joins with epoch 0.
func (n *naming) consumerGroupHeartbeat(request *kmsg.ConsumerGroupHeartbeatRequest,
	answer kmsg.Response) []journal.Fact {
	f, m := n.heartbeat(consumerProtocol, request.Group, request.MemberID, request.InstanceID, request.MemberEpoch)
	m.Protocol = text(request.ServerAssignor)
	if request.SubscribedTopicNames != nil {
		m.Subscribed = n.topics(request.SubscribedTopicNames)
	}
	if request.Topics != nil {
		m.Owned = n.partitions(request.Topics)
	}
	response, ok := answer.(*kmsg.ConsumerGroupHeartbeatResponse)
	if ok && heard(m, response.ErrorCode, text(response.MemberID), response.MemberEpoch) && response.Assignment != nil {
		m.Assigned = n.partitions(response.Assignment.Topics)
	}
	return []journal.Fact{f}
}

// heartbeat is the fact of one in a group that shares out by itself (KIP-848, KIP-932, KIP-1071): a member joins with
// epoch 0, and leaves with one below.
func (n *naming) heartbeat(protocol, group, member string, instance *string,
	epoch int32) (journal.Fact, *journal.Membership) {
	f, m := n.member(group, member, instance, epoch)
	m.ProtocolType, m.Leaving, m.Joining = protocol, epoch < 0, epoch == 0
	return f, m
}

// heard takes the answer to a heartbeat, and reports false where it is an error. The answer to the first one may tell
// the member its id.
func heard(m *journal.Membership, code int16, member string, epoch int32) bool {
	if m.Code = code; code != 0 {
		return false
	}
	m.Member, m.Generation = cmp.Or(member, m.Member), epoch
	return true
}

// partitions are those of a list of topics, which each message has a type of its own for. It is not nil.
func (n *naming) partitions(topics any) []journal.TopicPartitions {
	all := reflect.ValueOf(topics)
	found := make([]journal.TopicPartitions, all.Len())
	for i := range found {
		key := topicKey(all.Index(i))
		found[i].Topic = n.topic(key.topic, key.topicID)
		found[i].Partitions, _ = all.Index(i).FieldByName("Partitions").Interface().([]int32)
	}
	return found
}

func (n *naming) topics(names []string) []string {
	logical := make([]string, len(names))
	for i, name := range names {
		logical[i] = n.topic(name, [16]byte{})
	}
	return logical
}

// decodeConsumer reads what members of a consumer group tell each other; the broker does not look at it.
func decodeConsumer(into interface{ ReadFrom([]byte) error }, from []byte) (err error) {
	defer recovered(&err)
	return into.ReadFrom(from)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
