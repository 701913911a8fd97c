package report

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"::error::x":                     "| ::error::x",
		"a\n  ##[group]x\n\t##vso[task]": "a\n  | ##[group]x\n\t| ##vso[task]",
		"\x1b[31m::warning::x":           "| ::warning::x",
		"\u202e::error::x":               "| ::error::x",
		"a ::error:: b, ## head":         "a ::error:: b, ## head",
	} {
		if got := Harmless(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	r := sample()
	r.Scenarios[0].Failure.Message = "::error::boo"
	r.Scenarios[0].Failure.AppLines[0].Lines = []string{"##[error]boo", "::stop-commands::x"}
	var text bytes.Buffer
	if err := Console(ConsoleOptions{})(&text, r); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##[") {
			t.Errorf("got the line %q, which CI takes for a command", line)
		}
	}
}

// TestWriteFolderKeepsTheOthers has one report that cannot be written.
func TestWriteFolderKeepsTheOthers(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "junit.xml"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := WriteFolder(folder, nil, sample(), File{"console.txt", Console(ConsoleOptions{})})
	if err == nil || !strings.HasPrefix(err.Error(), "write the report junit.xml: ") {
		t.Errorf("got %v, want the one that failed", err)
	}
	names, _ := filepath.Glob(filepath.Join(folder, ".*"))
	entries, _ := os.ReadDir(folder)
	if len(entries) != 5 || len(names) != 0 {
		t.Errorf("got %v, want the reports and nothing half written", entries)
	}
	if text, err := os.ReadFile(filepath.Join(folder, ResultsFile)); err != nil || len(text) == 0 {
		t.Errorf("got %q, %v", text, err)
	}
}

// writer has the test binary write a report until it is killed.
const writer = "KAFKASPEC_TEST_WRITER"

// A process that is killed while it writes leaves what was there before, and a file that is swept later.
func TestSweep(t *testing.T) {
	if name := os.Getenv(writer); name != "" {
		_ = WriteFile(name, func(file *os.File) error {
			fmt.Println("writing")
			_, err := os.Stdin.Read(make([]byte, 1)) // until it is killed
			return err
		})
		return
	}
	folder := t.TempDir()
	for _, within := range []string{"", "journals"} {
		name := filepath.Join(folder, within, "results.json")
		err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte("before"), 0o600))
		if err != nil {
			t.Fatal(err)
		}
		killWriter(t, name)
		if text, err := os.ReadFile(name); err != nil || string(text) != "before" {
			t.Errorf("got %q, %v, want what was there before", text, err)
		}
	}
	unfinished := func() []string {
		one, _ := filepath.Glob(filepath.Join(folder, ".*"))
		other, _ := filepath.Glob(filepath.Join(folder, "*", ".*"))
		return append(one, other...)
	}
	Sweep(folder)
	left := unfinished()
	if len(left) != 2 {
		t.Fatalf("got %v, want both files: somebody may write them", left)
	}
	earlier := time.Now().Add(-2 * time.Minute)
	for _, name := range left {
		if err := os.Chtimes(name, earlier, earlier); err != nil {
			t.Fatal(err)
		}
	}
	Sweep(folder)
	if left := unfinished(); len(left) > 0 {
		t.Errorf("got %v left, want nothing", left)
	}
}

func killWriter(t *testing.T, name string) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestSweep$")
	command.Env = append(os.Environ(), writer+"="+name)
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = input.Close() }()
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || line != "writing\n" {
		t.Errorf("got %q, %v, want a writer at work", line, err)
	}
	_ = command.Process.Kill()
	_ = command.Wait()
}

func TestNotStartedIsShown(t *testing.T) {
	r := sample()
	r.NotStarted = []NotStarted{{Feature: "B", Name: "later", File: "b.feature", Line: 2}}
	r.NotStartedWhy = "the run was interrupted"
	var text, cases, object bytes.Buffer
	if err := Console(ConsoleOptions{Short: true})(&text, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "not started, as the run was interrupted:\n  b.feature:2  later\n") {
		t.Errorf("got %s", text.String())
	}
	const inCase = `file="b.feature" line="2" time="0.000">
      <error message="not started, as the run was interrupted" type="interrupted">`
	if err := JUnit(&cases, r); err != nil || !strings.Contains(cases.String(), inCase) {
		t.Errorf("got %v and %s", err, cases.String())
	}
	if err := JSON(&object, r); err != nil || !strings.Contains(object.String(), `"name": "later"`) ||
		!strings.Contains(object.String(), `"not_started_why": "the run was interrupted"`) {
		t.Errorf("got %v and %s", err, object.String())
	}
}
