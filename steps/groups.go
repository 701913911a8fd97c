package steps

// Consumer groups: committed offsets, being caught up, members.

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func groupSteps(s *Registry) {
	s.Then("group {group} has committed nothing of {topic}", hasCommittedNothing)
	s.Then("group {group} has committed offset {int} of {topic} partition {int}", hasCommitted)
	s.Then("group {group} has no lag on {topic}", hasNoLag)
	s.Then("group {group} has {int} member(s)", hasMembers)
	s.Step("{app} has caught up with {topic}", hasCaughtUp, Awaited)
}

// hasCaughtUp waits until the application's group has committed everything that is in the topic now. Control markers
// and aborted records at the end do not count as lag. An application that ends meanwhile fails the step at once.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" is empty
func hasCaughtUp(ctx context.Context, name, topic string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.group == "" {
		return final(fmt.Errorf("application %q is in no group, so nothing says how far it has read; use: application %q "+
			"has finished", name, name))
	}
	if err := w.noLag(ctx, a.group, topic); err != nil {
		return errors.Join(err, w.alive(a))
	}
	return nil
}

// hasNoLag waits until the group has committed everything that is in the topic now, whoever its members are.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When the record "{}" is sent to "orders"
//	Then within 10s group "shipping" has no lag on "orders"
func hasNoLag(ctx context.Context, group, topic string) error {
	return FromContext(ctx).noLag(ctx, group, topic)
}

// hasCommitted compares the committed offset, which is the next one to be read, of one partition.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	Then group "shipping" has committed offset 1 of "orders" partition 0
func hasCommitted(ctx context.Context, group string, want int64, topic string, partition int64) error {
	w := FromContext(ctx)
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	committed, err := w.committed(ctx, group, t)
	if err != nil {
		return err
	}
	if partition < 0 || partition >= int64(len(committed)) {
		return final(fmt.Errorf("topic %q has %s, so there is no partition %d", topic,
			counted(int64(len(committed)), "partition"), partition))
	}
	switch got := committed[partition]; {
	case got == want:
		return nil
	case got < 0:
		return fmt.Errorf("group %q: got no commit of %q partition %d, want offset %d", group, topic, partition, want)
	default:
		return fmt.Errorf("group %q: got committed offset %d of %q partition %d, want %d", group, got, topic, partition, want)
	}
}

// hasCommittedNothing is satisfied while the group has no committed offset on any partition of the topic. Say for how
// long to look.
//
//	Given topic "orders" with 1 partition
//	Then for 100ms group "shipping" has committed nothing of "orders"
func hasCommittedNothing(ctx context.Context, group, topic string) error {
	w := FromContext(ctx)
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	committed, err := w.committed(ctx, group, t)
	if err != nil {
		return err
	}
	for p, o := range committed {
		if o >= 0 {
			return final(fmt.Errorf("group %q: got committed offset %d of %q partition %d, want none", group, o, topic, p))
		}
	}
	return nil
}

// hasMembers counts the members of a group, whatever their protocol.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then group "shipping" has 1 member
func hasMembers(ctx context.Context, group string, want int64) error {
	w := FromContext(ctx)
	members, err := w.members(ctx, w.Session.Names().Group(group))
	if err != nil {
		return err
	}
	if int64(len(members)) != want {
		return fmt.Errorf("group %q: got %s, want %d", group, counted(int64(len(members)), "member"), want)
	}
	return nil
}

// committed returns the committed offset of each partition, -1 where there is none.
func (w *World) committed(ctx context.Context, group string, t *topic) (offsets, error) {
	admin, err := w.admin()
	if err != nil {
		return nil, err
	}
	found := slices.Repeat(offsets{-1}, int(t.partitions))
	responses, err := admin.FetchOffsets(ctx, w.Session.Names().Group(group))
	if errors.Is(err, kerr.GroupIDNotFound) {
		return found, nil
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: fetch the committed offsets of group %q: %w", group, err)
	}
	for p := range found {
		if o, ok := responses.Lookup(t.physical, int32(p)); ok {
			if o.Err != nil {
				return nil, fmt.Errorf("could not look: committed offset of group %q on %q partition %d: %w", group, t.name, p,
					o.Err)
			}
			found[p] = o.At
		}
	}
	return found, nil
}

