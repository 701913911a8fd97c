package world

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Facts returns the application's facts of one kind.
func (a *Application) Facts(kind journal.Kind) []journal.Fact {
	return a.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == kind && f.App == a.Name && !a.world.workBefore(f)
	})
}

// Lines returns the application's log lines that hold a text. A world that is past may have lost some.
func (a *Application) Lines(text string) ([]journal.Fact, error) {
	if a.world.past != nil && a.world.Journal.Dropped()[a.Name] > 0 {
		return nil, notKept("the journal keeps only the last log lines of application %q", a.Name)
	}
	return a.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.LogLine && f.App == a.Name && strings.Contains(f.Text, text)
	}), nil
}

// LinesLost is inconclusive once the application has said more than is kept of what a step searches for.
func (a *Application) LinesLost() error {
	if !a.world.Journal.Lost(a.Name) {
		return nil
	}
	return fmt.Errorf("%w: application %q logs more lines with what is searched for than are kept; search for a text "+
		"that is rare", verdict.ErrInconclusive, a.Name)
}

// Lately returns those of an application's facts that are from its present life, or its last one: what it did before it
// was restarted is no sign that it does it now.
func (a *Application) Lately(facts []journal.Fact) []journal.Fact {
	began := a.lastStart().Seq
	at, _ := slices.BinarySearchFunc(facts, began, func(f journal.Fact, seq int64) int { return cmp.Compare(f.Seq, seq) })
	return facts[at:]
}

// lastStart is the fact of the application's last start; the zero Fact, which is before all, where it had none.
func (a *Application) lastStart() journal.Fact {
	starts := a.Facts(journal.Started)
	if len(starts) == 0 {
		return journal.Fact{}
	}
	return starts[len(starts)-1]
}

// WorkedEver is true once an application of the group has processed a record of the topic, or of one that had its name
// before.
func (g *Group) WorkedEver(t *Topic) bool {
	works := g.Works(t)
	return len(g.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.Processed && f.Topic == t.Name && works(f) && !g.world.workBefore(f)
	})) > 0
}

// workBefore is true of work on a record from before the scenario.
func (w *World) workBefore(f *journal.Fact) bool {
	if f.Kind != journal.Processed && f.Kind != journal.DeadLettered || f.Topic == "" {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.topics[f.Topic]
	return ok && t.Before(f.Partition, f.Offset)
}

// FactsOf returns the application's facts of one kind about a topic.
func (a *Application) FactsOf(kind journal.Kind, t *Topic) []journal.Fact {
	return a.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == kind && f.App == a.Name && f.Topic == t.Name && !a.world.workBefore(f) && !a.world.Earlier(f)
	})
}

// firstSeen is how many facts of a kind are kept of an application, where no step asks for all of them.
const firstSeen = 1000

// observe keeps what the wire saw: clients, connections, attempts to write, transactions, members of groups, and the
// faults that had their effect. What would fill the journal without end is cut off, and it says so, unless a step
// judges it.
func (w *World) observe(f journal.Fact) {
	w.meet(&f)
	if f.Kind == journal.AskedFor { // clients ask all the time
		return
	}
	if f.Kind == journal.TopicMade {
		w.repeats.made()
		w.keys.turnOver(f.Topic, f.Request.Sent)
	}
	for _, told := range w.repeats.news(&f) {
		w.Journal.Add(told)
	}
	keep, all := false, false
	switch detail := f.Detail.(type) {
	case *journal.Fault:
		// Of one that stands and has had its effect often, after the first ten only every doubling is told.
		keep, all = detail.Times > 0 || detail.Number <= 10 || bits.OnesCount(uint(detail.Number)) == 1, true
	case *journal.Attempt:
		keep, all = true, w.options.Needs.Attempts
	case *journal.Connection, *journal.Transaction, nil: // a note has no detail
		keep = true
	case *journal.Fetch:
		keep, all = w.groups.Keep(&f) || w.repeats.first(&f) || w.options.Needs.Reads && w.repeats.goesOn(&f, detail) ||
			membership.Reads(&f), w.options.Needs.Members || membership.Reads(&f)
	default:
		keep, all = w.groups.Keep(&f), w.options.Needs.Members
	}
	if !keep {
		return
	}
	first, often := w.repeats.firstCommit(&f), w.repeats.often(&f)
	all = all || often <= firstSeen || first || w.spilt.ends(&f)
	w.spilt.see(&f, all)
	if all {
		w.Journal.Add(f)
	} else if w.repeats.firstCut(&f) {
		w.Journal.Add(journal.Fact{Kind: journal.Note, Source: journal.SourceWire, App: f.App, Partition: -1, Offset: -1,
			Text: fmt.Sprintf("no more facts of the kind %s are kept, %d are", f.Kind, firstSeen)})
	}
}

