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

// remove deletes all topics and groups with one of the prefixes, those an application made by itself included. Nothing
// to delete is no error.
func (s *shared) remove(ctx context.Context, prefixes []string) error {
	ours := func(name string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	}
	return errors.Join(s.removeGroups(ctx, ours), s.removeTopics(ctx, ours))
}

func (s *shared) removeTopics(ctx context.Context, ours func(string) bool) error {
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = nil // all
	response, err := request.RequestWith(ctx, s.admin)
	if err != nil {
		return fmt.Errorf("cannot list topics: %w", err)
	}
	var topics []string
	for _, topic := range response.Topics {
		if topic.Topic != nil && ours(*topic.Topic) {
			topics = append(topics, *topic.Topic)
		}
	}
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
	var failed error
	for _, shard := range s.admin.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) {
		if shard.Err != nil {
			failed = errors.Join(failed, fmt.Errorf("cannot list groups: %w", shard.Err))
			continue
		}
		response := shard.Resp.(*kmsg.ListGroupsResponse)
		if err := kerr.ErrorForCode(response.ErrorCode); err != nil {
			failed = errors.Join(failed, fmt.Errorf("cannot list groups: %w", err))
			continue
		}
		for _, group := range response.Groups {
			if !ours(group.Group) {
				continue
			}
			groups = append(groups, group.Group)
			if group.GroupState != "Empty" && group.GroupState != "Dead" {
				failed = errors.Join(failed, s.evict(ctx, group.Group, strings.ToLower(group.GroupType)))
			}
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

// evict makes the members of a group leave. Those of applications that were killed would otherwise keep the group until
// their session times out, usually after 45 s. Kafka lets anyone who may read the group speak for its members.
func (s *shared) evict(ctx context.Context, group, kind string) error {
	var err error
	switch kind {
	case "consumer":
		err = s.evictConsumers(ctx, group)
	case "share":
		err = s.evictShareConsumers(ctx, group)
	default: // "classic", and "" from brokers older than 3.8
		err = s.evictClassic(ctx, group)
	}
	if err != nil {
		return fmt.Errorf("cannot remove the members of group %s: %w", group, err)
	}
	return nil
}

func (s *shared) evictClassic(ctx context.Context, group string) error {
	described, err := kadm.NewClient(s.admin).DescribeGroups(ctx, group)
	if err != nil {
		return err
	}
	if err := described[group].Err; err != nil {
		return err
	}
	request := kmsg.NewPtrLeaveGroupRequest()
	request.Group = group
	for _, member := range described[group].Members {
		leaving := kmsg.NewLeaveGroupRequestMember()
		leaving.MemberID, leaving.InstanceID = member.MemberID, member.InstanceID
		request.Members = append(request.Members, leaving)
	}
	response, err := request.RequestWith(ctx, s.admin)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(response.ErrorCode)
}

// leaveEpoch is the member epoch with which a member of a KIP-848 or KIP-932 group says goodbye.
const leaveEpoch = -1

func (s *shared) evictConsumers(ctx context.Context, group string) error {
	described, err := kadm.NewClient(s.admin).DescribeConsumerGroups(ctx, group)
	if err != nil {
		return err
	}
	failed := described[group].Err
	for _, member := range described[group].Members {
		request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
		request.Group, request.MemberID, request.InstanceID, request.MemberEpoch = group, member.MemberID, member.InstanceID,
			leaveEpoch
		response, err := request.RequestWith(ctx, s.admin)
		if err == nil {
			err = kerr.ErrorForCode(response.ErrorCode)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (s *shared) evictShareConsumers(ctx context.Context, group string) error {
	described, err := kadm.NewClient(s.admin).DescribeShareGroups(ctx, group)
	if err != nil {
		return err
	}
	failed := described[group].Err
	for _, member := range described[group].Members {
		request := kmsg.NewPtrShareGroupHeartbeatRequest()
		request.GroupID, request.MemberID, request.MemberEpoch = group, member.MemberID, leaveEpoch
		response, err := request.RequestWith(ctx, s.admin)
		if err == nil {
			err = kerr.ErrorForCode(response.ErrorCode)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}
