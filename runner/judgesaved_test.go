package runner_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// twoJournals runs two scenarios, the second of which fails, and returns the report and the files of their journals.
func twoJournals(t *testing.T) (folder string, files []string, ran report.Results) {
	t.Helper()
	folder = t.TempDir()
	file := filepath.Join(folder, "f.feature")
	text := committing +
		strings.Replace(strings.TrimPrefix(committing, "Feature: f\n"), "Scenario: s", "Scenario: again", 1) +
		"    And within 100ms \"shipping\" has said \"no such words\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ran, err := runner.Execute(t.Context(), runner.Params{Paths: []string{file}, Report: folder, Seed: 4711,
		References: reference.Applications()})
	if err != nil || ran.Count(report.Passed) != 1 || ran.Count(report.Failed) != 1 {
		t.Fatalf("got %v and %+v, want one scenario to pass and one to fail", err, ran.Scenarios)
	}
	files, err = filepath.Glob(filepath.Join(folder, "journals", "*.jsonl"))
	if err != nil || len(files) != 2 {
		t.Fatalf("got %v (%v), want two journals", files, err)
	}
	return folder, files, ran
}

// A journal in place of another of its run, or without its digest, is refused; a changed one too.
func TestJudgeRefusesOtherJournalsThanTheRunWrote(t *testing.T) {
	folder, files, _ := twoJournals(t)
	var texts [2]string
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	const another = "this is another journal than the run wrote for the scenario; take that one"
	for name, c := range map[string]struct{ text, want string }{
		"swapped":   {texts[1], another},
		"no digest": {unsealed(texts[0]), another},
		"edited":    {strings.Replace(texts[0], `"offset":4`, `"offset":5`, 1), "the file was changed after the run wrote it"},
		"CR LF":     {strings.ReplaceAll(texts[0], "\n", "\r\n"), "put `*.jsonl -text` into .gitattributes"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(files[0], []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{folder, files[0]} {
				_, err := runner.Judge(t.Context(), runner.Params{Paths: []string{path}})
				input, ok := errors.AsType[source.Errors](err)
				if !ok || len(input) != 1 || input[0].File != files[0] || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %s refused with %q", err, files[0], c.want)
				}
			}
		})
	}
}

// Judged again, a failure says what the run did of its applications, and the run's seed stands in both lines.
func TestJudgeHelpsAsTheRunDid(t *testing.T) {
	folder, files, ran := twoJournals(t)
	for _, path := range []string{folder, files[1]} {
		var shown bytes.Buffer
		results, err := runner.Judge(t.Context(), runner.Params{Paths: []string{path}, Output: &shown})
		if err != nil || results.Count(report.Failed) != 1 {
			t.Fatalf("got %v and\n%s", err, shown.String())
		}
		if got := strings.Count(shown.String(), fmt.Sprintf("seed %d\n", ran.Seed)); got != 2 {
			t.Errorf("got the seed %d times, want it in the first line and in the last\n%s", got, shown.String())
		}
		got, want := results.Scenarios[len(results.Scenarios)-1].Failure, ran.Scenarios[1].Failure
		if len(got.AppLines) != 1 || got.AppLines[0].App != "shipping" || got.AppLines[0].State != want.AppLines[0].State {
			t.Errorf("got %+v, want the lines of shipping, as in %+v", got.AppLines, want.AppLines)
		}
		if len(got.Hints) != len(want.Hints) {
			t.Errorf("got hints %+v, want those of the run: %+v", got.Hints, want.Hints)
		}
	}
	text, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	earlier := filepath.Join(t.TempDir(), "earlier.jsonl")
	if err := os.WriteFile(earlier, []byte(unsealed(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	_, err = runner.Judge(t.Context(), runner.Params{Paths: []string{earlier}, Output: &shown})
	if err != nil || !strings.Contains(shown.String(), "1 journal without a digest") {
		t.Errorf("got %v, want it judged, with a note\n%s", err, shown.String())
	}
}
