package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Odd adds to an error of a wait what is odd about the application in its group: what it was given and does not read,
// what was refused, and what the group waits for that lies with others. It is nil for nil.
func (a *Application) Odd(err error) error {
	if err == nil || IsFinal(err) || a.Group == "" {
		return err
	}
	return a.world.held(a.odd(err), a.Group)
}

func (a *Application) odd(err error) error {
	odd := membership.Odd(a.world.Journal.Select(func(f *journal.Fact) bool { return f.App == a.Name }), a.Group,
		a.world.Journal.Since(time.Now()))
	if len(odd) == 0 {
		return err
	}
	return fmt.Errorf("%w; application %q %s", err, a.Name, strings.Join(odd, ", and "))
}

// held adds what a group waits for.
func (w *World) held(err error, group string) error {
	type place struct {
		topic     string
		partition int32
	}
	furthest := map[place]journal.Fact{} // of what was worked on, of which all would be many
	facts := w.Journal.Select(func(f *journal.Fact) bool {
		switch at := (place{f.Topic, f.Partition}); f.Kind {
		case journal.Processed, journal.DeadLettered:
			if last, ok := furthest[at]; !ok || f.Offset > last.Offset {
				furthest[at] = *f
			}
			return false
		case journal.Killed, journal.Exited, journal.Paused, journal.Resumed, journal.Declared, journal.ClientSoftware,
			journal.GroupPosition:
			return true
		}
		return f.Group == group
	})
	facts = slices.AppendSeq(facts, maps.Values(furthest))
	for _, said := range membership.Held(facts, group, w.Journal.Since(time.Now())) {
		err = fmt.Errorf("%w; %s", err, said)
	}
	return err
}

// Odd adds what is odd about the applications that were declared to be in the group.
func (g *Group) Odd(err error) error {
	if err == nil || IsFinal(err) {
		return err
	}
	g.world.mu.Lock()
	var members []*Application
	for _, name := range g.world.order {
		if a := g.world.applications[name]; a != nil && a.Group == g.Name {
			members = append(members, a)
		}
	}
	g.world.mu.Unlock()
	for _, a := range members {
		err = a.odd(err)
	}
	return g.world.held(err, g.Name)
}
