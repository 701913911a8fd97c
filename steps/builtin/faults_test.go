package builtin_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// producing and consuming are what most faults are tried on.
const (
	producing = `
    Given topic "events" with 2 partitions
    And application "loader" is the reference "bulk-producer" writing "events"
      | events | 100 |
`
	consuming = `
    Given topic "orders" with 2 partitions
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
`
	finished = `
    When within 60s application "loader" has finished
    Then field "seq" of "events" runs from 0 to 99, each exactly once
`
	processed = `
    When the record "{}" is sent to "orders"
    Then within 60s "shipping" processed exactly 1 record
`
)

// TestFaults runs a scenario for each kind of selection and looks how it ends: what was to be disturbed and was not
// leaves it inconclusive.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps, fact, failure string
		status               report.Status
	}{
		"counted": {
			producing + `And the next 2 Produce requests to "events" fail with NOT_LEADER_OR_FOLLOWER` + finished,
			"reject with NOT_LEADER_OR_FOLLOWER (Produce, 2 of 2)", "", report.Passed,
		},
		"counted, fewer": {
			producing + `And the next 2 Produce requests from "loader" after the first 1000 fail with NOT_LEADER_OR_FOLLOWER` +
				finished,
			"", `a fault fired 0 of 2 times: the next 2 Produce requests from "loader" after the first 1000: reject with NOT_LEADER_OR_FOLLOWER`, report.Inconclusive,
		},
		"standing": {
			producing + `And every Produce request from "loader" is delayed by 5ms` + finished,
			"delay by 5ms (Produce, number 1)", "", report.Passed,
		},
		"standing, never": {
			producing + `And every OffsetCommit request from "loader" is delayed by 5ms` + finished,
			"", `a fault never fired: OffsetCommit requests from "loader": delay by 5ms`, report.Inconclusive,
		},
		"one partition": {
			producing + `And the next 1 Produce request to "events" partition 1 is answered with REQUEST_TIMED_OUT after the broker acted` + finished,
			"act, then reject with REQUEST_TIMED_OUT (Produce, 1 of 1)", "", report.Passed,
		},
		"a partition there is not": {
			producing + `And every Produce request to "events" partition 2 is held` + finished,
			"", `topic "events" has 2 partitions, so there is no partition 2`, report.Failed,
		},
		"a rate": {
			producing + `And 100% of Produce requests from "loader" are throttled to 1MB a second` + finished,
			"throttle to 1000000 bytes/s (Produce, number 1)", "", report.Passed,
		},
		"a group": {
			consuming + `And the next 1 JoinGroup request of group "shipping" fails with COORDINATOR_LOAD_IN_PROGRESS` +
				processed,
			"reject with COORDINATOR_LOAD_IN_PROGRESS (JoinGroup, 1 of 1)", "", report.Passed,
		},
		"another group": {
			consuming + `And group "billing" commits offset 0 of "orders" partition 0
    And every JoinGroup request of group "billing" fails with COORDINATOR_LOAD_IN_PROGRESS` + processed,
			"", `a fault never fired: JoinGroup requests of group "billing": reject`, report.Inconclusive,
		},
		"a transactional id": {
			consuming + "  | transactional | true |\n  | transactional-id | mover |\n" + `And the next 1 EndTxn request of transactional id "mover" is delayed by 5ms` + `
    When the record "not json" is sent to "orders"
    Then within 60s "orders_dlq" contains exactly 1 record
`,
			"delay by 5ms (EndTxn, 1 of 1)", "", report.Passed,
		},
		"a broker": {
			producing + `And every Produce request from "loader" at broker 0 is delayed by 5ms` + finished,
			"delay by 5ms (Produce, number 1)", "", report.Passed,
		},
		"a broker there is not": {
			producing + `And every Produce request from "loader" at broker 1 is delayed by 5ms` + finished,
			"", "broker 1 is one of 2 at least", report.NotApplicable,
		},
		"a hold nobody declared": {
			producing + "When the held requests are released" + finished,
			"", "there is no such fault to end here", report.Failed,
		},
		"nothing to reset": {
			producing + `Given the connections of "loader" are reset` + finished,
			"", "has no connection to the cluster that could be reset", report.Inconclusive,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, facts := runText(t, "Scenario: "+name+"\n"+test.steps)
			message := ""
			if s.Failure != nil {
				message = s.Failure.Message
			}
			for _, step := range s.Steps {
				message += step.Error
			}
			if s.Status != test.status || !strings.Contains(message, test.failure) {
				t.Errorf("got %s with %q, want %s with %q", s.Status, message, test.status, test.failure)
			}
			if !strings.Contains(facts, test.fact) {
				t.Errorf("got the facts\n%s\nwant one that says %q", facts, test.fact)
			}
		})
	}
}

// runText runs one scenario on the embedded broker and returns its result and its facts, as they
// are read back from its report.
func runText(t *testing.T, scenario string) (report.Scenario, string) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "a.feature")
	if err := os.WriteFile(file, []byte("Feature: f\n"+scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := runner.Execute(context.Background(), runner.Params{Paths: []string{file}, Report: folder, Seed: 1,
		References: reference.Applications()})
	if err != nil {
		t.Fatal(err)
	}
	journals, err := filepath.Glob(filepath.Join(folder, "journals", "*.jsonl"))
	if err != nil || len(journals) != 1 || len(results.Scenarios) != 1 {
		t.Fatalf("got %d scenarios, %d journals (%v), want one", len(results.Scenarios), len(journals), err)
	}
	saved, err := os.Open(journals[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = saved.Close() }()
	facts, err := journal.Read(saved)
	if err != nil {
		t.Fatal(err)
	}
	return results.Scenarios[0], facts.Timeline(nil, 0)
}
