package runner_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const hugeFeature = `Feature: sizes
  @huge
  Scenario: a huge one
    Given topic "orders" with 1 partition
    Then "orders" is empty

  Scenario: a small one
    Given topic "orders" with 1 partition
    Then "orders" is empty
`

// TestHugeScenariosRunWhenAskedFor runs a feature in each way that could ask for its huge scenario.
func TestHugeScenariosRunWhenAskedFor(t *testing.T) {
	files := fstest.MapFS{"sizes.feature": {Data: []byte(hugeFeature)}}
	for _, c := range []struct {
		name    string
		params  runner.Params
		ran     []string
		leftOut []string
	}{
		{"nothing asked", runner.Params{}, []string{"a small one"}, []string{"features/sizes.feature:3  a huge one"}},
		{"other tags", runner.Params{Tags: "not @slow"}, []string{"a small one"},
			[]string{"features/sizes.feature:3  a huge one"}},
		{"its tag", runner.Params{Tags: "@huge"}, []string{"a huge one"}, nil},
		{"not its tag", runner.Params{Tags: "not @huge"}, []string{"a small one"}, nil},
		{"its name", runner.Params{Name: "huge"}, []string{"a huge one"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.params.FS, c.params.Seed = files, 1
			results, err := runner.Execute(context.Background(), c.params)
			if err != nil {
				t.Fatal(err)
			}
			var ran []string
			for _, s := range results.Scenarios {
				ran = append(ran, s.Name)
				if s.Status != report.Passed {
					t.Errorf("got %s: %s", s.Name, s.Status)
				}
			}
			if !slices.Equal(ran, c.ran) || !slices.Equal(results.LeftOut, c.leftOut) {
				t.Errorf("got %q run and %q left out, want %q and %q", ran, results.LeftOut, c.ran, c.leftOut)
			}
			var text strings.Builder
			if err := report.Console(report.ConsoleOptions{})(&text, results); err != nil ||
				strings.Contains(text.String(), "--tags @huge runs them") != (c.leftOut != nil) {
				t.Errorf("got %v and\n%s, want what was left out to be told", err, text.String())
			}
		})
	}
}

// TestOnlyHugeScenariosIsNothing makes sure that leaving out all there is does not pass.
func TestOnlyHugeScenariosIsNothing(t *testing.T) {
	small := strings.Index(hugeFeature, "  Scenario: a small one")
	_, err := runner.Execute(context.Background(),
		runner.Params{FS: fstest.MapFS{"sizes.feature": {Data: []byte(hugeFeature[:small])}}})
	var input source.Errors
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "ask for them with --tags @huge") {
		t.Errorf("got %v, want an error that says how to run them", err)
	}
}

// TestNoReferences makes sure that what is not compiled in is told, with what to do.
func TestNoReferences(t *testing.T) {
	text := `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    And application "loader" is the reference "bulk-producer" writing "orders"
    Then "orders" is empty
`
	_, err := runner.Execute(t.Context(), runner.Params{FS: fstest.MapFS{"f.feature": {Data: []byte(text)}}})
	if err == nil || !strings.Contains(err.Error(), `f.feature:4: unknown reference application "bulk-producer"; no reference `+
		"applications are compiled in; import github.com/kafkaspec/kafkaspec/pkg/reference and set "+
		"runner.Params.References to reference.Applications()") {
		t.Errorf("got %v, want it to say how to compile reference applications in", err)
	}
}
