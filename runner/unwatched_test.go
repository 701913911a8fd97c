//go:build linux || darwin

package runner_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// What ends with its watchdog has not failed, and not done what a step expects of it either: nobody knows who killed
// the watchdog. What kills itself has failed.
func TestAKilledWatchdogIsNotTheApplicationsFault(t *testing.T) {
	t.Parallel()
	const about = `"sh": its watchdog has ended before it`
	for name, c := range map[string]struct {
		kills, then string
		status      report.Status
		says        string
	}{
		"watchdog":           {"$PPID", `within 30s application "shop" has finished`, report.Inconclusive, about},
		"watchdog, expected": {"$PPID", `within 30s application "shop" has failed`, report.Inconclusive, about},
		"itself":             {"$$", `within 2s application "shop" has finished`, report.Failed, `application "shop"`},
		"itself, expected":   {"$$", `within 30s application "shop" has failed`, report.Passed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			profile, feature := filepath.Join(folder, "kafkaspec.yaml"), filepath.Join(folder, "a.feature")
			write(t, profile, fmt.Sprintf("applications:\n  shop: {command: [sh, -c, 'kill -KILL %s; sleep 1000']}\n", c.kills))
			write(t, feature, `Feature: Shop
  Scenario: An end
    Given topic "orders" with 1 partition
    And application "shop" is the profile's reading "orders"
    And the record "x" is in "orders"
    When application "shop" is started
    Then `+c.then+"\n")
			results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{feature}, Profile: profile})
			if len(results.Scenarios) != 1 {
				t.Fatalf("got %+v, %v, want one scenario", results.Scenarios, err)
			}
			if environment := c.status == report.Inconclusive; outcome.IsEnvironment(err) != environment {
				t.Errorf("got %v, want an error of the environment: %v", err, environment)
			}
			s := results.Scenarios[0]
			if s.Status != c.status || s.Failure != nil && !strings.Contains(s.Failure.Message, c.says) {
				t.Errorf("got %s, %+v, want it %s with %q", s.Status, s.Failure, c.status, c.says)
			}
			if s.Failure != nil && strings.Count(s.Failure.Message, about) > 1 {
				t.Errorf("got %q, want it to say once what became of the watchdog", s.Failure.Message)
			}
		})
	}
}
