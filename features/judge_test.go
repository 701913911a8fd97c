package features_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// judgeAgain judges the journals of a report again: every scenario must come out as it did, with the same findings. It
// returns of how many scenarios that could be said.
func judgeAgain(t *testing.T, folder string) (compared int) {
	t.Helper()
	ran, err := runner.ReadResults(folder)
	if err != nil {
		t.Fatal(err)
	}
	judged, err := runner.Judge(t.Context(), runner.Params{Paths: []string{folder}})
	if err != nil && !errors.Is(err, runner.ErrUnjudged) { // those that are refused are to be here
		t.Fatal(err)
	}
	all := map[string]report.Scenario{}
	for _, s := range judged.Scenarios {
		all[s.ID()] = s
	}
	for _, want := range ran.Scenarios {
		got, ok := all[want.ID()]
		if want.Status == report.Refused || want.Status == report.NotApplicable || // without a journal
			ok && got.Status == report.NotApplicable {
			continue
		}
		compared++
		sameResult(t, want, got)
	}
	return compared
}

// apart is what a message has of the moment of a look, and what it says where the run's word stands.
var apart = regexp.MustCompile(`\b\d+s ago\b|^not judged again: .*; the run said: `)

// sameResult compares what was run with what was judged again.
func sameResult(t *testing.T, want, got report.Scenario) {
	t.Helper()
	if got.Status != want.Status {
		t.Errorf("%s: got %q judged again, want %s\n%s", want.Name, got.Status, want.Status, report.FailureText(got))
		return
	}
	if want.Failure == nil {
		return
	}
	if diff := cmp.Diff(apart.ReplaceAllString(want.Failure.Message, ""),
		apart.ReplaceAllString(got.Failure.Message, "")); diff != "" {
		t.Errorf("%s (-run +judged again):\n%s", want.Name, diff)
	}
}
