package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ownRepository is a repository whose Go code registers steps and an application.
func ownRepository(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const (
	importsSteps = "package own\n\nimport \"github.com/kafkaspec/kafkaspec/steps\"\n\n"
	ownFeature   = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n" +
		"    And application \"mine\" is the reference \"mine\" reading \"orders\"\n" +
		"    Then within 3s every order of \"Ada\" is polite\n    And 3 names are known\n"
)

// TestLintOfOwnSteps lints what a repository's Go code registers: as literals, as constants of another file, joined,
// and filled in.
func TestLintOfOwnSteps(t *testing.T) {
	const literal = "\ts.Then(\"{int} names are known\", f)\n}\n"
	const apps = "package own\n\nimport \"github.com/kafkaspec/kafkaspec/pkg/app\"\n\n" +
		"var apps = map[string]app.Func{\"mine\": run}\n"
	const undefined = "a.feature:5: undefined step: Then within 3s every order of \"Ada\" is polite"
	tests := map[string]struct {
		code, want string // which registers the first Then, and what is found
	}{
		"literal":             {"\ts.Then(`every order of {string} is polite`, f)\n", ""},
		"joined":              {"\ts.Step((\"every order of {string}\" + \" is polite\"), f)\n", ""},
		"constant":            {"\ts.Then(begin+\" of {string} is polite\", f)\n", ""},
		"partly known":        {"\ts.Then(begin+of(customer)+\" is polite\", f)\n", ""},
		"partly known, other": {"\ts.Then(begin+of(customer)+\" is rude\", f)\n", undefined},
		"filled in":           {"\ts.Then(fmt.Sprintf(\"every order of {string} is %s\", how), f)\n", ""},
		"filled in, other":    {"\ts.Then(fmt.Sprintf(\"no order of {string} is %s\", how), f)\n", undefined},
		"computed":            {"\tfor _, p := range all { s.Then(p.text, p.f) }\n", ""},
		"constant of itself":  {"\ts.Then(itself, f)\n", ""},
		"another":             {"\ts.Then(`every order of {string} is rude`, f)\n", undefined},
		"something else":      {"\tlog.Given(1, 2)\n\ts.Then(`x`)\n", ""}, // the first may be a step
		"nothing":             {"", undefined},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := ownRepository(t, map[string]string{"go.mod": "module own\n", "apps/apps.go": apps,
				"steps.go":     importsSteps + "func register(s *steps.Registry) {\n" + test.code + literal,
				"constants.go": "package own\n\nconst begin = \"every order\"\nconst itself = itself + itself\n",
				"a.feature":    ownFeature})
			t.Chdir(folder)
			var out, complaints bytes.Buffer
			code := execute([]string{"lint", "a.feature"}, &console{context.Background(), &out, &complaints})
			if (code == exitPassed) != (test.want == "") || !strings.Contains(complaints.String(), test.want) ||
				!strings.Contains(out.String()+complaints.String(), "of this repository's own Go code (steps.go:") {
				t.Errorf("got exit code %d and\n%s%swant %q, and that a step was not looked at", code, &out, &complaints, test.want)
			}
		})
	}
}

// TestLintOfMisspeltSteps has steps that are nearly built-in ones: nothing that a repository registers hides them, but
// for a step of its own that has words.
func TestLintOfMisspeltSteps(t *testing.T) {
	const misspelt = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n" +
		"    Then \"orders\" containz exactly 3 records\n"
	const undefined = "a.feature:4: undefined step: Then \"orders\" containz exactly 3 records"
	for name, test := range map[string]struct {
		module, code string
		found        bool
	}{
		"computed":                {"own", "\tfor _, p := range all { s.Then(p.text, p.f) }\n", true},
		"parameters alone":        {"own", "\ts.Then(\"{app} {pace}\", f)\n", true},
		"of its own":              {"own", "\ts.Then(\"{topic} containz exactly {int} record(s)\", f)\n", false},
		"of kafkaspec itself":     {"github.com/kafkaspec/kafkaspec", "\ts.Then(\"{any} containz {all}\", f)\n", true},
		"a number that is none":   {"own", "\ts.Then(\"{int} containz exactly {int} record(s)\", f)\n", true},
		"a text without its sign": {"own", "\ts.Then(\"{word} exactly {string} records\", f)\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(ownRepository(t, map[string]string{"go.mod": "module " + test.module + "\n", "a.feature": misspelt,
				"steps.go":           importsSteps + "func register(s *steps.Registry) {\n" + test.code + "}\n",
				"below/go.mod":       "module below\n", // another module
				"below/its/steps.go": importsSteps + "func r(s *steps.Registry) { s.Then(\"{topic} containz {any}\", f) }\n"}))
			var complaints bytes.Buffer
			code := execute([]string{"lint", "a.feature"}, &console{context.Background(), new(bytes.Buffer), &complaints})
			if found := code == exitInput && strings.Contains(complaints.String(), undefined); found != test.found {
				t.Errorf("got exit code %d and\n%swant it to be found: %v", code, &complaints, test.found)
			}
		})
	}
}

// TestLintTellsProgramsOfOwnSteps has steps that are not looked at beside the findings, with their places.
func TestLintTellsProgramsOfOwnSteps(t *testing.T) {
	t.Chdir(ownRepository(t, map[string]string{"go.mod": "module own\n", "a.feature": ownFeature,
		"in/steps.go": importsSteps + "func register(s *steps.Registry) {\n\ts.Then(\"{int} names are known\", f)\n}\n"}))
	lint := func(format string, into any) {
		t.Helper()
		var out bytes.Buffer
		if code := execute([]string{"lint", "a.feature", "--format", format}, &console{context.Background(), &out,
			new(bytes.Buffer)}); code != exitInput {
			t.Errorf("%s: got exit code %d, want %d: there is a step that nobody registers", format, code, exitInput)
		}
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	const message = "not checked: a step of this repository's own Go code (in/steps.go:6)"
	var listed struct{ Findings, Unchecked []finding }
	lint("json", &listed)
	if diff := cmp.Diff([]finding{{"a.feature", 6, 5, 26, message, ""}}, listed.Unchecked); diff != "" {
		t.Error(diff)
	}
	if len(listed.Findings) != 2 { // the application and the step that nobody registers
		t.Errorf("got %+v, want two", listed.Findings)
	}
	var log sarifLog
	lint("sarif", &log)
	want := []sarifInvocation{{true, []sarifNote{{"note", sarifMessage{message}, []sarifLocation{{sarifPhysical{
		sarifArtifact{"a.feature"}, &sarifRegion{6, 5, 26}}}}}}}}
	if diff := cmp.Diff(want, log.Runs[0].Invocations); diff != "" || len(log.Runs[0].Results) != 2 {
		t.Errorf("got %d results, want two\n%s", len(log.Runs[0].Results), diff)
	}
}

// TestRunRefusesOwnSteps says where they are registered, and what runs them.
func TestRunRefusesOwnSteps(t *testing.T) {
	t.Chdir("../../examples/own-steps")
	var complaints bytes.Buffer
	code := execute([]string{"run", "features"}, &console{context.Background(), new(bytes.Buffer), &complaints})
	for _, want := range []string{`:6: application "greeter" is registered by Go code that is not part of this program ` +
		`(greeting_test.go:21); run the feature with go test`, "is polite: the step is registered by Go code"} {
		if code != exitInput || !strings.Contains(complaints.String(), want) {
			t.Errorf("got exit code %d and\n%swant %s", code, &complaints, want)
		}
	}
}
