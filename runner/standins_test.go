package runner_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const twoScenarios = `Feature: f
  Background:
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "a" is the reference "dlq-consumer" in group "g" reading "orders"

  Scenario: in process
    When the record "x" is sent to "orders"
    Then "orders" contains exactly 1 record

  Scenario: kills
    When the record "x" is sent to "orders"
    And application "a" is killed
    Then "orders" contains exactly 1 record
`

// A run must not judge another application than the one it was given.
func TestStandIns(t *testing.T) {
	t.Parallel()
	var began atomic.Int32
	own := func(ctx context.Context, _ app.Env) error {
		began.Add(1)
		<-ctx.Done()
		return nil
	}
	twin := map[string]app.Func{"dlq-consumer": own, "dlq-own": own}
	instead := func(name, other string) runner.Params {
		return runner.Params{Applications: map[string]app.Func{"own": own}, Instead: map[string]string{name: other}}
	}
	for _, test := range []struct {
		name   string
		params runner.Params
		want   []string
	}{
		{"another function of that name", runner.Params{Applications: twin}, []string{
			`lab.feature:5: And application "a" is the reference`, `scenario "kills" kills or pauses it`,
			"runner.Main was given another function", `Instead: {"dlq-consumer": "dlq-consumer-wrong"}`}},
		{"a name that Main does not know", instead("dlq-consumer", "own"),
			[]string{"lab.feature:5: ", `runner.Main was given no application "own"`}},
		{"a misspelt key", instead("dlq-consumr", "own"), []string{
			`Params.Instead: no scenario has an application that is the reference "dlq-consumr"`, `mean "dlq-consumer"?`}},
		{"a misspelt value", instead("dlq-consumer", "wrong/dlq-drops-poisn"), []string{
			`unknown application "wrong/dlq-drops-poisn" in place of "dlq-consumer"`, `mean "wrong/dlq-drops-poison"?`}},
	} {
		_, err := lab{test.params, twoScenarios}.execute(t)
		for _, want := range test.want {
			if _, input := errors.AsType[source.Errors](err); !input || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want an input error that holds %q", test.name, err, want)
			}
		}
	}
	if began.Load() > 0 {
		t.Error("got an application started, want nothing run")
	}
	in := runner.Params{Applications: twin, Name: "in process"}
	lab{in, strings.Replace(twoScenarios, ` in group "g"`, "", 1)}.one(t, report.Passed, "")
	if began.Load() == 0 {
		t.Error("got another application in process, want the one given")
	}
}
