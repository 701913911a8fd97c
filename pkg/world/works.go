package world

// Whose work it is that an application logs, where it reads a topic in several groups.

import (
	"slices"

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

// Own leaves out facts that name another group than the application's: the work of one that reads a topic in several
// groups.
func (a *Application) Own(facts []journal.Fact) []journal.Fact {
	readers := a.readersOf(facts)
	return slices.DeleteFunc(facts, func(f journal.Fact) bool {
		return f.Group != "" && f.Group != a.Group && readers[f.Topic] != nil &&
			readers[f.Topic].Others(a.Name, a.Group) != ""
	})
}

// Unclear counts facts of work of which it is not known whether it was done for the application's group, and says why.
func (a *Application) Unclear(facts []journal.Fact) (unclear int64, why string) {
	readers, member := a.readersOf(facts), func(app string) bool { return app == a.Name }
	for i := range facts {
		if r := readers[facts[i].Topic]; r != nil {
			if text := r.Unclear(&facts[i], a.Group, member); text != "" {
				unclear, why = unclear+1, text
			}
		}
	}
	return unclear, why
}

// readersOf are those of the topics that facts are about; none of an application in no group.
func (a *Application) readersOf(facts []journal.Fact) map[string]*membership.Readers {
	all := map[string]*membership.Readers{}
	if a.Group == "" {
		return all
	}
	var reads []journal.Fact
	for i := range facts {
		topic := facts[i].Topic
		if topic == "" || all[topic] != nil {
			continue
		}
		if reads == nil {
			reads = a.world.Journal.Select(membership.Reads)
		}
		all[topic] = membership.ReadersOf(reads, topic)
	}
	return all
}
