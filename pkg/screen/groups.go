package screen

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// fetchedOffsets puts right the offsets of unknown groups, and notes that are null where Apache Kafka has an empty one.
func fetchedOffsets(s *state, request kmsg.Request, _ any, answer kmsg.Response) bool {
	offsetsOfUnknownGroups(s, request, answer)
	got := answer.(*kmsg.OffsetFetchResponse)
	for _, t := range got.Topics {
		for i := range t.Partitions {
			emptyText(&t.Partitions[i].Metadata)
		}
	}
	for _, g := range got.Groups {
		for _, t := range g.Topics {
			for i := range t.Partitions {
				emptyText(&t.Partitions[i].Metadata)
			}
		}
	}
	return true
}

func emptyText(note **string) {
	if *note == nil {
		*note = new(string)
	}
}

// offsetsOfUnknownGroups: a group that nobody has heard of has no offsets, which is no error. Apache Kafka answers -1
// for each partition asked for (OffsetMetadataManager.fetchOffsets).
func offsetsOfUnknownGroups(s *state, request kmsg.Request, answer kmsg.Response) (changed bool) {
	asked, got := request.(*kmsg.OffsetFetchRequest), answer.(*kmsg.OffsetFetchResponse)
	// Versions 0 and 1 have no error code for the whole answer.
	if unknown := got.ErrorCode == kerr.GroupIDNotFound.Code; got.Version < 8 &&
		(unknown || got.Version < 2 && len(got.Topics) == 0) {
		got.ErrorCode, got.Topics = 0, nil
		for _, t := range asked.Topics {
			topic := kmsg.NewOffsetFetchResponseTopic()
			topic.Topic = t.Topic
			for _, p := range t.Partitions {
				partition := kmsg.NewOffsetFetchResponseTopicPartition()
				partition.Partition, partition.Offset, partition.LeaderEpoch = p, -1, -1
				partition.Metadata = new(string)
				partition.ErrorCode = s.unstableOffset(asked, asked.Group, t.Topic, p)
				topic.Partitions = append(topic.Partitions, partition)
			}
			got.Topics = append(got.Topics, topic)
		}
		return true
	}
	for i := range got.Groups {
		g := &got.Groups[i]
		if g.ErrorCode != kerr.GroupIDNotFound.Code {
			continue
		}
		changed, g.ErrorCode, g.Topics = true, 0, nil
		for _, of := range asked.Groups {
			if of.Group != g.Group {
				continue
			}
			for _, t := range of.Topics {
				topic := kmsg.NewOffsetFetchResponseGroupTopic()
				topic.Topic, topic.TopicID = t.Topic, t.TopicID
				for _, p := range t.Partitions {
					partition := kmsg.NewOffsetFetchResponseGroupTopicPartition()
					partition.Partition, partition.Offset, partition.LeaderEpoch = p, -1, -1
					partition.Metadata = new(string)
					partition.ErrorCode = s.unstableOffset(asked, of.Group, t.Topic, p)
					topic.Partitions = append(topic.Partitions, partition)
				}
				g.Topics = append(g.Topics, topic)
			}
		}
	}
	return changed
}

// A member of a group that is not there is unknown, as it is in any other group. Java's client takes the broker's own
// answer, GROUP_ID_NOT_FOUND, for one that it cannot recover from.
func unknownMember(code *int16) (changed bool) {
	if *code == kerr.GroupIDNotFound.Code {
		*code, changed = kerr.UnknownMemberID.Code, true
	}
	return changed
}

func beaten(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	return unknownMember(&answer.(*kmsg.HeartbeatResponse).ErrorCode)
}

func synced(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) bool {
	return unknownMember(&answer.(*kmsg.SyncGroupResponse).ErrorCode)
}

