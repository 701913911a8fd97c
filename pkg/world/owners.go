package world

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Owned returns all times in which the application owned a partition of a topic.
func (a *Application) Owned(t *Topic) ([]membership.Ownership, error) {
	if a.Group == "" {
		return nil, Final(fmt.Errorf("application %q is in no group, so it owns nothing; declare it with: in group …",
			a.Name))
	}
	if err := a.world.Group(a.Group).Consumes(); err != nil {
		return nil, err
	}
	facts := a.world.Journal.Select(func(f *journal.Fact) bool { return f.Group == a.Group })
	return slices.DeleteFunc(membership.Ownerships(facts, a.Group),
		func(o membership.Ownership) bool { return o.App != a.Name || o.Topic != t.Name }), nil
}

// JudgeWork judges all that is known of the group and a topic, and of the records in it.
func (g *Group) JudgeWork(ctx context.Context, t *Topic,
	judge func(*membership.History, *verdict.Records) verdict.Result) error {
	// The log is read before the facts: what was processed since is a record that does not exist, until the next look.
	records := verdict.NewRecords(t.Name)
	if err := t.ScanKnown(ctx, records.Input, records.Gone); err != nil {
		return err
	}
	if err := g.judge(t, func(h *membership.History) verdict.Result { return judge(h, records) }); err != nil {
		return err
	}
	return Settled(ctx, t)
}

// Judge judges all that is known of the group and a topic, of which each partition has one owner.
func (g *Group) Judge(t *Topic, judge func(*membership.History) verdict.Result) error {
	if err := g.Consumes(); err != nil {
		return err
	}
	return g.judge(t, judge)
}

func (g *Group) judge(t *Topic, judge func(*membership.History) verdict.Result) error {
	facts := g.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Group == g.Name || f.Topic == t.Name && !g.world.workBefore(f)
	})
	return Judged(judge(membership.Of(facts, g.Name, t.Name, g.Has)))
}

// JudgeShares judges what the members of a share group were given of a topic and what they said of it.
func (g *Group) JudgeShares(ctx context.Context, t *Topic) error {
	limit, err := g.deliveryLimit(ctx)
	if err != nil {
		return err
	}
	records := verdict.NewRecords(t.Name)
	if err := t.ScanKnown(ctx, records.Input, records.Gone); err != nil {
		return err
	}
	facts := g.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Group == g.Name || f.Kind == journal.Connected || f.Topic == t.Name && !g.world.workBefore(f)
	})
	if err := Judged(verdict.Shares(membership.SharesOf(facts, g.Name, t.Name, g.Has), records, limit)); err != nil {
		return err
	}
	return Settled(ctx, t)
}
