package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/typeschema"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name      string
		arguments []string
		code      int
		stdout    string // some of it
		stderr    string // some of it; "" for none at all
	}{
		{"help", nil, exitPassed, "Usage: kafkaspec <command>", ""},
		{"version", []string{"version"}, exitPassed, "kafkaspec ", ""},
		{"applications", []string{"app"}, exitPassed, "dlq-consumer ", ""},
		{"steps", []string{"steps"}, exitPassed, "topic {topic} with {layout}", ""},
		{"one step", []string{"steps", "topic", "grown"}, exitPassed, "for example:", ""},
		{"lint", []string{"lint", "testdata/run"}, exitPassed, "nothing to correct", ""},
		{"lint of the built-in features", []string{"lint"}, exitPassed, "nothing to correct in the built-in features", ""},
		{"passed", []string{"run", "testdata/run/pass.feature", "--seed", "1"}, exitPassed,
			"1 scenario: 1 passed; 3 steps in ", ""},
		{"failed", []string{"run", "testdata/run/fail.feature"}, exitFailed, "want exactly 2", ""},
		{"both", []string{"run", "testdata/run", "--format", "progress"}, exitFailed, "2 scenarios: 1 passed, 1 failed", ""},
		{"no Java", []string{"run", "testdata/run/pass.feature", "--cluster", "local"}, exitEnvironment, "", "Java"},
		{"no application of that name", []string{"app", "x"}, exitInput, "", "want one of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "no Java" {
				t.Setenv("PATH", t.TempDir())
				t.Setenv("JAVA_HOME", "")
				t.Setenv("KAFKA_HOME", "")
			}
			code, stdout, stderr := kafkaspec(t, c.arguments...)
			if code != c.code || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) || c.stderr == "" &&
				stderr != "" {
				t.Errorf("got exit %d, want %d\nstdout (want %q):\n%s\nstderr (want %q):\n%s", code, c.code, c.stdout, stdout,
					c.stderr, stderr)
			}
		})
	}
}

// TestReport looks at what a run leaves in its report folder.
func TestReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "reports", "today")
	if code, stdout, stderr := kafkaspec(t, "run", "testdata/run", "--report", folder, "--seed", "7"); code != exitFailed {
		t.Fatalf("got exit %d, want %d\n%s%s", code, exitFailed, stdout, stderr)
	}
	text, err := os.ReadFile(filepath.Join(folder, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var results report.Results
	if err := json.Unmarshal(text, &results); err != nil {
		t.Fatal(err)
	}
	if results.Seed != 7 || results.Count(report.Passed) != 1 || results.Count(report.Failed) != 1 {
		t.Errorf("got %+v, want one passed, one failed and seed 7", results)
	}
	if text, err = os.ReadFile(filepath.Join(folder, "junit.xml")); err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Failures int `xml:"failures,attr"`
	}
	if err := xml.Unmarshal(text, &suites); err != nil || suites.Failures != 1 {
		t.Errorf("got %+v (%v), want one failure in junit.xml", suites, err)
	}
	if journals, _ := filepath.Glob(filepath.Join(folder, "journals", "*.jsonl")); len(journals) != 2 {
		t.Errorf("got journals %q, want two", journals)
	}
	holdToSchemas(t, folder)
}

// holdToSchemas holds what programs read of a report against the published schemas.
func holdToSchemas(t *testing.T, folder string) {
	t.Helper()
	read := func(parts ...string) []byte {
		text, err := os.ReadFile(filepath.Join(parts...))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	schema := func(name string) func(text []byte) error {
		validate, err := typeschema.Compile(read(name))
		if err != nil {
			t.Fatal(err)
		}
		return validate
	}
	if err := schema("../../docs/schema/results.schema.json")(read(folder, "results.json")); err != nil {
		t.Error(err)
	}
	if err := schema("../../runner/report/testdata/ctrf.schema.json")(read(folder, "ctrf.json")); err != nil {
		t.Error(err)
	}
	line := schema("../../docs/schema/journal.schema.json")
	journals, _ := filepath.Glob(filepath.Join(folder, "journals", "*.jsonl"))
	for _, name := range journals {
		for text := range bytes.Lines(read(name)) {
			if err := line(text); err != nil {
				t.Errorf("%s: %s: %v", name, text, err)
			}
		}
	}
}

// TestJSONOnly holds a program's view of a run: every line of standard output is an object.
func TestJSONOnly(t *testing.T) {
	_, stdout, _ := kafkaspec(t, "run", "testdata/run", "--format", "json")
	events := map[string]int{}
	for line := range strings.Lines(stdout) {
		var event struct{ Event string }
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events[event.Event]++
	}
	if events["started"] != 1 || events["scenario-finished"] != 2 || events["finished"] != 1 {
		t.Errorf("got %v, want one start, two scenarios and one end", events)
	}
}

// TestBuiltIn picks from the features in the binary; all of them are run by the tests of package features.
func TestBuiltIn(t *testing.T) {
	folder := t.TempDir()
	code, stdout, stderr := kafkaspec(t, "run", "--name", "poison pill is set aside", "--report", folder)
	if code != exitPassed || !strings.Contains(stdout, "1 scenario: 1 passed") {
		t.Errorf("got exit %d, want %d and one scenario\n%s%s", code, exitPassed, stdout, stderr)
	}
	holdToSchemas(t, folder)
}
