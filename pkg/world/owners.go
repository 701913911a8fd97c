package world

import (
	"context"
	"fmt"
	"slices"
	"time"

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

// GivenAnything is nil once the application's group has told it what it is to own, be it nothing: what it does not own
// shows nothing before.
func (a *Application) GivenAnything() error {
	if len(a.world.Journal.Select(func(f *journal.Fact) bool {
		m, says := f.Detail.(*journal.Membership)
		return says && f.App == a.Name && f.Group == a.Group && m.Code == 0 && f.Request != nil &&
			f.Request.API != "JoinGroup" && !m.Leaving && f.Request.Outcome == journal.Answered
	})) > 0 {
		return nil
	}
	return fmt.Errorf("%w: group %q has told application %q nothing of what it is to own", verdict.ErrInconclusive,
		a.Group, a.Name)
}

// CouldLose is nil once something happened that could have taken from the application what it owned of a topic: a
// member joined, left or was declared dead, or the application or the cluster was disturbed.
func (a *Application) CouldLose(t *Topic, owned []membership.Ownership) error {
	if len(owned) == 0 {
		return fmt.Errorf("%w: application %q was given no partition of %q, so there is none that it could have lost",
			verdict.ErrInconclusive, a.Name, t.Name)
	}
	happened := a.world.Journal.Select(func(f *journal.Fact) bool {
		at, could := a.disturbs(f)
		return could && slices.ContainsFunc(owned, func(o membership.Ownership) bool {
			return o.From < at && (o.To == 0 || at <= o.To)
		})
	})
	if len(happened) > 0 {
		return nil
	}
	return fmt.Errorf("%w: while application %q owned partitions of %q nothing happened that could have taken one: no "+
		"member joined or left group %q, and nothing was disturbed", verdict.ErrInconclusive, a.Name, t.Name, a.Group)
}

// disturbs tells when the application could have lost partitions by what a fact tells; false where it could not.
func (a *Application) disturbs(f *journal.Fact) (at time.Duration, could bool) {
	switch f.Kind {
	case journal.GroupJoin, journal.GroupAssigned, journal.GroupLost, journal.GroupLeft, journal.GroupRevoked:
		m, says := f.Detail.(*journal.Membership)
		if !says || f.Group != a.Group || f.Request == nil || f.App == a.Name && m.Leaving {
			return 0, false
		}
		return f.Request.Sent, m.Leaving || m.Joining || f.Request.API == "JoinGroup" || f.Kind == journal.GroupLost
	case journal.FaultFired:
		return f.At, f.App == a.Name || f.App == ""
	case journal.Paused, journal.Killed:
		return f.At, f.App == a.Name
	}
	return 0, false
}

// JudgeWork judges all that is known of the group and a topic, and of the records in it.
func (g *Group) JudgeWork(ctx context.Context, t *Topic,
	judge func(*membership.History, *verdict.Records) verdict.Result) error {
	earlier, err := g.judgeWork(ctx, t, judge)
	earlier.judged = false
	return earlier.With(err)
}

// JudgeWorkAlways does so for what may be seen to hold with a topic that had the name before alone.
func (g *Group) JudgeWorkAlways(ctx context.Context, t *Topic,
	judge func(*membership.History, *verdict.Records) verdict.Result) error {
	earlier, err := g.judgeWork(ctx, t, judge)
	return earlier.With(err)
}

func (g *Group) judgeWork(ctx context.Context, t *Topic,
	judge func(*membership.History, *verdict.Records) verdict.Result) (earlier Earlier, err error) {
	// The log is read before the facts: what was processed since is a record that does not exist, until the next look.
	records := verdict.NewRecords(t.Name)
	if err := t.ScanKnown(ctx, records.Input, records.Gone); err != nil {
		return earlier, err
	}
	if err := t.EarlierDone(ctx, g.Name, g.Works(t), nil); err != nil {
		return earlier, err
	}
	if earlier, err = g.JudgeEarlier(t, func(h *membership.History, l *Life) (verdict.Result, error) {
		records := verdict.NewRecords(t.Name)
		err := l.Records(ctx, g, records.Gone)
		result, found := judge(h, records).Only(verdict.AllBut(verdict.NeverProcessed)) // EarlierDone has judged that
		if !found && result.Outcome == verdict.Fail {
			result.Outcome = verdict.Pass
			result = result.Unclear(h.UnclearWork)
		}
		return result, err
	}); err != nil {
		return earlier, err
	}
	err = g.judge(t, func(h *membership.History) verdict.Result { return judge(h, records) })
	if err = g.Unheard(err); err != nil {
		return earlier, Found(ctx, err, t)
	}
	return earlier, Settled(ctx, t)
}

// JudgeAlways judges all that is known of the group and a topic, and of those that had its name before.
func (g *Group) JudgeAlways(t *Topic, judge func(*membership.History) verdict.Result) error {
	earlier, err := g.JudgeEarlier(t, func(h *membership.History, _ *Life) (verdict.Result, error) {
		return judge(h), nil
	})
	if err != nil {
		return err
	}
	return earlier.With(g.Judge(t, judge))
}

// Judge judges all that is known of the group and a topic, of which each partition has one owner.
func (g *Group) Judge(t *Topic, judge func(*membership.History) verdict.Result) error {
	if err := g.Consumes(); err != nil {
		return err
	}
	return g.judge(t, judge)
}

func (g *Group) judge(t *Topic, judge func(*membership.History) verdict.Result) error {
	return Judged(judge(g.history(t)))
}

// concerns is true of a fact that tells of the group and a topic, or of what became of applications.
func (g *Group) concerns(f *journal.Fact, t *Topic) bool {
	switch f.Kind {
	case journal.Exited, journal.Killed, journal.Paused, journal.FaultFired, journal.Transacted, journal.Connected:
		return true
	}
	return (f.Group == g.Name || f.Topic == t.Name || membership.Reads(f)) && !g.world.workBefore(f)
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
		return f.Group == g.Name || f.Kind == journal.Connected || membership.Reads(f) ||
			f.Topic == t.Name && !g.world.workBefore(f)
	})
	if err := Judged(verdict.Shares(membership.SharesOf(facts, g.Name, t.Name, g.Has), records, limit)); err != nil {
		return err
	}
	return Settled(ctx, t)
}
