package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cucumber/messages/go/v21"
)

// readCucumber parses messages, and holds them against what the protocol says of ids: each is given out once, before it
// is named.
func readCucumber(t *testing.T, text []byte) (all []*messages.Envelope) {
	t.Helper()
	known := map[string]bool{}
	given := func(ids ...string) {
		for _, id := range ids {
			if id == "" || known[id] {
				t.Errorf("got id %q empty or twice", id)
			}
			known[id] = true
		}
	}
	named := func(ids ...string) {
		for _, id := range ids {
			if !known[id] {
				t.Errorf("got id %q named, want it given out before", id)
			}
		}
	}
	for line := range bytes.Lines(text) {
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		e := &messages.Envelope{}
		if err := decoder.Decode(e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, e)
		switch {
		case e.Hook != nil:
			given(e.Hook.Id)
		case e.Source != nil:
			known[e.Source.Uri+" as a source"] = true
		case e.GherkinDocument != nil:
			named(e.GherkinDocument.Uri + " as a source") // html-formatter shows nothing without it
			for _, child := range e.GherkinDocument.Feature.Children {
				if child.Scenario != nil {
					given(scenarioIDs(child.Scenario)...)
					continue
				}
				given(child.Rule.Id)
				for _, one := range child.Rule.Children {
					given(scenarioIDs(one.Scenario)...)
				}
			}
		case e.Pickle != nil:
			given(e.Pickle.Id)
			named(e.Pickle.AstNodeIds...)
			for _, step := range e.Pickle.Steps {
				given(step.Id)
				named(step.AstNodeIds...)
			}
			for _, tag := range e.Pickle.Tags {
				named(tag.AstNodeId)
			}
		case e.TestCase != nil:
			given(e.TestCase.Id)
			named(e.TestCase.PickleId)
			for _, step := range e.TestCase.TestSteps {
				given(step.Id)
				named(step.PickleStepId + step.HookId)
			}
		case e.TestCaseStarted != nil:
			given(e.TestCaseStarted.Id)
			named(e.TestCaseStarted.TestCaseId)
		case e.TestStepStarted != nil:
			named(e.TestStepStarted.TestCaseStartedId, e.TestStepStarted.TestStepId)
		case e.TestStepFinished != nil:
			named(e.TestStepFinished.TestCaseStartedId, e.TestStepFinished.TestStepId)
		case e.Attachment != nil:
			named(e.Attachment.TestCaseStartedId)
		case e.TestCaseFinished != nil:
			named(e.TestCaseFinished.TestCaseStartedId)
		}
	}
	return all
}

func scenarioIDs(s *messages.Scenario) []string {
	ids := []string{s.Id}
	for _, tag := range s.Tags {
		ids = append(ids, tag.Id)
	}
	for _, step := range s.Steps {
		if ids = append(ids, step.Id); step.DataTable != nil {
			for _, row := range step.DataTable.Rows {
				ids = append(ids, row.Id)
			}
		}
	}
	return ids
}

// under are three steps: with a table, with a doc string, and with an empty one.
func under() Results {
	r := sample()
	steps := []Step{
		{Keyword: "Given", Text: `these records are in "orders":`, Line: 13, Status: Passed,
			Table: [][]string{{"key", "value"}, {"u1", `a|b\c` + "\nd"}, {"", "x"}}},
		{Keyword: "And", Text: "as follows:", Line: 17, Status: Passed, Doc: &Doc{"- a\n- b", "yaml"}},
		{Keyword: "Then", Text: "nothing:", Line: 22, Status: Passed, Doc: &Doc{}},
	}
	r.Scenarios = []Scenario{{Feature: "F", Name: "one", File: "f.feature", Line: 12, Status: Passed, Steps: steps}}
	return r
}

