package world

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Committed returns the committed offset of each partition, -1 where there is none.
func (w *World) Committed(ctx context.Context, group string, t *Topic) (Offsets, error) {
	admin, err := w.Admin()
	if err != nil {
		return nil, err
	}
	found := slices.Repeat(Offsets{-1}, int(t.Partitions))
	responses, err := admin.FetchOffsets(ctx, w.Session.Names().Group(group))
	if errors.Is(err, kerr.GroupIDNotFound) {
		return found, nil
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: fetch the committed offsets of group %q: %w", group, err)
	}
	for p := range found {
		if o, ok := responses.Lookup(t.Physical, int32(p)); ok {
			if o.Err != nil {
				return nil, fmt.Errorf("could not look: committed offset of group %q on %q partition %d: %w", group, t.Name, p,
					o.Err)
			}
			found[p] = o.At
		}
	}
	return found, nil
}

// NoLag is nil when no data record lies behind the group's committed offsets.
func (w *World) NoLag(ctx context.Context, group, name string) error {
	t, err := w.Topic(name)
	if err != nil {
		return err
	}
	start, end, err := w.Bounds(ctx, t)
	if err != nil {
		return err
	}
	committed, err := w.Committed(ctx, group, t)
	if err != nil {
		return err
	}
	if err := w.notPastEnd(ctx, group, t, committed, end); err != nil {
		return err
	}
	from := make(Offsets, len(end))
	behind := false
	for p := range end {
		from[p] = max(start[p], OffsetAt(committed, p))
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
				name, p, offsetText(OffsetAt(committed, p)), end[p], words.Counted(n, "record"))
		}
	}
	return nil
}

// notPastEnd is an error where a group has committed what the log does not hold: it would skip what comes next, so it
// has not caught up. End is the last stable offset; what is read uncommitted may be committed up to the high watermark.
func (w *World) notPastEnd(ctx context.Context, group string, t *Topic, committed, end Offsets) error {
	past := func(end Offsets) int {
		for p, o := range committed {
			if p < len(end) && o > end[p] {
				return p
			}
		}
		return -1
	}
	if past(end) < 0 {
		return nil
	}
	ends, err := w.Ends(ctx, t)
	if err != nil {
		return err
	}
	if p := past(ends); p >= 0 {
		return Final(fmt.Errorf("group %q has committed offset %d of %q partition %d, past the end of the log at %d: what "+
			"comes next would be skipped", group, committed[p], t.Name, p, ends[p]))
	}
	return nil
}

// IsIn tells whether an application of the scenario is in a group.
func (w *World) IsIn(app, group string) bool {
	a, err := w.Application(app)
	return err == nil && a.Group == group
}

// CaughtUp is nil once the application's group has committed everything that is in the topic.
func (w *World) CaughtUp(ctx context.Context, name, topic string) error {
	a, err := w.Application(name)
	if err != nil {
		return err
	}
	if a.Group == "" {
		return Final(fmt.Errorf("application %q is in no group, so nothing says how far it has read; use: application %q "+
			"has finished", name, name))
	}
	if err := w.NoLag(ctx, a.Group, topic); err != nil {
		return errors.Join(err, w.Alive(a))
	}
	return nil
}

// AwaitCaughtUp waits until the application has caught up with every topic it reads.
func (w *World) AwaitCaughtUp(ctx context.Context, name string) error {
	a, err := w.Application(name)
	if err != nil {
		return err
	}
	for _, topic := range a.Inputs {
		what := fmt.Sprintf("%q to catch up with %q", name, topic)
		if err := w.Until(ctx, 0, what, func(ctx context.Context) error {
			return w.CaughtUp(ctx, name, topic)
		}); err != nil {
			return err
		}
	}
	return nil
}

// OffsetAt tolerates a topic that has grown since the offsets were taken.
func OffsetAt(o Offsets, p int) int64 {
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

// Group is one consumer group of the scenario.
type Group struct {
	Name  string // logical
	world *World
}

// Group returns the group of a name, which need not have members.
func (w *World) Group(name string) *Group { return &Group{name, w} }

// Member is one member of a group.
type Member struct {
	id         string
	clientID   string
	partitions int
	stable     bool
}

// Members asks for a group by the classic protocol and, where the group is of the other kind, by KIP-848's.
func (w *World) Members(ctx context.Context, physical string) ([]Member, error) {
	admin, err := w.Admin()
	if err != nil {
		return nil, err
	}
	groups, err := admin.DescribeGroups(ctx, physical)
	if err != nil {
		return nil, fmt.Errorf("could not look: describe group: %w", err)
	}
	var found []Member
	group := groups[physical]
	for _, m := range group.Members {
		assigned, _ := m.Assigned.AsConsumer()
		n := 0
		if assigned != nil {
			for _, t := range assigned.Topics {
				n += len(t.Partitions)
			}
		}
		found = append(found, Member{id: m.MemberID, clientID: m.ClientID, partitions: n, stable: group.State == "Stable"})
	}
	if len(found) > 0 {
		return found, nil
	}
	return w.consumerGroupMembers(ctx, admin, physical)
}

func (w *World) consumerGroupMembers(ctx context.Context, admin *kadm.Client, physical string) ([]Member, error) {
	groups, err := admin.DescribeConsumerGroups(ctx, physical)
	group := groups[physical]
	switch {
	case errors.Is(err, kerr.UnsupportedVersion), errors.Is(group.Err, kerr.UnsupportedVersion),
		errors.Is(group.Err, kerr.GroupIDNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("could not look: describe consumer group: %w", err)
	}
	var found []Member
	for _, m := range group.Members {
		n := 0
		for _, partitions := range m.Assignment {
			n += len(partitions)
		}
		found = append(found, Member{id: m.MemberID, clientID: m.ClientID, partitions: n, stable: group.State == "Stable"})
	}
	return found, nil
}

// readiness returns the check that an application that is about to start has joined its group: the group is stable, has
// given out partitions, and has a member that was not there before and calls itself by the application's name. A client
// that chooses its own id only has to be new. With more members than partitions the new one may rightly hold none.
func (w *World) readiness(ctx context.Context, physical, clientID string) func(context.Context) (bool, error) {
	before := map[string]bool{} // those of a killed application stay until their session ends
	if members, err := w.Members(ctx, physical); err == nil {
		for _, m := range members {
			before[m.id] = true
		}
	}
	return func(ctx context.Context) (bool, error) {
		members, err := w.Members(ctx, physical)
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
