package runner_test

import (
	"context"
	"slices"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// TestTheWireIsAlwaysThere makes sure that what applications say to the cluster is known in a scenario with no step
// that asks for it: connections, clients, batches, joins, assignments, positions, commits and transactions.
func TestTheWireIsAlwaysThere(t *testing.T) {
	var kinds []journal.Kind
	seen := func(ctx context.Context) error {
		for _, f := range world.FromContext(ctx).Journal.Select(nil) {
			if f.Source == journal.SourceWire && !slices.Contains(kinds, f.Kind) {
				kinds = append(kinds, f.Kind)
			}
		}
		return nil
	}
	lab{feature: `Feature: wire
  Scenario: nobody asks for it
    Given topic "readings" with 1 partition
    And topic "readings_windows" with 1 partition
    And topic "readings_late" with 1 partition
    And topic "readings_changelog" with 1 partition
      | cleanup.policy | compact |
    And application "meter" is the reference "windower" in group "meter" reading "readings"
    And these records are in "readings":
      | key | value         | timestamp            |
      | m1  | {"amount": 1} | 2026-01-05T10:00:00Z |
      | m1  | {"amount": 1} | 2026-01-05T10:11:00Z |
    When "meter" has caught up with "readings"
    Then "readings_windows" contains exactly 1 record
    And "meter" has caught up with "readings"
    And it is looked at
`, Params: runner.Params{Steps: []func(*steps.Registry){func(s *steps.Registry) {
		s.Then("it is looked at", seen)
	}}}}.one(t, report.Passed, "")
	for _, want := range []journal.Kind{journal.Connected, journal.ClientSoftware, journal.APIVersion, journal.GroupJoin,
		journal.GroupAssigned, journal.GroupPosition, journal.GroupCommit, journal.ProduceAttempt, journal.Transacted} {
		if !slices.Contains(kinds, want) {
			t.Errorf("got facts of the kinds %v, want %s among them", kinds, want)
		}
	}
}
