package steps

// Clients: what client software an application uses and in which versions it speaks the protocol, as the wire saw it.
// Only scenarios whose steps ask for such facts have them.

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// The kinds of facts about clients. An application with several clients has a fact for each that differs.
const (
	ClientSoftware journal.Kind = "client-software" // how a client introduces itself (KIP-511): fields name and version
	APIVersion     journal.Kind = "api-version"     // the first request of an API in a version: fields api and version
)

func clientSteps(s *Registry) {
	s.Then("the client of {app} calls itself {string}", clientCallsItself, with(needsClients))
	s.Then("{app} speaks {api} in version {int} or newer", speaksVersion, with(needsClients))
}

// clientCallsItself looks for the text in the name and version by which each client of the application introduced
// itself. Clients older than KIP-511 (Kafka 2.4) do not.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then the client of "loader" calls itself "kgo"
func clientCallsItself(ctx context.Context, name, text string) error {
	facts, err := FromContext(ctx).clientFacts(ClientSoftware, name)
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		return fmt.Errorf("no client of application %q has introduced itself, want %q", name, text)
	}
	for _, f := range facts {
		if software := f.Fields["name"] + " " + f.Fields["version"]; !strings.Contains(software, text) {
			return final(fmt.Errorf("the client of application %q: got %q, want %q", name, strings.TrimSpace(software), text))
		}
	}
	return nil
}

// speaksVersion judges every request of an API that the application has sent: none is of an older version. Of the APIs
// those of records, offsets, groups and transactions are looked at.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "loader" speaks Produce in version 9 or newer
func speaksVersion(ctx context.Context, name, api string, least int64) error {
	facts, err := FromContext(ctx).clientFacts(APIVersion, name)
	if err != nil {
		return err
	}
	seen := false
	for _, f := range facts {
		if f.Fields["api"] != api {
			continue
		}
		seen = true
		if got, _ := strconv.ParseInt(f.Fields["version"], 10, 16); got < least { // written by observeClients
			return final(fmt.Errorf("application %q: got %s in version %d, want %d or newer", name, api, got, least))
		}
	}
	if !seen {
		return fmt.Errorf("application %q: got no %s request, want some in version %d or newer", name, api, least)
	}
	return nil
}

func (w *World) clientFacts(kind journal.Kind, name string) ([]journal.Fact, error) {
	if _, err := w.application(name); err != nil {
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
	if !w.Plan.Clients {
		return
	}
	if software, ok := e.Detail.(*wire.ClientSoftware); ok && software.Name != "" {
		w.tellClient(ClientSoftware, e.App, map[string]string{"name": software.Name, "version": software.Version})
	}
	if e.API != "" {
		w.tellClient(APIVersion, e.App, map[string]string{"api": e.API, "version": number(e.Version)})
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
