package world

import (
	"fmt"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// The kinds of facts about clients. An application with several clients has a fact for each that differs.
const (
	ClientSoftware journal.Kind = "client-software" // how a client introduces itself (KIP-511): fields name and version
	APIVersion     journal.Kind = "api-version"     // the first request of an API in a version: fields api and version
)

// ClientFacts returns the facts of one kind about an application's clients.
func (w *World) ClientFacts(kind journal.Kind, name string) ([]journal.Fact, error) {
	if _, err := w.Application(name); err != nil {
		return nil, err
	}
	return w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == kind && f.App == name }), nil
}

// clients remembers what was told, to tell each thing once.
type clients struct {
	mu   sync.Mutex
	told map[string]bool
}

// observeClients turns what is new about a client into a fact.
func (w *World) observeClients(e *wire.Event) {
	if !w.Needs.Clients {
		return
	}
	if software, ok := e.Detail.(*wire.ClientSoftware); ok && software.Name != "" {
		w.tellClient(ClientSoftware, e.App, map[string]string{"name": software.Name, "version": software.Version})
	}
	if e.API != "" {
		w.tellClient(APIVersion, e.App, map[string]string{"api": e.API, "version": Number(e.Version)})
	}
}

func (w *World) tellClient(kind journal.Kind, name string, fields map[string]string) {
	key := fmt.Sprint(kind, name, fields)
	w.clients.mu.Lock()
	defer w.clients.mu.Unlock()
	if w.clients.told[key] {
		return
	}
	if w.clients.told == nil {
		w.clients.told = map[string]bool{}
	}
	w.clients.told[key] = true
	w.Journal.Add(journal.Fact{Kind: kind, Source: journal.SourceWire, App: name, Partition: -1, Offset: -1,
		Fields: fields})
}
