package builtin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/steps/builtin"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(testenv.Patient{Tests: m})
}

// needMore lists the steps whose example would need a profile, a program or a cluster with topics to go with it.
var needMore = []string{
	"topic {topic} exists", "topic {topic} is made by {maker}",
}

// example is that of a step in the catalogue, or of a form of a part.
type example struct {
	family, phrase, text string                 // family: that of the step, or the part in braces
	shows                func(steps.Match) bool // whether a step is the one that the example is of
}

// examples are all of the catalogue; one may be empty.
func examples() (all []example) {
	for _, e := range builtin.Catalogue().Steps {
		all = append(all, example{e.Family, e.Phrase, e.Example, func(m steps.Match) bool {
			return m.Definition.Phrase.String() == e.Phrase
		}})
	}
	for _, p := range builtin.Catalogue().Parts {
		for _, f := range p.Forms {
			if f.Example != "" {
				all = append(all, example{"{" + p.Name + "}", f.Words, f.Example, func(m steps.Match) bool {
					return hasForm(m.Values, p.Name, f.Words)
				}})
			}
		}
	}
	return all
}

// hasForm says whether a part with that form is among the values, or inside of one.
func hasForm(values []phrase.Value, part, words string) bool {
	return slices.ContainsFunc(values, func(v phrase.Value) bool {
		return v.Form != nil && (v.Param == part && v.Form.String() == words || hasForm(v.Inner, part, words))
	})
}

// scenario is an example as one, tagged if a step of it must run alone.
func (e example) scenario(registry *steps.Registry, number int) string {
	tag := ""
	if e.has(registry, func(m steps.Match) bool { return m.Definition.Has(steps.Alone) }) {
		tag = "  @exclusive\n"
	}
	return fmt.Sprintf("%s  Scenario: %s %d\n    %s\n", tag, e.family, number, strings.ReplaceAll(e.text, "\n", "\n    "))
}

// has says whether a step of the example is such a one.
func (e example) has(registry *steps.Registry, such func(steps.Match) bool) bool {
	return slices.ContainsFunc(strings.Split(e.text, "\n"), func(line string) bool {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		matches, _ := registry.Find(text, steps.Argument{}) // none for a row of a table
		return slices.ContainsFunc(matches, such)
	})
}

// TestExamples lints and runs the example of every step in the catalogue. On another cluster than the embedded one,
// which KAFKASPEC_CLUSTER names, it runs those that only such a cluster can.
func TestExamples(t *testing.T) {
	if !testenv.Local() { // there it has the brokers to itself
		t.Parallel()
	}
	var feature strings.Builder
	registry := registered()
	feature.WriteString("Feature: examples of the catalogue\n")
	for i, e := range examples() {
		if e.text == "" {
			if !slices.Contains(needMore, e.phrase) {
				t.Errorf("%s.go: the step %q has no example in its handler's comment", e.family, e.phrase)
			}
			continue
		}
		feature.WriteString(e.scenario(registry, i))
	}
	file := filepath.Join(t.TempDir(), "examples.feature")
	if err := os.WriteFile(file, []byte(feature.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	params := runner.Params{Paths: []string{file}, Cluster: testenv.Cluster(), Progress: os.Stderr,
		References: reference.Applications(), Parallel: testenv.AtOnce(0),
		Await: time.Minute} // a hundred thousand records take their time on a busy machine
	if err := runner.Lint(params); err != nil {
		t.Error(err)
	}
	if params.Cluster != "" {
		params.Tags = "@exclusive"
	}
	runner.Run(t, params)
}

// TestExamplesShowTheirStep makes sure that an example uses the step, or the form, it is the example of.
func TestExamplesShowTheirStep(t *testing.T) {
	registry := registered()
	for _, e := range examples() {
		if e.text != "" && !e.has(registry, e.shows) && !sharesHandler(registry, e.phrase) {
			t.Errorf("%s: the example of %q does not use it", e.family, e.phrase)
		}
	}
}

// sharesHandler is true for a phrase whose handler serves another one too, whose example it shows.
func sharesHandler(registry *steps.Registry, phrase string) bool {
	uses := map[string]int{}
	handler := ""
	for _, d := range registry.Definitions() {
		uses[d.Handler]++
		if d.Phrase.String() == phrase {
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
	if got, want := len(builtin.Catalogue().Steps), len(registry.Definitions()); got != want {
		t.Errorf("the catalogue has %d steps and the registry %d; run make generate", got, want)
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

// registered is the registry of the built-in steps, which the tests only read.
var registered = sync.OnceValue(fresh)

// fresh is one of its own, for a test that adds to it.
func fresh() *steps.Registry {
	registry := steps.NewRegistry()
	builtin.Register(registry)
	return registry
}

// TestExpectationsSayWhatTheyDoNotLookAt wants it of each expectation, or of each form of the part that makes it one.
func TestExpectationsSayWhatTheyDoNotLookAt(t *testing.T) {
	all := builtin.Catalogue()
	made := map[string]bool{} // parts of which each form says so
	for _, p := range all.Parts {
		made[p.Name] = slices.ContainsFunc(p.Forms, func(f builtin.Form) bool { return f.Blind != "" })
		for _, f := range p.Forms {
			if made[p.Name] && len(f.Kinds) > 0 && f.Blind == "" {
				t.Errorf("{%s}: %q does not say what it does not look at; end its maker's comment with Not looked at: …", p.Name,
					f.Words)
			}
		}
	}
	for _, e := range all.Steps {
		byPart := slices.ContainsFunc(e.Parts, func(name string) bool { return made[name] })
		if len(e.Kinds) > 0 && e.Blind == "" && !byPart {
			t.Errorf("%s.go: %q does not say what it does not look at; end its handler's comment with Not looked at: …",
				e.Family, e.Phrase)
		}
	}
}
