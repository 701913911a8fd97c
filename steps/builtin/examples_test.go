package builtin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/steps/builtin"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

// needMore lists the steps whose example would need a profile, a program or a cluster with topics to go with it.
var needMore = []string{
	"application {app} of the profile is {role}",
	"topic {topic} exists",
}

// TestExamples lints and runs the example of every step in the catalogue. On another cluster than the embedded one,
// which KAFKASPEC_CLUSTER names, it runs those that only such a cluster can.
func TestExamples(t *testing.T) {
	var feature strings.Builder
	alone := map[string]bool{}
	for _, d := range registered().Definitions() {
		alone[d.Phrase.String()] = d.Has(steps.Alone)
	}
	feature.WriteString("Feature: examples of the catalogue\n")
	for i, e := range builtin.Catalogue() {
		if e.Example == "" {
			if !slices.Contains(needMore, e.Phrase) {
				t.Errorf("%s.go: the step %q has no example in its handler's comment", e.Family, e.Phrase)
			}
			continue
		}
		if alone[e.Phrase] {
			feature.WriteString("  @exclusive\n")
		}
		fmt.Fprintf(&feature, "  Scenario: %s %s %d\n    %s\n", e.Family, e.Keyword, i,
			strings.ReplaceAll(e.Example, "\n", "\n    "))
	}
	file := filepath.Join(t.TempDir(), "examples.feature")
	if err := os.WriteFile(file, []byte(feature.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	params := runner.Params{Paths: []string{file}, Cluster: testenv.Cluster(), Progress: os.Stderr,
		References: reference.Applications(), Parallel: testenv.AtOnce(0)}
	if err := runner.Lint(params); err != nil {
		t.Error(err)
	}
	if params.Cluster != "" {
		params.Tags = "@exclusive"
	}
	runner.Run(t, params)
}

// TestExamplesShowTheirStep makes sure that an example uses the step it is the example of.
func TestExamplesShowTheirStep(t *testing.T) {
	registry := registered()
	for _, e := range builtin.Catalogue() {
		used := e.Example == ""
		for _, line := range strings.Split(e.Example, "\n") {
			_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			matches, err := registry.Find(text, steps.Argument{})
			if err != nil {
				t.Errorf("%s.go: %q: %v", e.Family, e.Phrase, err)
			}
			for _, m := range matches {
				used = used || m.Definition.Phrase.String() == e.Phrase
			}
		}
		if !used && !sharesHandler(registry, e) {
			t.Errorf("%s.go: the example of %q does not use it", e.Family, e.Phrase)
		}
	}
}

// sharesHandler is true for a phrase whose handler serves another one too, whose example it shows.
func sharesHandler(registry *steps.Registry, e builtin.Entry) bool {
	uses := map[string]int{}
	handler := ""
	for _, d := range registry.Definitions() {
		uses[d.Handler]++
		if d.Phrase.String() == e.Phrase {
			handler = d.Handler
		}
	}
	return uses[handler] > 1
}

// TestRegistrations keeps the registry in order: nothing wrong in it, families sorted by keyword and phrase, no phrase
// twice under one keyword.
func TestRegistrations(t *testing.T) {
	registry := registered()
	if err := registry.Err(); err != nil {
		t.Fatal(err)
	}
	last := map[string]string{}
	seen := map[string]bool{}
	for _, d := range registry.Definitions() {
		if seen[d.Form()] {
			t.Errorf("%s:%d: %q is registered twice", d.File, d.Line, d.Form())
		}
		seen[d.Form()] = true
		if before := last[d.File+string(d.Keyword)]; before > sortable(d) {
			t.Errorf("%s:%d: %q stands behind %q; keep the phrases of a keyword sorted", d.File, d.Line, d.Phrase, before)
		}
		last[d.File+string(d.Keyword)] = sortable(d)
	}
	if got, want := len(builtin.Catalogue()), len(registry.Definitions()); got != want {
		t.Errorf("the catalogue has %d steps and the registry %d; run go generate ./steps", got, want)
	}
}

func sortable(d *steps.Definition) string { return strings.ToLower(d.Phrase.String()) }

// TestDocsUseKnownSteps ties every step that stands in the guides' examples.
func TestDocsUseKnownSteps(t *testing.T) {
	registry := registered()
	checked := 0
	for _, file := range []string{"../../README.md", "../../docs/faults.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := strings.Split(string(text), "```")
		for i := 1; i < len(blocks); i += 2 {
			body, isGherkin := strings.CutPrefix(blocks[i], "gherkin\n")
			for _, line := range strings.Split(body, "\n") {
				keyword, step, _ := strings.Cut(strings.TrimSpace(line), " ")
				if !isGherkin || !slices.Contains([]string{"Given", "When", "Then", "And", "But"}, keyword) {
					continue
				}
				checked++
				if matches, err := registry.Find(step, steps.Argument{}); err != nil || len(matches) != 1 {
					t.Errorf("%s: %q: got %d steps that answer it (%v), want one", file, step, len(matches), err)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("got %d steps in the guides, want at least 20 to be checked", checked)
	}
}

func registered() *steps.Registry {
	registry := steps.NewRegistry()
	builtin.Register(registry)
	return registry
}
