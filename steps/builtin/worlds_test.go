package builtin_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// The worlds of testdata/worlds, by their tags. What a world is of stands in its last step.
const (
	wrongWorld = "@wrong" // something happened, and the claim is untrue: it must fail, and say why
	emptyWorld = "@empty" // nothing happened: the claim must not pass
	holdsEmpty = "@holds" // nothing happened, and the claim is true of that, as the scenario's name says: it must pass
)

// TestWorlds runs the last step of short scenarios in which it must not pass. Each expectation of the catalogue has a
// wrong world and an empty one.
func TestWorlds(t *testing.T) {
	references := maps.Clone(reference.Applications())
	maps.Copy(references, worldApplications)
	results, err := runner.Execute(t.Context(), runner.Params{
		Paths: []string{"testdata/worlds"}, Cluster: "embedded", Progress: os.Stderr, Seed: 1,
		References: references, Parallel: testenv.AtOnce(24), Await: 10 * time.Second,
	})
	if err != nil {
		t.Fatalf("nothing was run:\n%v", err)
	}
	shown := map[string][]string{} // by phrase, with the forms of its parts, the kinds of its worlds
	for i := range results.Scenarios {
		s := &results.Scenarios[i]
		claim := claimOf(t, s)
		shown[claim] = append(shown[claim], judgeWorld(t, s))
	}
	for _, d := range registered().Definitions() {
		for _, v := range d.Variants() {
			if v.Definition.Kind != "" {
				demandWorlds(t, d, shown, judgedAs(d.Phrase, v.Values))
			}
		}
	}
}

// demandWorlds wants a wrong world and an empty one.
func demandWorlds(t *testing.T, d *steps.Definition, shown map[string][]string, phrase string) {
	t.Helper()
	family := strings.TrimSuffix(d.File, ".go")
	if !slices.Contains(shown[phrase], wrongWorld) {
		t.Errorf("%s: the step %q has no world in which it must fail; add a scenario with the tag %s, whose last step it "+
			"is, to testdata/worlds/%[1]s.feature", family, phrase, wrongWorld)
	}
	if !slices.Contains(shown[phrase], emptyWorld) && !slices.Contains(shown[phrase], holdsEmpty) {
		t.Errorf("%s: the step %q has no world in which there is nothing to judge; add a scenario with the tag %s, whose "+
			"last step it is, to testdata/worlds/%[1]s.feature", family, phrase, emptyWorld)
	}
	shown[phrase] = []string{wrongWorld, emptyWorld} // told once
}

// judgedAs is a phrase with the forms of its parts, an amount as the one that is judged in the same way.
func judgedAs(p *phrase.Phrase, values []phrase.Value) string {
	amounts := registered().Params()["amount"]
	var judged func(values []phrase.Value) []phrase.Value
	judged = func(values []phrase.Value) []phrase.Value {
		values = slices.Clone(values)
		for i, v := range values {
			if amount, ok := v.Value.(steps.Amount); ok && amount.Limit == steps.Exactly {
				values[i].Form, values[i].Inner = amounts.Forms[0], []phrase.Value{{Param: "count"}}
			} else if v.Form != nil {
				values[i].Inner = judged(v.Inner)
			}
		}
		return values
	}
	text, _ := p.Expanded(judged(values))
	return text
}

// claimOf is the phrase of a scenario's last step, with the forms of its parts.
func claimOf(t *testing.T, s *report.Scenario) string {
	t.Helper()
	last := s.Steps[len(s.Steps)-1]
	matches, err := registered().Find(last.Text, steps.Argument{})
	if err != nil || len(matches) != 1 {
		t.Fatalf("%s:%d: got %d steps that answer %q (%v), want one", s.File, s.Line, len(matches), last.Text, err)
	}
	return judgedAs(matches[0].Definition.Phrase, matches[0].Values)
}

// judgeWorld holds a scenario against its tag, and returns that.
func judgeWorld(t *testing.T, s *report.Scenario) string {
	t.Helper()
	last := s.Steps[len(s.Steps)-1]
	at := func(format string, arguments ...any) {
		t.Helper()
		t.Errorf("%s:%d: %s: "+format+"\n%s", append(append([]any{s.File, s.Line, last.Text}, arguments...),
			report.FailureText(*s))...)
	}
	tags := slices.DeleteFunc(slices.Clone(s.Tags), func(tag string) bool { return tag == "@exclusive" })
	switch tag := strings.Join(tags, " "); {
	case strings.Contains(last.Error, "before it was ready") || strings.Contains(last.Error, "to be ready"):
		at("an application did not become ready, so nothing was claimed")
	case tag == wrongWorld && (s.Status != report.Failed || last.Status != report.Failed || last.Error == ""):
		at("got %s at a claim that is untrue, want it to fail at its last step", s.Status)
	case tag == emptyWorld && last.Status != report.Failed && last.Status != report.Inconclusive:
		at("got %s where nothing happened, want it not to pass, at its last step", s.Status)
	case tag == holdsEmpty && s.Status != report.Passed:
		at("got %s, want it to pass", s.Status)
	case tag != wrongWorld && tag != emptyWorld && tag != holdsEmpty:
		at("got the tags %q, want one of %s, %s and %s", tag, wrongWorld, emptyWorld, holdsEmpty)
	default:
		return tag
	}
	return strings.Join(tags, " ")
}
