package builtin

// Reports: counting what an application says in its log lines.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// hasDone compares a count of what an application did, of which the last must be from its present life.
func hasDone(a *world.Application, what string, done []journal.Fact, want int64) error {
	got := int64(len(done))
	switch {
	case got < want:
		return errors.Join(a.Odd(fmt.Errorf("application %q: got %d %s, want at least %d", a.Name, got, what, want)),
			a.Alive())
	case len(a.Lately(done)) == 0:
		return errors.Join(fmt.Errorf("application %q: got %d %s, and none since it was started last; want one more", a.Name,
			got, what), a.Alive())
	}
	return nil
}

// reportedAmount is amountOf, for events of the log. None of them shows something only where the application would say
// of one, as wouldSay tells, or has nothing to read.
func reportedAmount(ctx context.Context, a *world.Application, what string, kind journal.Kind, got int64,
	want steps.Amount) error {
	if err := amountOf(a, what, got, want); err != nil || got > 0 || want.Limit == steps.AtLeast {
		return err
	}
	w := world.FromContext(ctx)
	logged := loggedBy(w, a)
	if err := wouldSay(a, kind, logged); err != nil || len(logged) > 0 {
		return err
	}
	records := int64(0)
	for _, input := range a.Inputs {
		topic, err := w.Present(ctx, input)
		if err != nil {
			return err
		}
		held, err := topic.Count(ctx)
		if err != nil {
			return err
		}
		records += held
	}
	if len(a.Inputs) > 0 && records == 0 {
		return nil
	}
	return fmt.Errorf("%w: application %q: got 0 %s, and no line of its log fits any of its patterns, so it may never "+
		"say; give it patterns that fit what it logs", verdict.ErrInconclusive, a.Name, what)
}

// loggedBy are the events that were found in an application's log.
func loggedBy(w *world.World, a *world.Application) []journal.Fact {
	return w.Journal.Select(func(f *journal.Fact) bool {
		return f.App == a.Name && f.Source == journal.SourceLog && !slices.Contains(ofItself, f.Kind)
	})
}

// wouldSay is inconclusive where nothing shows that the application's log would tell of an event: no pattern is of its
// kind, or only a default one, and all that the application logged was found by patterns of its own.
func wouldSay(a *world.Application, kind journal.Kind, logged []journal.Fact) error {
	own, byDefault := a.ReadsFor(kind)
	why := "has no such pattern"
	switch {
	case own || byDefault && len(logged) == 0:
		return nil
	case byDefault:
		if slices.ContainsFunc(logged, func(f journal.Fact) bool { own, _ := a.ReadsFor(f.Kind); return !own }) {
			return nil
		}
		why = "has only the default one, and logs no line that any default pattern fits"
	}
	return fmt.Errorf("%w: nothing shows that application %q would log a line of the kind %q: it %s; give it a log "+
		"pattern %[3]q that fits what it writes then", verdict.ErrInconclusive, a.Name, kind, why)
}

// ofItself are the facts of an application that say nothing of what its patterns fit.
var ofItself = []journal.Kind{journal.LogLine, journal.Started, journal.Ready, journal.Exited, journal.Killed,
	journal.Paused, journal.Resumed}

// amountOf compares a count that can only grow; too many, or too few of an application that has ended, will not change
// any more.
func amountOf(a *world.Application, what string, got int64, want steps.Amount) error {
	err := fmt.Errorf("application %q: got %d %s, want %s", a.Name, got, what, want)
	if want.Limit == steps.AtLeast {
		if want.Holds(got) {
			return nil
		}
		return errors.Join(a.Odd(err), a.Alive())
	}
	if err := a.Told(); err != nil {
		return err
	}
	switch ended := a.Alive(); {
	case want.Holds(got):
		return nil
	case want.Exceeded(got):
		return world.Final(err)
	case ended != nil && !a.EndIsJudged():
		return world.Final(fmt.Errorf("%w (%w)", err, ended))
	}
	return err
}

// acknowledgedAsMany is what reportedTruly waits for.
func acknowledgedAsMany(ctx context.Context, a *world.Application, topic *world.Topic) error {
	done := a.Facts(journal.Done)
	if len(done) == 0 {
		return fmt.Errorf("application %q has logged no line of the kind \"done\" yet", a.Name)
	}
	text := done[len(done)-1].Fields()["acknowledged"]
	said, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return world.Final(fmt.Errorf("application %q: its line of the kind \"done\" gives acknowledged=%q, want a number",
			a.Name, text))
	}
	got, err := topic.Count(ctx)
	if err != nil {
		return err
	}
	if got != said {
		return fmt.Errorf("application %q reported %d acknowledged records, but %q holds %d", a.Name, said, topic.Name, got)
	}
	return world.Settled(ctx, topic)
}

// certainly is inconclusive where the application reads in several groups, and how much it did for its own hangs on
// lines that name none.
func certainly(a *world.Application, facts []journal.Fact, want steps.Amount) error {
	unclear, why := a.Unclear(facts)
	most := int64(len(facts))
	holds := want.Holds(most)
	for n := most - unclear; n < most; n++ {
		if want.Holds(n) != holds {
			return fmt.Errorf("%w: %s", verdict.ErrInconclusive, why)
		}
	}
	return nil
}
