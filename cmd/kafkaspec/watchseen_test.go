package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/runner"
)

// TestWatchLeavesOutWhatTheRunWrote writes files during a run and after it, as applications, reports and people do.
func TestWatchLeavesOutWhatTheRunWrote(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(content string, names ...string) {
		t.Helper()
		for _, name := range names {
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	w := &watching{console: &console{ctx: t.Context()}, profile: "features/kafkaspec.yaml", roots: []string{"features"},
		params: runner.Params{Report: "features/report"}}
	write("before", "features/a.feature", "features/b.feature", "features/kafkaspec.yaml", "features/app.py",
		"features/rows.txt", "features/old/results.json", "features/old/report.html", "features/old/journals/a.jsonl")

	before := w.states()
	write("during the run", "features/b.feature", "features/new.feature", "features/kafkaspec.yaml", "features/rows.txt",
		"features/data/app.log", "features/report/results.json", "features/report/journals/a.jsonl",
		"features/results.json", "features/report.html", "features/journals/a.jsonl")
	w.noteWritten(before)
	check := func(when string, want map[string]bool) {
		t.Helper()
		for file, saved := range want {
			if got := w.isSaved(file); got != saved {
				t.Errorf("%s: %s: got saved %v, want %v", when, file, got, saved)
			}
		}
	}
	check("directly after the run", map[string]bool{"features/a.feature": false, "features/b.feature": true,
		"features/new.feature": true, "features/kafkaspec.yaml": true, "features/app.py": false,
		"features/rows.txt": false, "features/data/app.log": false, "features/report/results.json": false,
		"features/results.json": false, "features/journals/a.jsonl": false, "features/none.txt": false})

	w.ended = time.Now()
	write("the last line", "features/rows.txt", "features/app.py")
	check("the end of what the run writes", map[string]bool{"features/rows.txt": false, "features/app.py": true})

	w.ended = time.Time{}
	write("saved later on", "features/a.feature", "features/app.py", "features/rows.txt", "features/fixtures/x.yaml",
		"features/report/results.json", "features/old/results.json", "features/old/journals/a.jsonl",
		"features/journals/a.jsonl")
	check("later", map[string]bool{"features/a.feature": true, "features/app.py": true, "features/rows.txt": true,
		"features/fixtures/x.yaml": true, "features/report/results.json": false, "features/old/results.json": false,
		"features/old/journals/a.jsonl": false, "features/journals/a.jsonl": false})

	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git in PATH, so what it ignores is not tried")
	}
	if out, err := exec.CommandContext(t.Context(), "git", "init", "-q", ".").CombinedOutput(); err != nil {
		t.Fatalf("git init: %v: %s", err, out)
	}
	write("rows.txt\n*.log\nb.feature\n", ".gitignore")
	w.noteWritten(w.states())
	write("once more, in git", "features/a.feature", "features/b.feature", "features/app.py", "features/rows.txt",
		"features/data/app.log", "features/data/app.txt")
	check("with git", map[string]bool{"features/a.feature": true, "features/b.feature": true, "features/app.py": true,
		"features/rows.txt": false, "features/data/app.log": false, "features/data/app.txt": true})
}
