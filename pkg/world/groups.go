package world

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// NoLag is nil when no data record lies behind the group's committed offsets.
func (g *Group) NoLag(ctx context.Context, t *Topic) error {
	start, end, err := t.bounds(ctx)
	if err != nil {
		return err
	}
	committed, err := g.Committed(ctx, t)
	if err != nil {
		return err
	}
	if err := g.notPastEnd(ctx, t, committed, end); err != nil {
		return err
	}
	from := make(Offsets, len(end))
	behind := false
	for p := range end {
		from[p] = max(start[p], committed.At(p))
		behind = behind || from[p] < end[p]
	}
	if !behind {
		return Settled(ctx, t)
	}
	lag, err := g.world.offsets(ctx, journal.Answer{Question: "lag", Of: g.Name, On: t.Name},
		func(ctx context.Context) (Offsets, error) {
			lag := make(Offsets, len(end))
			err := t.read(ctx, nil, slices.Clone(from), end, func(r *record.Record) { lag[r.Partition]++ })
			return lag, err
		})
	if err != nil {
		return err
	}
	for p := range end {
		if n := lag.At(p); n > 0 {
			return fmt.Errorf("group %q is behind on %q partition %d: got committed offset %s, want %d (%s not consumed)",
				g.Name, t.Name, p, offsetText(committed.At(p)), end[p], words.Counted(n, "record"))
		}
	}
	return Settled(ctx, t)
}

// notPastEnd is an error where a group has committed what the log does not hold: it would skip what comes next, so it
// has not caught up. End is the last stable offset; what is read uncommitted may be committed up to the high watermark.
func (g *Group) notPastEnd(ctx context.Context, t *Topic, committed, end Offsets) error {
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
	ends, err := t.Ends(ctx)
	if err != nil {
		return err
	}
	if p := past(ends); p >= 0 {
		err := fmt.Errorf("group %q has committed offset %d of %q partition %d, past the end of the log at %d: what "+
			"comes next would be skipped", g.Name, committed[p], t.Name, p, ends[p])
		if t.remade > 0 { // it may be of the topic before, until its reader notices
			return err
		}
		return Final(err)
	}
	return nil
}

// Has tells whether an application of the scenario was declared to be in the group.
func (g *Group) Has(app string) bool {
	a, err := g.world.Application(app)
	return err == nil && a.Group == g.Name
}

// CaughtUp is nil once the application's group has committed everything that is in the topic.
func (a *Application) CaughtUp(ctx context.Context, t *Topic) error {
	if a.Group == "" {
		return Final(fmt.Errorf("application %q is in no group, so nothing says how far it has read; use: application %q "+
			"has finished", a.Name, a.Name))
	}
	if err := a.world.Group(a.Group).NoLag(ctx, t); err != nil {
		return errors.Join(a.Odd(err), a.Alive())
	}
	return nil
}

// AwaitCaughtUp waits until the application has caught up with every topic it reads.
func (a *Application) AwaitCaughtUp(ctx context.Context) error {
	if a.world.past != nil { // what was seen then was seen once it had
		return nil
	}
	if a.Group == "" {
		return a.CaughtUp(ctx, nil)
	}
	for _, input := range a.Inputs {
		t, err := a.world.Present(ctx, input)
		if err == nil {
			what := fmt.Sprintf("%q to catch up with %q", a.Name, input)
			err = a.world.Until(ctx, 0, what, func(ctx context.Context) error { return a.CaughtUp(ctx, t) })
		}
		if err != nil {
			return err
		}
	}
	return nil
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

// Physical is the group's name on the cluster.
func (g *Group) Physical() string { return g.world.Session.Names().Group(g.Name) }

// Told is an error while none of the applications that are declared to be in the group was started, so that what the
// group has not done shows nothing.
func (g *Group) Told() error {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	name := ""
	for _, a := range g.world.applications {
		if a.Group == g.Name && a.begun() {
			return nil
		}
		if a.Group == g.Name && (name == "" || a.Name < name) {
			name = a.Name
		}
	}
	if name == "" { // somebody else's
		return nil
	}
	return fmt.Errorf("%w: no application in group %q was started; add: When application %q is started",
		verdict.ErrInconclusive, g.Name, name)
}

// member is one member of a group.
type member struct {
	id         string
	clientID   string
	partitions map[string]int // how many of each topic, by physical name
	state      string         // of the group
}

// stable is the state of a group that has given out its partitions.
const stable = "Stable"

// Members counts the members of the group.
func (g *Group) Members(ctx context.Context) (int, error) {
	answer, err := g.world.answer(ctx, journal.Answer{Question: "members", Of: g.Name},
		func(ctx context.Context, a *journal.Answer) error {
			answered := asks(ctx)
			members, err := g.members(ctx)
			answered()
			a.Number = int64(len(members))
			return err
		})
	return int(answer.Number), err
}

// members asks for a group by the protocol that its members speak. Where they were not heard, it is asked for by the
// classic protocol and by the others.
func (g *Group) members(ctx context.Context) ([]member, error) {
	switch g.told() {
	case journal.ShareProtocol:
		return g.world.shareMembers(ctx, g.Physical())
	case journal.StreamsProtocol:
		return g.world.streamsMembers(ctx, g.Physical())
	}
	return g.world.membersOf(ctx, g.Physical())
}

func (w *World) membersOf(ctx context.Context, physical string) ([]member, error) {
	admin := w.Admin()
	groups, err := admin.DescribeGroups(ctx, physical)
	if err != nil {
		return nil, fmt.Errorf("could not look: describe group: %w", err)
	}
	var found []member
	group := groups[physical]
	for _, m := range group.Members {
		assigned, _ := m.Assigned.AsConsumer()
		given := map[string]int{}
		if assigned != nil {
			for _, t := range assigned.Topics {
				given[t.Topic] = len(t.Partitions)
			}
		}
		found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: given, state: group.State})
	}
	if len(found) > 0 {
		return found, nil
	}
	if found, err = consumerGroupMembers(ctx, admin, physical); err != nil || len(found) > 0 {
		return found, err
	}
	return w.membersOfOthers(ctx, physical)
}

func consumerGroupMembers(ctx context.Context, admin *kadm.Client, physical string) ([]member, error) {
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
		found = append(found, member{id: m.MemberID, clientID: m.ClientID, partitions: counted(m.Assignment),
			state: group.State})
	}
	return found, nil
}

// counted is how many partitions of each topic there are.
func counted(topics kadm.TopicsSet) map[string]int {
	counts := map[string]int{}
	for topic, partitions := range topics {
		counts[topic] = len(partitions)
	}
	return counts
}