// meet takes note of what an application says.
func (w *World) meet(f *journal.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.applications[f.App]; ok {
		a.contact.meet(f)
	}
	if m, ok := f.Detail.(*journal.Membership); ok {
		w.hear(f, m)
	}
}

// repeats remembers what the wire has told, to tell each thing once, and not too often. The zero value is ready.
type repeats struct {
	mu    sync.Mutex
	told  map[any]bool
	era   int // how many topics applications have made
	count map[ofKind]int
	at    map[reading]int64 // where it was asked last to read
}

// What is told once: the software of an application's client, an API in a version, and where it first read a partition.
type (
	software struct{ app, name string }
	spoken   struct {
		app, api string
		version  int16
	}
	read struct {
		app, topic string
		partition  int32
	}
	firstCommit struct {
		group, topic string
		partition    int32
		era          int
	}
)

// reading is what has a position of its own.
type reading struct {
	connection uint64
	topic      string
	partition  int32
}

type ofKind struct {
	app  string
	kind journal.Kind
}

// isNew is true the first time it is asked about something. The lock is held.
func (s *repeats) isNew(thing any) bool {
	if s.told[thing] {
		return false
	}
	if s.told == nil {
		s.told = map[any]bool{}
	}
	s.told[thing] = true
	return true
}

// news makes facts of what is new about a client: its software, and the first request of an API in a version. An
// application with several clients has a fact for each that differs.
func (s *repeats) news(f *journal.Fact) (facts []journal.Fact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if client, ok := f.Detail.(*journal.Client); ok && client.Name != "" && s.isNew(software{f.App, client.String()}) {
		facts = append(facts, *f)
	}
	if r := f.Request; r != nil && r.API != "" && s.isNew(spoken{f.App, r.API, r.Version}) {
		facts = append(facts, journal.Fact{Kind: journal.APIVersion,
			Source: f.Source, App: f.App, Partition: -1, Offset: -1, Request: r})
	}
	return facts
}

// first is true of the first fact that tells at which offset an application reads a partition.
func (s *repeats) first(f *journal.Fact) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.Offset >= 0 && s.isNew(read{f.App, f.Topic, f.Partition})
}

// made has the first commit of each partition told again: it may be of a topic that was made anew.
func (s *repeats) made() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.era++
}

// firstCommit is true of the first commit of a partition since a topic was made.
func (s *repeats) firstCommit(f *journal.Fact) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.Kind == journal.GroupCommit && f.Error == "" && s.isNew(firstCommit{f.Group, f.Topic, f.Partition, s.era})
}

// firstCut is true of the first fact of an application and kind that is not kept.
func (s *repeats) firstCut(f *journal.Fact) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.isNew(ofKind{f.App, f.Kind})
}

// goesOn is true of a fetch that got records or an error, or asks for another offset than the one before it.
func (s *repeats) goesOn(f *journal.Fact, got *journal.Fetch) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[reading]int64{}
	}
	of := reading{f.Request.Connection, f.Topic, f.Partition}
	before, known := s.at[of]
	if f.Offset >= 0 {
		s.at[of] = f.Offset
	}
	return got.LastOffset >= 0 || got.Code != 0 || f.Request.Outcome == journal.Unreadable ||
		f.Offset >= 0 && (!known || before != f.Offset)
}

// often counts the facts of an application and kind, this one too.
func (s *repeats) often(f *journal.Fact) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[ofKind]int{}
	}
	s.count[ofKind{f.App, f.Kind}]++
	return s.count[ofKind{f.App, f.Kind}]
}
