package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// remove deletes all topics and groups that are claimed, those an application made by itself included. Nothing to
// delete is no error.
func (s *shared) remove(ctx context.Context, claims []claim) error {
	return s.removeThose(ctx,
		func(topic string) bool {
			return slices.ContainsFunc(claims, func(c claim) bool { return c.topic(topic) })
		},
		func(group string) bool {
			return slices.ContainsFunc(claims, func(c claim) bool { return c.group(group) })
		})
}

func (s *shared) removeThose(ctx context.Context, topic, group func(string) bool) error {
	return errors.Join(s.removeGroups(ctx, group), s.removeTopics(ctx, topic))
}

func (s *shared) removeTopics(ctx context.Context, ours func(string) bool) error {
	topics, err := s.listTopics(ctx)
	if err != nil {
		return err
	}
	topics = slices.DeleteFunc(topics, func(topic string) bool { return !ours(topic) })
	if len(topics) == 0 {
		return nil
	}
	deleted, err := kadm.NewClient(s.admin).DeleteTopics(ctx, topics...)
	if err != nil {
		return fmt.Errorf("cannot delete topics %v: %w", topics, err)
	}
	var failed error
	for _, topic := range deleted.Sorted() {
		if topic.Err != nil && !errors.Is(topic.Err, kerr.UnknownTopicOrPartition) {
			failed = errors.Join(failed, fmt.Errorf("cannot delete topic %s: %w", topic.Topic, topic.Err))
		}
	}
	return failed
}

func (s *shared) removeGroups(ctx context.Context, ours func(string) bool) error {
	var groups []string
	listed, failed := s.listGroups(ctx)
	for _, group := range listed {
		if !ours(group.Group) {
			continue
		}
		groups = append(groups, group.Group)
		if group.GroupState != "Empty" && group.GroupState != "Dead" {
			failed = errors.Join(failed, s.evict(ctx, group.Group, strings.ToLower(group.GroupType)))
		}
	}
	slices.Sort(groups)
	deleted, err := kadm.NewClient(s.admin).DeleteGroups(ctx, slices.Compact(groups)...)
	if err != nil {
		failed = errors.Join(failed, fmt.Errorf("cannot delete groups %v: %w", groups, err))
	}
	for _, group := range deleted.Sorted() {
		if group.Err != nil && !errors.Is(group.Err, kerr.GroupIDNotFound) {
			failed = errors.Join(failed, fmt.Errorf("cannot delete group %s: %w", group.Group, group.Err))
		}
	}
	return failed
}

// listTopics asks the cluster for the names of its topics: kadm answers from what it has heard lately.
func (s *shared) listTopics(ctx context.Context) (topics []string, err error) {
	listed, err := metadataOf().RequestWith(ctx, s.admin)
	if err != nil {
		return nil, fmt.Errorf("cannot list topics: %w", err)
	}
	for _, topic := range listed.Topics {
		if topic.Topic != nil {
			topics = append(topics, *topic.Topic)
		}
	}
	return topics, nil
}

// listGroups asks every broker for its groups. With an error it gives those of the others.
func (s *shared) listGroups(ctx context.Context) (groups []kmsg.ListGroupsResponseGroup, failed error) {
	for _, shard := range s.admin.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) {
		err := shard.Err
		if response, ok := shard.Resp.(*kmsg.ListGroupsResponse); ok && err == nil {
			err = kerr.ErrorForCode(response.ErrorCode)
			groups = append(groups, response.Groups...)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("cannot list groups: %w", err))
		}
	}
	return groups, failed
}

// leaveEpoch is the member epoch with which a member of a KIP-848 or KIP-932 group says goodbye.
const leaveEpoch = -1

// evict makes the members of a group leave. Those of applications that were killed would otherwise keep the group until
// their session times out, usually after 45 s. Kafka lets anyone who may read the group speak for its members.
func (s *shared) evict(ctx context.Context, group, kind string) error {
	goodbyes, failed := s.goodbyes(ctx, group, kind)
	for _, goodbye := range goodbyes {
		response, err := s.admin.Request(ctx, goodbye)
		switch response := response.(type) {
		case *kmsg.ConsumerGroupHeartbeatResponse:
			err = kerr.ErrorForCode(response.ErrorCode)
		case *kmsg.ShareGroupHeartbeatResponse:
			err = kerr.ErrorForCode(response.ErrorCode)
		case *kmsg.LeaveGroupResponse:
			err = kerr.ErrorForCode(response.ErrorCode)
		}
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return fmt.Errorf("cannot remove the members of group %s: %w", group, failed)
	}
	return nil
}

// goodbyes are the requests with which the members of a group leave.
func (s *shared) goodbyes(ctx context.Context, group, kind string) ([]kmsg.Request, error) {
	admin := kadm.NewClient(s.admin)
	var goodbyes []kmsg.Request
	switch kind {
	case "consumer":
		described, err := admin.DescribeConsumerGroups(ctx, group)
		for _, member := range described[group].Members {
			leaving := kmsg.NewPtrConsumerGroupHeartbeatRequest()
			leaving.Group, leaving.MemberID, leaving.InstanceID = group, member.MemberID, member.InstanceID
			leaving.MemberEpoch = leaveEpoch
			goodbyes = append(goodbyes, leaving)
		}
		return goodbyes, errors.Join(err, described[group].Err)
	case "share":
		described, err := admin.DescribeShareGroups(ctx, group)
		for _, member := range described[group].Members {
			leaving := kmsg.NewPtrShareGroupHeartbeatRequest()
			leaving.GroupID, leaving.MemberID, leaving.MemberEpoch = group, member.MemberID, leaveEpoch
			goodbyes = append(goodbyes, leaving)
		}
		return goodbyes, errors.Join(err, described[group].Err)
	}
	described, err := admin.DescribeGroups(ctx, group) // "classic", and "" from brokers older than 3.8
	all := kmsg.NewPtrLeaveGroupRequest()
	all.Group = group
	for _, member := range described[group].Members {
		leaving := kmsg.NewLeaveGroupRequestMember()
		leaving.MemberID, leaving.InstanceID = member.MemberID, member.InstanceID
		all.Members = append(all.Members, leaving)
	}
	if err := errors.Join(err, described[group].Err); err != nil {
		return nil, err
	}
	return []kmsg.Request{all}, nil
}