func TestCucumberTellsWhatStandsUnderSteps(t *testing.T) {
	var text bytes.Buffer
	if err := Cucumber(&text, under()); err != nil {
		t.Fatal(err)
	}
	for _, e := range readCucumber(t, text.Bytes()) {
		switch {
		case e.Source != nil:
			want := "  Scenario: one\n    Given these records are in \"orders\":\n      | key | value |\n" +
				`      | u1 | a\|b\\c\nd |` + "\n      |  | x |\n    And as follows:\n      \"\"\"yaml\n      - a\n      - b\n" +
				"      \"\"\"\n    Then nothing:\n      \"\"\"\n      \n      \"\"\"\n"
			if !strings.Contains(e.Source.Data, want) {
				t.Errorf("got the source\n%swant in it\n%s", e.Source.Data, want)
			}
		case e.GherkinDocument != nil:
			steps := e.GherkinDocument.Feature.Children[0].Scenario.Steps
			if rows := steps[0].DataTable.Rows; len(rows) != 3 || rows[1].Cells[1].Value != "a|b\\c\nd" ||
				rows[1].Location.Line != 15 {
				t.Errorf("got the table %+v, want three rows behind line 13", rows)
			}
			if doc := steps[1].DocString; doc.Content != "- a\n- b" || doc.MediaType != "yaml" || steps[1].DataTable != nil {
				t.Errorf("got the doc string %+v", doc)
			}
			if steps[2].DocString == nil {
				t.Error("got no doc string, want the empty one")
			}
		case e.Pickle != nil:
			steps := e.Pickle.Steps
			if rows := steps[0].Argument.DataTable.Rows; len(rows) != 3 || rows[2].Cells[0].Value != "" ||
				rows[2].Cells[1].Value != "x" {
				t.Errorf("got the argument %+v, want the table", rows)
			}
			if doc := steps[1].Argument.DocString; doc.Content != "- a\n- b" || doc.MediaType != "yaml" {
				t.Errorf("got the argument %+v, want the doc string", doc)
			}
		}
	}
}

// worst is the status that a reporter shows of each scenario: that of its worst step.
func worst(all []*messages.Envelope) (list []messages.TestStepResultStatus) {
	for _, e := range all {
		switch {
		case e.TestCaseStarted != nil:
			list = append(list, messages.TestStepResultStatus_UNKNOWN)
		case e.TestStepFinished != nil:
			last := &list[len(list)-1]
			switch got := e.TestStepFinished.TestStepResult.Status; {
			case got == messages.TestStepResultStatus_FAILED, *last == messages.TestStepResultStatus_UNKNOWN,
				got == messages.TestStepResultStatus_SKIPPED && *last == messages.TestStepResultStatus_PASSED:
				*last = got
			}
		}
	}
	return list
}

func TestCucumber(t *testing.T) {
	left := sample()
	left.NotStarted, left.NotStartedWhy = []NotStarted{{Feature: "B", Name: "later", File: "b.feature", Line: 3}}, "ended"
	for name, r := range map[string]Results{"sample": sample(), "hostile": hostileResults(), "none": {},
		"not started": left} {
		var text bytes.Buffer
		if err := Cucumber(&text, r); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(text.String(), "\x1b\x00\u202e\ufffd") || strings.Contains(text.String(), `\u00`) &&
			!strings.Contains(`\u003c\u003e\u0026`, text.String()[strings.Index(text.String(), `\u00`):][:6]) {
			t.Errorf("%s: got what a terminal would obey", name)
		}
		all := readCucumber(t, text.Bytes())
		got := worst(all)
		scenarios := append(r.Scenarios, others(r)...)
		if len(got) != len(scenarios) {
			t.Fatalf("%s: got %d scenarios, want %d", name, len(got), len(scenarios))
		}
		success := true
		for i, s := range scenarios {
			want := cucumberStatuses[s.Status]
			if s.Status == Passed && len(s.Steps) == 0 {
				want = messages.TestStepResultStatus_UNKNOWN
			}
			if got[i] != want {
				t.Errorf("%s: %s: got %s, want %s", name, s.ID(), got[i], want)
			}
			success = success && want != messages.TestStepResultStatus_FAILED
		}
		if last := all[len(all)-1].TestRunFinished; last == nil || last.Success != success {
			t.Errorf("%s: got %+v at the end, want the run finished with success %t", name, last, success)
		}
	}
	for status := range labels {
		if cucumberStatuses[status] == "" {
			t.Errorf("%s has no word in Cucumber", status)
		}
	}
}