func left(s *state, request kmsg.Request, _ any, answer kmsg.Response) bool {
	asked, got := request.(*kmsg.LeaveGroupRequest), answer.(*kmsg.LeaveGroupResponse)
	s.setMember(member{asked.Group, asked.MemberID}, nil)
	for _, m := range asked.Members {
		s.setMember(member{asked.Group, m.MemberID}, nil)
	}
	if !unknownMember(&got.ErrorCode) {
		return false
	}
	if got.Version < 3 {
		return true
	}
	got.ErrorCode = 0
	for _, m := range asked.Members {
		r := kmsg.NewLeaveGroupResponseMember()
		r.MemberID, r.InstanceID, r.ErrorCode = m.MemberID, m.InstanceID, kerr.UnknownMemberID.Code
		got.Members = append(got.Members, r)
	}
	return true
}

// groupStates are the states of groups as kfake writes them. Apache Kafka compares without case.
var groupStates = []string{"PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Empty", "Assigning",
	"Reconciling", "NotReady"}

// lowerFilters writes the filters as kfake compares them: Java's Admin asks for groups of type Consumer, for one.
func lowerFilters(_ *state, request kmsg.Request) (any, bool) {
	asked := request.(*kmsg.ListGroupsRequest)
	for i, s := range asked.StatesFilter {
		for _, known := range groupStates {
			if strings.EqualFold(s, known) {
				asked.StatesFilter[i] = known
			}
		}
	}
	for i, t := range asked.TypesFilter {
		asked.TypesFilter[i] = strings.ToLower(t)
	}
	return nil, len(asked.StatesFilter)+len(asked.TypesFilter) > 0
}

// listedGroups: Java's Admin takes only groups of protocol type consumer for groups of consumers.
func listedGroups(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.ListGroupsResponse)
	for i := range got.Groups {
		if g := &got.Groups[i]; g.GroupType == "consumer" && g.ProtocolType == "" {
			g.ProtocolType, changed = "consumer", true
		}
	}
	return changed
}

func beaten848(_ *state, request kmsg.Request, _ any, answer kmsg.Response) bool {
	asked, got := request.(*kmsg.ConsumerGroupHeartbeatRequest), answer.(*kmsg.ConsumerGroupHeartbeatResponse)
	if got.ErrorCode == 0 {
		return false
	}
	got.HeartbeatIntervalMillis = 0
	if e := asked.SubscribedTopicRegex; e != nil && got.ErrorCode == kerr.InvalidRequest.Code {
		if _, err := regexp.Compile(*e); err != nil {
			got.ErrorCode = kerr.InvalidRegularExpression.Code
		}
	}
	return true
}

// describedGroups adds what kfake leaves out: the names of topics, of which it has the ids only, the assignor that it
// takes where nobody asks for one, and the regular expression that is empty where a member has none.
func (s *state) describedGroups(_ kmsg.Request, _ any, answer kmsg.Response) bool {
	got := answer.(*kmsg.ConsumerGroupDescribeResponse)
	for i := range got.Groups {
		g := &got.Groups[i]
		nameUnknown(g.Group, g.ErrorCode, &g.ErrorMessage)
		if g.ErrorCode == 0 && g.AssignorName == "" {
			g.AssignorName = "uniform"
		}
		for j := range g.Members {
			m := &g.Members[j]
			emptyText(&m.SubscribedTopicRegex)
			for _, a := range []kmsg.Assignment{m.Assignment, m.TargetAssignment} {
				for k := range a.TopicPartitions {
					a.TopicPartitions[k].Topic = s.nameOf(a.TopicPartitions[k].TopicID)
				}
			}
		}
	}
	return true
}

func describedShareGroups(_ *state, _ kmsg.Request, _ any, answer kmsg.Response) (changed bool) {
	got := answer.(*kmsg.ShareGroupDescribeResponse)
	for i := range got.Groups {
		g := &got.Groups[i]
		changed = nameUnknown(g.GroupID, g.ErrorCode, &g.ErrorMessage) || changed
	}
	return changed
}

// nameUnknown gives the error of an unknown group the words of Apache Kafka.
func nameUnknown(group string, code int16, words **string) (unknown bool) {
	if code != kerr.GroupIDNotFound.Code {
		return false
	}
	named := fmt.Sprintf("Group %s not found.", group)
	*words = &named
	return true
}
