package builtin_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// leavesWithin is how soon a handler must come back once its context has ended: a second, and more where the machine is
// busy. One that does not look at its context sends for minutes.
const leavesWithin = 10 * time.Second

// manyRecords makes what a step sends take minutes.
var manyRecords = regexp.MustCompile(`^\d[\d_]* (records? (?:is|are|from))`)

// givenUp is the step of an example in the catalogue.
type givenUp struct {
	phrase, text string
	argument     steps.Argument
	took         time.Duration // to come back; 0: it was not carried out
}

// TestHandlersHeedTheirContext carries out the step of every example under a context that has ended, or that ends while
// it sends very many records. Each must come back soon: a handler that is left behind would go on for the rest of the
// run.
func TestHandlersHeedTheirContext(t *testing.T) {
	if testing.Short() {
		t.Skip("carries out the steps of TestExamples again; left out with -short")
	}
	t.Parallel()
	registry := registered()
	var all []*givenUp
	var feature strings.Builder
	feature.WriteString("Feature: examples whose step is given up\n")
	for _, e := range examples() {
		before, from, step := splitExample(t, registry, e)
		if step == nil {
			continue
		}
		// The example goes on afterwards, so that its world has what its step needs.
		e.text = fmt.Sprintf("%s\n* step %d is given up\n%s", before, len(all), from)
		feature.WriteString(e.scenario(registry, len(all)))
		all = append(all, step)
	}
	file := filepath.Join(t.TempDir(), "given-up.feature")
	if err := os.WriteFile(file, []byte(feature.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	giveUp := func(ctx context.Context, number int64) error {
		took, err := all[number].carryOut(ctx, registry)
		mu.Lock()
		defer mu.Unlock()
		all[number].took = took
		return err
	}
	results, err := runner.Execute(t.Context(), runner.Params{
		Paths: []string{file}, Cluster: "embedded", Seed: 1, References: reference.Applications(), Await: time.Minute,
		Parallel: testenv.AtOnce(0),
		Steps:    []func(*steps.Registry){func(s *steps.Registry) { s.Step("step {int} is given up", giveUp) }},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range results.Scenarios {
		_, number, _ := strings.Cut(s.Name, " ")
		n, _ := strconv.Atoi(number)
		step := all[n]
		switch {
		case step.took == 0 && s.Status != report.NotApplicable:
			t.Errorf("%q was not carried out:\n%s", step.text, report.FailureText(s))
		case step.took > leavesWithin:
			t.Errorf("the handler of %q took %s to come back from a context that had ended", step.phrase, step.took)
		}
	}
	if !slices.ContainsFunc(all, func(g *givenUp) bool { return manyRecords.MatchString(g.text) }) {
		t.Errorf("got no step like %s, want some that send", manyRecords)
	}
	if least := len(examples()) * 9 / 10; len(all) < least {
		t.Errorf("got %d steps, want at least %d of the catalogue", len(all), least)
	}
}

// carryOut calls the handler and says how long it took to come back once its context had ended.
func (g *givenUp) carryOut(ctx context.Context, registry *steps.Registry) (time.Duration, error) {
	text := manyRecords.ReplaceAllString(g.text, "1_000_000_000 $1")
	matches, err := registry.Find(text, g.argument)
	if err != nil || len(matches) != 1 {
		return 0, fmt.Errorf("got %d steps for %q (%w), want one", len(matches), text, err)
	}
	look, err := matches[0].Look(ctx, world.FromContext(ctx))
	if err != nil {
		return 0, err
	}
	ended, cancel := context.WithCancel(ctx)
	defer cancel()
	if manyRecords.MatchString(g.text) {
		defer time.AfterFunc(20*time.Millisecond, cancel).Stop()
	} else {
		cancel()
	}
	began := time.Now()
	_ = look(ended) // whatever it says: it is its time that counts
	return time.Since(began), nil
}

// splitExample parts an example before the first line with its own step; nil for one that has none.
func splitExample(t *testing.T, registry *steps.Registry, e example) (before, from string, step *givenUp) {
	t.Helper()
	lines := strings.Split(e.text, "\n")
	for i, line := range lines {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		matches, err := registry.Find(text, steps.Argument{})
		if err != nil || len(matches) != 1 || !e.shows(matches[0]) {
			continue
		}
		return strings.Join(lines[:i], "\n"), strings.Join(lines[i:], "\n"),
			&givenUp{phrase: e.phrase, text: text, argument: argumentIn(lines[i+1:])}
	}
	return "", "", nil
}

// argumentIn is the table or doc string that the lines begin with.
func argumentIn(lines []string) (a steps.Argument) {
	for i, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "|"):
			var row []string
			for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
				row = append(row, strings.TrimSpace(cell))
			}
			a.Rows = append(a.Rows, row)
			continue
		case strings.HasPrefix(line, `"""`) && i == 0:
			text, _, _ := strings.Cut(strings.Join(lines[1:], "\n"), `"""`)
			a.Doc, a.MediaType = &text, strings.TrimPrefix(line, `"""`)
		}
		break
	}
	return a
}
