package runner_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func oneTopic(context.Context, string) error          { return nil }
func topicAndText(context.Context, string, int) error { return nil }
func nothing(context.Context) error                   { return nil }

// TestForeignSteps holds what is said about steps registered from outside against testdata/*.golden: of the form of
// kafkaspec's own, and such as cannot be registered.
func TestForeignSteps(t *testing.T) {
	t.Parallel()
	feature := "Feature: a\n  Scenario: one\n    Given topic \"orders\" with 1 partition\n    And the lights are on\n   " +
		" Then \"orders\" is empty\n"
	for name, register := range map[string]func(*steps.Registry){
		"ambiguous": func(s *steps.Registry) {
			s.Then("{topic} is empty/full", oneTopic)
			s.Given("the lights are on/off", nothing)
			s.Given("the lights are on", nothing)
		},
		"registration": func(s *steps.Registry) {
			s.Given("the lights are {colour}", nothing)
			s.Given("the lights of {topic} are on", nothing)
			s.Given("the lights of {topic} have {string}", topicAndText)
			s.Given("the lights are on", "on")
			s.Given("", nothing)
			s.Given("the lights are there", nothing, steps.Defines("topic"))
			s.Given("the lights are out", nothing)
			s.Then("the lights are out", nothing) // under another keyword it is another step
			s.Step("the lights are out", nothing)
			s.Then("{topic} is empty", oneTopic)
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.feature")
			if err := os.WriteFile(file, []byte(feature), 0o600); err != nil {
				t.Fatal(err)
			}
			err := runner.Lint(runner.Params{Paths: []string{file}, Steps: []func(*steps.Registry){register}})
			if err == nil {
				t.Fatal("got no error, want the steps refused")
			}
			got := strings.ReplaceAll(err.Error(), filepath.ToSlash(file), "a.feature") + "\n"
			got = regexp.MustCompile(`\.go:\d+`).ReplaceAllString(got, ".go:~~~") // it changes with every edit
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got); if the new text is right, run go test ./runner -run TestForeignSteps -update\n%s", diff)
			}
		})
	}
}
