package features_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// judgedAgain are features whose judges look at facts, wrong applications that they catch, and folders of
// testdata/verdicts.
var judgedAgain = struct{ right, wrong, verdicts []string }{
	right: []string{"rebalance/join.feature", "rebalance/leave.feature", "rebalance/crash.feature",
		"dead-letters/commits.feature", "dead-letters/handover.feature", "share/ledger.feature", "retries/backoff.feature",
		"windows/members.feature"},
	wrong: []string{"group-starts-over", "group-polled-committed", "group-commit-after-revoke", "group-eager",
		"group-no-leave", "dlq-commit-before-safe", "dlq-commit-before-acknowledged", "share-accept-first",
		"share-never-rejects", "retry-fixed-backoff", "retry-acks-one"},
	verdicts: []string{"commit-ahead-forgotten", "commits-in-order", "commits-in-transactions",
		"group-judge-ghost-records", "group-moved-by-step", "killed-at-work", "records-gone"},
}

// TestJournalsAreJudgedAgain runs features, right and wrong, and judges their journals: every scenario must come out as
// it did, with the same findings.
func TestJournalsAreJudgedAgain(t *testing.T) {
	again := judgeAgain(openCluster(t))
	t.Run("right", func(t *testing.T) {
		again(t, runner.Params{Paths: judgedAgain.right, Parallel: testenv.AtOnce(12)})
	})
	python := testenv.Python(t, "kafka, confluent_kafka", "kafka-python, confluent-kafka")
	t.Setenv("PATH", filepath.Dir(python)+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, name := range judgedAgain.verdicts {
		t.Run(name, func(t *testing.T) {
			t.Chdir(filepath.Join("testdata", "verdicts", name)) // commands of the profile are relative to it
			p := runner.Params{Paths: []string{"f.feature"}, Parallel: 6}
			if _, err := os.Stat("kafkaspec.yaml"); err == nil {
				p.Profile = "kafkaspec.yaml"
			}
			again(t, p)
		})
	}
}

// TestJournalsOfWrongApplicationsAreJudgedAgain does the same with wrong applications.
func TestJournalsOfWrongApplicationsAreJudgedAgain(t *testing.T) {
	again := judgeAgain(openCluster(t))
	for _, name := range judgedAgain.wrong {
		e := readEntry(t, filepath.Join("mustfail", name+".yaml"))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again(t, runner.Params{Paths: []string{e.Feature}, Name: "^" + regexp.QuoteMeta(e.Scenario) + "$",
				Instead: map[string]string{e.InsteadOf: e.Wrong}, Await: patience()[0]})
		})
	}
}

// judgeAgain runs scenarios and judges their journals.
func judgeAgain(backend cluster.Backend) func(*testing.T, runner.Params) {
	return func(t *testing.T, p runner.Params) {
		t.Helper()
		p.Backend, p.References, p.Report, p.Seed = backend, reference.Applications(), t.TempDir(), 1
		ran, err := runner.Execute(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		judged, err := runner.Judge(t.Context(), runner.Params{Paths: []string{p.Report}})
		if err != nil {
			t.Fatal(err)
		}
		sameResults(t, ran, judged)
	}
}

// apart is what a message has of the moment of a look, and what it says where the run's word stands.
var apart = regexp.MustCompile(`\b\d+s ago\b|^not judged again: .*; the run said: `)

// sameResults compares what was run with what was judged again, but for scenarios of which nothing could be.
func sameResults(t *testing.T, ran, judged report.Results) {
	t.Helper()
	all := map[string]report.Scenario{}
	for _, s := range judged.Scenarios {
		all[s.ID()] = s
	}
	compared := 0
	for _, want := range ran.Scenarios {
		got, ok := all[want.ID()]
		if want.Status == report.NotApplicable || ok && got.Status == report.NotApplicable {
			continue
		}
		compared++
		if !ok || got.Status != want.Status {
			t.Errorf("%s: got %q judged again, want %s\n%s", want.Name, got.Status, want.Status, report.FailureText(got))
			continue
		}
		if want.Failure != nil {
			if diff := cmp.Diff(apart.ReplaceAllString(want.Failure.Message, ""),
				apart.ReplaceAllString(got.Failure.Message, "")); diff != "" {
				t.Errorf("%s (-run +judged again):\n%s", want.Name, diff)
			}
		}
	}
	if compared == 0 {
		t.Errorf("got nothing judged again, want some of %d scenarios", len(ran.Scenarios))
	}
}
