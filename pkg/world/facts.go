package world

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Facts returns the application's facts of one kind.
func (a *Application) Facts(kind journal.Kind) []journal.Fact {
	return a.world.Journal.Select(func(f *journal.Fact) bool { return f.Kind == kind && f.App == a.Name })
}

// FactsOf returns the application's facts of one kind about a topic.
func (a *Application) FactsOf(kind journal.Kind, t *Topic) []journal.Fact {
	return a.world.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == kind && f.App == a.Name && f.Topic == t.Name
	})
}

// observe keeps what the wire saw: the faults that had their effect and, where a step asks for them, clients, attempts
// to write and members of groups.
func (w *World) observe(f journal.Fact) {
	w.meet(&f)
	if w.options.Needs.Clients {
		for _, told := range w.clients.news(&f) {
			w.Journal.Add(told)
		}
	}
	keep := false
	switch detail := f.Detail.(type) {
	case *journal.Fault:
		// Of one that stands and has had its effect often, after the first ten only every doubling is told.
		keep = detail.Times > 0 || detail.Number <= 10 || bits.OnesCount(uint(detail.Number)) == 1
	case *journal.Attempt:
		keep = w.options.Needs.Attempts
	default:
		keep = w.options.Needs.Members && w.groups.Keep(&f)
	}
	if keep {
		w.Journal.Add(f)
	}
}

// meet takes note of what an application says.
func (w *World) meet(f *journal.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.applications[f.App]; ok {
		a.seen.meet(f)
	}
}

// clients remembers what was told, to tell each thing once.
type clients struct {
	mu   sync.Mutex
	told []client
}

type client struct {
	app, api string // api is empty for its software
	version  int16
	software string
}

// news makes facts of what is new about a client: its software, and the first request of an API in a version. An
// application with several clients has a fact for each that differs.
func (c *clients) news(f *journal.Fact) (facts []journal.Fact) {
	tell := func(key client, fact journal.Fact) {
		if !slices.Contains(c.told, key) {
			c.told = append(c.told, key)
			facts = append(facts, fact)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if software, ok := f.Detail.(*journal.Client); ok && software.Name != "" {
		tell(client{app: f.App, software: software.String()}, *f)
	}
	if f.Request != nil && f.Request.API != "" {
		tell(client{app: f.App, api: f.Request.API, version: f.Request.Version}, journal.Fact{Kind: journal.APIVersion,
			Source: f.Source, App: f.App, Partition: -1, Offset: -1, Request: f.Request})
	}
	return facts
}
