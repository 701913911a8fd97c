package wire

import "github.com/twmb/franz-go/pkg/kmsg"

// consumerProtocol is the protocol type whose metadata and assignments are those of consumers.
const consumerProtocol = "consumer"

func (n *naming) joinGroup(request *kmsg.JoinGroupRequest, answer kmsg.Response) []Detail {
	m := &Membership{
		Group: n.group(request.Group), Member: request.MemberID, InstanceID: text(request.InstanceID),
		Generation: -1, ProtocolType: request.ProtocolType,
	}
	for i, protocol := range request.Protocols {
		var metadata kmsg.ConsumerMemberMetadata
		if request.ProtocolType != consumerProtocol || decodeConsumer(&metadata, protocol.Metadata) != nil {
			continue
		}
		if i == 0 {
			m.Protocol, m.Subscribed, m.Owned = protocol.Name, []string{}, []TopicPartitions{}
			for _, topic := range metadata.Topics {
				m.Subscribed = append(m.Subscribed, n.topic(topic, [16]byte{}))
			}
			for _, owned := range metadata.OwnedPartitions {
				m.Owned = append(m.Owned, TopicPartitions{n.topic(owned.Topic, [16]byte{}), owned.Partitions})
			}
		}
	}
	if response, ok := answer.(*kmsg.JoinGroupResponse); ok {
		m.Code = response.ErrorCode
		if response.MemberID != "" {
			m.Member = response.MemberID
		}
		if m.Code == 0 {
			m.Generation, m.Leader, m.Members = response.Generation, response.LeaderID == response.MemberID,
				len(response.Members)
			m.Protocol = text(response.Protocol)
		}
	}
	return []Detail{m}
}

func (n *naming) syncGroup(request *kmsg.SyncGroupRequest, answer kmsg.Response) []Detail {
	m := &Membership{
		Group: n.group(request.Group), Member: request.MemberID, InstanceID: text(request.InstanceID),
		Generation:   request.Generation,
		ProtocolType: text(request.ProtocolType), Protocol: text(request.Protocol), Members: len(request.GroupAssignment),
		Leader: len(request.GroupAssignment) > 0,
	}
	response, ok := answer.(*kmsg.SyncGroupResponse)
	if !ok {
		return []Detail{m}
	}
	m.Code = response.ErrorCode
	var assignment kmsg.ConsumerMemberAssignment
	switch {
	case m.Code != 0 || m.ProtocolType != consumerProtocol && m.ProtocolType != "": // it is not told before version 5
	case len(response.MemberAssignment) == 0:
		m.Assigned = []TopicPartitions{}
	case decodeConsumer(&assignment, response.MemberAssignment) == nil:
		m.Assigned = make([]TopicPartitions, 0, len(assignment.Topics))
		for _, t := range assignment.Topics {
			m.Assigned = append(m.Assigned, TopicPartitions{n.topic(t.Topic, [16]byte{}), t.Partitions})
		}
	}
	return []Detail{m}
}

func (n *naming) heartbeat(request *kmsg.HeartbeatRequest, answer kmsg.Response) []Detail {
	m := &Membership{
		Group: n.group(request.Group), Member: request.MemberID, InstanceID: text(request.InstanceID),
		Generation: request.Generation,
	}
	if response, ok := answer.(*kmsg.HeartbeatResponse); ok {
		m.Code = response.ErrorCode
	}
	return []Detail{m}
}

func (n *naming) leaveGroup(request *kmsg.LeaveGroupRequest, answer kmsg.Response) []Detail {
	response, _ := answer.(*kmsg.LeaveGroupResponse)
	if len(request.Members) == 0 { // up to version 2
		m := &Membership{Group: n.group(request.Group), Member: request.MemberID, Generation: -1, Leaving: true}
		if response != nil {
			m.Code = response.ErrorCode
		}
		return []Detail{m}
	}
	details := make([]Detail, len(request.Members))
	for i, member := range request.Members {
		m := &Membership{
			Group: n.group(request.Group), Member: member.MemberID, InstanceID: text(member.InstanceID), Generation: -1,
			Leaving: true,
		}
		if response != nil {
			if m.Code = response.ErrorCode; m.Code == 0 && i < len(response.Members) {
				m.Code = response.Members[i].ErrorCode
			}
		}
		details[i] = m
	}
	return details
}

// consumerGroupHeartbeat is the whole of the new protocol (KIP-848): owned is what the member holds, assigned what it
// is to hold. Both are told only when they changed.
func (n *naming) consumerGroupHeartbeat(request *kmsg.ConsumerGroupHeartbeatRequest, answer kmsg.Response) []Detail {
	m := &Membership{
		Group: n.group(request.Group), Member: request.MemberID, InstanceID: text(request.InstanceID),
		Generation: request.MemberEpoch, ProtocolType: consumerProtocol, Protocol: text(request.ServerAssignor),
		Leaving: request.MemberEpoch < 0,
	}
	for _, topic := range request.SubscribedTopicNames {
		m.Subscribed = append(m.Subscribed, n.topic(topic, [16]byte{}))
	}
	if request.Topics != nil {
		m.Owned = make([]TopicPartitions, 0, len(request.Topics))
		for _, t := range request.Topics {
			m.Owned = append(m.Owned, TopicPartitions{n.topic("", t.TopicID), t.Partitions})
		}
	}
	response, ok := answer.(*kmsg.ConsumerGroupHeartbeatResponse)
	if !ok {
		return []Detail{m}
	}
	if m.Code = response.ErrorCode; m.Code != 0 {
		return []Detail{m}
	}
	if id := text(response.MemberID); id != "" {
		m.Member = id
	}
	m.Generation = response.MemberEpoch
	if response.Assignment != nil {
		m.Assigned = make([]TopicPartitions, 0, len(response.Assignment.Topics))
		for _, t := range response.Assignment.Topics {
			m.Assigned = append(m.Assigned, TopicPartitions{n.topic("", t.TopicID), t.Partitions})
		}
	}
	return []Detail{m}
}

func (n *naming) clientSoftware(request *kmsg.ApiVersionsRequest, answer kmsg.Response) []Detail {
	c := &ClientSoftware{Name: request.ClientSoftwareName, Version: request.ClientSoftwareVersion}
	if response, ok := answer.(*kmsg.ApiVersionsResponse); ok {
		c.Code = response.ErrorCode
	}
	return []Detail{c}
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
