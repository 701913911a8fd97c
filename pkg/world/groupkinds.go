package world

// Groups of other protocols than consumers': share groups, which commit nothing and whose members own no partition
// alone, and streams groups, whose members are given tasks.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// told is the protocol of a group by what its members have said through the wire; empty for one of consumers, and for
// one that was not heard of.
func (g *Group) told() string {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	return g.world.protocols[g.Name]
}

// hear takes note of the protocol of a group. The world's lock is held.
func (w *World) hear(f *journal.Fact, m *journal.Membership) {
	if m.ProtocolType != journal.ShareProtocol && m.ProtocolType != journal.StreamsProtocol {
		return
	}
	if w.protocols == nil {
		w.protocols = map[string]string{}
	}
	w.protocols[f.Group] = m.ProtocolType
}

// Consumes is nil where a group's partitions are each read by one member, who commits how far it has come. It is
// inconclusive for a share group: nothing of that can be said of one.
func (g *Group) Consumes() error {
	if g.told() != journal.ShareProtocol {
		return nil
	}
	return g.shared()
}

func (g *Group) shared() error {
	return Final(fmt.Errorf("%w: %q is a share group (KIP-932): its members share partitions and commit no offsets, they "+
		"acknowledge records; use: every record of … was settled once in share group %q", verdict.ErrInconclusive, g.Name,
		g.Name))
}

// Commits is nil where a group may have committed offsets. One whose members were not heard is asked for.
func (g *Group) Commits(ctx context.Context) error {
	if err := g.Consumes(); err != nil {
		return err
	}
	if members, err := g.world.shareMembers(ctx, g.Physical()); err == nil && len(members) > 0 {
		return g.shared()
	}
	return nil
}

// membersOfOthers are those of a share group or a streams group. A cluster that has no such groups says so in many
// ways, so an error says that there are none.
func (w *World) membersOfOthers(ctx context.Context, physical string) ([]member, error) {
	found, err := w.shareMembers(ctx, physical)
	if err != nil || len(found) == 0 {
		found, err = w.streamsMembers(ctx, physical)
	}
	if err != nil && ctx.Err() == nil {
		return nil, nil
	}
	return found, err
}

func (w *World) shareMembers(ctx context.Context, physical string) ([]member, error) {
	groups, err := w.Admin().DescribeShareGroups(ctx, physical)
	group := groups[physical]
	if err == nil {
		err = group.Err
	}
	if errors.Is(err, kerr.GroupIDNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: describe share group: %w", err)
	}
	var found []member
	for _, m := range group.Members {
		found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: counted(m.Assignment),
			state: group.GroupState})
	}
	return found, nil
}

func (w *World) streamsMembers(ctx context.Context, physical string) ([]member, error) {
	request := kmsg.NewPtrStreamsGroupDescribeRequest()
	request.Groups = []string{physical}
	response, err := request.RequestWith(ctx, w.client)
	if err != nil {
		return nil, fmt.Errorf("could not look: describe streams group: %w", err)
	}
	var found []member
	for _, group := range response.Groups {
		if err := kerr.ErrorForCode(group.ErrorCode); errors.Is(err, kerr.GroupIDNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("could not look: describe streams group: %w", err)
		}
		sources := map[string][]string{}
		if group.Topology != nil {
			for _, sub := range group.Topology.Subtopologies {
				sources[sub.SubtopologyID] = sub.SourceTopics
			}
		}
		for _, m := range group.Members {
			given := map[string]int{}
			for _, task := range m.Assignment.ActiveTasks {
				for _, topic := range sources[task.SubtopologyID] {
					given[topic] += len(task.Partitions)
				}
			}
			found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: given, state: group.State})
		}
	}
	return found, nil
}

// The setting of a share group that says how often a record is delivered, and what it is where nobody set it. That of
// brokers, for all groups, is "group." before it.
const (
	deliveryLimit = "share.delivery.count.limit"
	usualLimit    = 5
)

// deliveryLimit is how often the share group delivers a record.
func (g *Group) deliveryLimit(ctx context.Context) (int16, error) {
	answer, err := g.world.answer(ctx, journal.Answer{Question: "delivery limit", Of: g.Name},
		func(ctx context.Context, a *journal.Answer) error {
			limit, err := g.askDeliveryLimit(ctx)
			a.Number = int64(limit)
			return err
		})
	return int16(answer.Number), err
}

func (g *Group) askDeliveryLimit(ctx context.Context) (int16, error) {
	brokers, err := g.world.Admin().ListBrokers(ctx)
	if err != nil {
		return 0, fmt.Errorf("could not look: list the brokers: %w", err)
	}
	own, all := int16(0), int16(usualLimit)
	request := kmsg.NewPtrDescribeConfigsRequest()
	ask := func(kind kmsg.ConfigResourceType, resource, setting string) {
		r := kmsg.NewDescribeConfigsRequestResource()
		r.ResourceType, r.ResourceName, r.ConfigNames = kind, resource, []string{setting}
		request.Resources = append(request.Resources, r)
	}
	ask(kmsg.ConfigResourceTypeGroupConfig, g.Physical(), deliveryLimit)
	for _, id := range brokers.NodeIDs() {
		ask(kmsg.ConfigResourceTypeBroker, strconv.Itoa(int(id)), "group."+deliveryLimit)
	}
	for _, shard := range g.world.client.RequestSharded(ctx, request) {
		if shard.Err != nil {
			return 0, fmt.Errorf("could not look: describe the delivery limit of group %q: %w", g.Name, shard.Err)
		}
		for _, r := range shard.Resp.(*kmsg.DescribeConfigsResponse).Resources {
			for _, c := range r.Configs {
				if c.Value == nil {
					continue
				}
				limit, err := strconv.ParseInt(*c.Value, 10, 16)
				switch {
				case err != nil:
				case r.ResourceType == kmsg.ConfigResourceTypeGroupConfig:
					own = int16(limit)
				default:
					all = int16(limit)
				}
			}
		}
	}
	return cmp.Or(own, all), nil
}
