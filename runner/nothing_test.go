package runner_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A scenario without an expectation shows nothing, so it does not pass.
func TestScenarioThatExpectsNothing(t *testing.T) {
	t.Parallel()
	lab{feature: `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    When the record "a" is sent to "orders"
`}.one(t, report.Inconclusive, "the scenario expects nothing: it passes whatever the application does; add a Then")
}
