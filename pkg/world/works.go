package world

// Whose work it is that an application logs, where it reads a topic in several groups.

import (
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

func (t *Topic) readers() *membership.Readers {
	return membership.ReadersOf(t.world.Journal.Select(membership.Reads), t.Name)
}

// Works tells facts of work on a topic that was done for the group.
func (g *Group) Works(t *Topic) func(*journal.Fact) bool {
	readers := t.readers()
	return func(f *journal.Fact) bool { return readers.Works(f, g.Name, g.Has) }
}

// Worked tells facts of the present topic that a record of the scenario was processed for the group.
func (g *Group) Worked(t *Topic) func(*journal.Fact) bool {
	works := g.Works(t)
	return func(f *journal.Fact) bool {
		return f.Kind == journal.Processed && works(f) && !g.world.workBefore(f) && !g.world.Earlier(f)
	}
}

// UnclearWork says why it is not known whether some work on a topic was done for the group; empty where it is.
func (g *Group) UnclearWork(t *Topic) (why string) {
	readers := t.readers()
	g.world.Journal.Select(func(f *journal.Fact) bool {
		if why == "" {
			why = readers.Unclear(f, g.Name, g.Has)
		}
		return false
	})
	return why
}

// UnclearReads says why it is not known for which group an application reads a topic; empty where it is, and of one
// that is in no group.
func (a *Application) UnclearReads(t *Topic) string {
	if a.Group == "" {
		return ""
	}
	return t.readers().UnclearReads(a.Name, a.Group)
}