// noLag is nil when no data record lies behind the group's committed offsets.
func (w *World) noLag(ctx context.Context, group, name string) error {
	t, err := w.topic(name)
	if err != nil {
		return err
	}
	start, end, err := w.bounds(ctx, t)
	if err != nil {
		return err
	}
	committed, err := w.committed(ctx, group, t)
	if err != nil {
		return err
	}
	from := make(offsets, len(end))
	behind := false
	for p := range end {
		from[p] = max(start[p], at(committed, p))
		behind = behind || from[p] < end[p]
	}
	if !behind {
		return nil
	}
	lag := make(map[int32]int64)
	if err := w.read(ctx, t, slices.Clone(from), end, func(r *record.Record) { lag[r.Partition]++ }); err != nil {
		return err
	}
	for p := range end {
		if n := lag[int32(p)]; n > 0 {
			return fmt.Errorf("group %q is behind on %q partition %d: got committed offset %s, want %d (%s not consumed)", group,
				name, p, offsetText(at(committed, p)), end[p], counted(n, "record"))
		}
	}
	return nil
}

// waitCaughtUp waits until the application has caught up with every topic it reads.
func (w *World) waitCaughtUp(ctx context.Context, name string) error {
	a, err := w.application(name)
	if err != nil {
		return err
	}
	for _, topic := range a.inputs {
		what := fmt.Sprintf("%q to catch up with %q", name, topic)
		if err := w.until(ctx, 0, what, func(ctx context.Context) error {
			return hasCaughtUp(ctx, name,
				topic)
		}); err != nil {
			return err
		}
	}
	return nil
}

// at tolerates a topic that has grown since the offsets were taken.
func at(o offsets, p int) int64 {
	if p < len(o) {
		return o[p]
	}
	return -1
}

func offsetText(o int64) string {
	if o < 0 {
		return "none"
	}
	return fmt.Sprint(o)
}

// member is one member of a group.
type member struct {
	id         string
	clientID   string
	partitions int
	stable     bool
}

// members asks for a group by the classic protocol and, where the group is of the other kind, by KIP-848's.
func (w *World) members(ctx context.Context, physical string) ([]member, error) {
	admin, err := w.admin()
	if err != nil {
		return nil, err
	}
	groups, err := admin.DescribeGroups(ctx, physical)
	if err != nil {
		return nil, fmt.Errorf("could not look: describe group: %w", err)
	}
	var found []member
	group := groups[physical]
	for _, m := range group.Members {
		assigned, _ := m.Assigned.AsConsumer()
		n := 0
		if assigned != nil {
			for _, t := range assigned.Topics {
				n += len(t.Partitions)
			}
		}
		found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: n, stable: group.State == "Stable"})
	}
	if len(found) > 0 {
		return found, nil
	}
	return w.consumerGroupMembers(ctx, admin, physical)
}

func (w *World) consumerGroupMembers(ctx context.Context, admin *kadm.Client, physical string) ([]member, error) {
	groups, err := admin.DescribeConsumerGroups(ctx, physical)
	group := groups[physical]
	switch {
	case errors.Is(err, kerr.UnsupportedVersion), errors.Is(group.Err, kerr.UnsupportedVersion),
		errors.Is(group.Err, kerr.GroupIDNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("could not look: describe consumer group: %w", err)
	}
	var found []member
	for _, m := range group.Members {
		n := 0
		for _, partitions := range m.Assignment {
			n += len(partitions)
		}
		found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: n, stable: group.State == "Stable"})
	}
	return found, nil
}

// readiness returns the check that an application that is about to start has joined its group: the group is stable, has
// given out partitions, and has a member that was not there before and calls itself by the application's name. A client
// that chooses its own id only has to be new. With more members than partitions the new one may rightly hold none.
func (w *World) readiness(ctx context.Context, physical, clientID string) func(context.Context) (bool, error) {
	before := map[string]bool{} // those of a killed application stay until their session ends
	if members, err := w.members(ctx, physical); err == nil {
		for _, m := range members {
			before[m.id] = true
		}
	}
	return func(ctx context.Context) (bool, error) {
		members, err := w.members(ctx, physical)
		if err != nil {
			return false, err
		}
		assigned, joined := false, false
		for _, m := range members {
			if !m.stable {
				return false, nil
			}
			assigned = assigned || m.partitions > 0
			joined = joined || !before[m.id] && (m.clientID == clientID || !w.isApplication(m.clientID))
		}
		return assigned && joined, nil
	}
}

// isApplication says whether a client id is the name of one of the scenario's applications.
func (w *World) isApplication(clientID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.applications[clientID]
	return ok
}
