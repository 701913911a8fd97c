package builtin

// Clients: what client software an application uses and in which versions it speaks the protocol, as the wire saw it.
// Only scenarios whose steps ask for such facts have them.

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func clientSteps(s *steps.Registry) {
	s.Then("the client of {app} calls itself {string}", clientCallsItself, steps.With(world.NeedsWire),
		steps.FromJournal)
	s.Then("{app} speaks {api} in version {int} or newer", speaksVersion, steps.With(world.NeedsWire),
		steps.FromJournal)
}

// clientCallsItself looks for the text in the name and version by which each client of the application introduced
// itself. Clients older than KIP-511 (Kafka 2.4) do not. Not looked at: other clients of the same application.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then the client of "loader" calls itself "kgo"
func clientCallsItself(ctx context.Context, a *world.Application, text string) error {
	facts := a.Facts(journal.ClientSoftware)
	if len(facts) == 0 {
		return fmt.Errorf("no client of application %q has introduced itself, want %q", a.Name, text)
	}
	for _, f := range facts {
		if software := f.Detail.String(); !strings.Contains(software, text) {
			return world.Final(fmt.Errorf("the client of application %q: got %q, want %q", a.Name, software, text))
		}
	}
	return nil
}

// speaksVersion judges every request of an API that the application has sent: none is of an older version. Of the APIs
// those of records, offsets, groups and transactions are looked at. Not looked at: which client of the application said
// it.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "loader" speaks Produce in version 9 or newer
func speaksVersion(ctx context.Context, a *world.Application, api string, least int64) error {
	seen := false
	for _, f := range a.Facts(journal.APIVersion) {
		if f.Request.API != api {
			continue
		}
		seen = true
		if got := int64(f.Request.Version); got < least {
			return world.Final(fmt.Errorf("application %q: got %s in version %d, want %d or newer", a.Name, api, got, least))
		}
	}
	if !seen {
		return fmt.Errorf("application %q: got no %s request, want some in version %d or newer", a.Name, api, least)
	}
	return nil
}
