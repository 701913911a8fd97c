package main

import (
	"os"
	"strings"
	"testing"
)

// TestInit follows what the command says: the files it writes are run as they are, and never written over.
func TestInit(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, stdout, stderr := kafkaspec(t, "init"); code != exitPassed ||
		!strings.Contains(stdout, "kafkaspec run first.feature") {
		t.Fatalf("got exit %d\n%s%s", code, stdout, stderr)
	}
	if code, stdout, stderr := kafkaspec(t, "run", "first.feature"); code != exitPassed {
		t.Errorf("got exit %d from the feature that init wrote\n%s%s", code, stdout, stderr)
	}
	if err := os.WriteFile("first.feature", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := kafkaspec(t, "init", "."); code != exitInput ||
		!strings.Contains(stderr, "got first.feature and kafkaspec.yaml, which exist already") {
		t.Errorf("got exit %d, %q, want the file that is there refused", code, stderr)
	}
	if content, _ := os.ReadFile("first.feature"); string(content) != "mine" {
		t.Errorf("got %q, want the file left alone", content)
	}
}

// TestReportOfShards merges the parts of a run into one.
func TestReportOfShards(t *testing.T) {
	folder := t.TempDir()
	for _, part := range []string{"1", "2"} {
		if code, stdout, stderr := kafkaspec(t, "run", "testdata/run", "--shard", part+"/2", "--report",
			folder+"/"+part); code > exitFailed {
			t.Fatalf("got exit %d\n%s%s", code, stdout, stderr)
		}
	}
	code, stdout, stderr := kafkaspec(t, "report", folder+"/1", folder+"/2", "--report", folder+"/all")
	if code != exitFailed || !strings.Contains(stdout, "2 scenarios: 1 passed, 1 failed") ||
		!strings.Contains(stdout, "want exactly 2") {
		t.Errorf("got exit %d, want %d and both scenarios\n%s%s", code, exitFailed, stdout, stderr)
	}
	for _, name := range []string{"report.html", "junit.xml", "results.json"} {
		if content, err := os.ReadFile(folder + "/all/" + name); err != nil ||
			!strings.Contains(string(content), "want exactly 2") {
			t.Errorf("got %v, want %s with the failure", err, name)
		}
	}
	if code, _, stderr := kafkaspec(t, "report", folder); code != exitInput ||
		!strings.Contains(stderr, "name a folder that") {
		t.Errorf("got exit %d, %q, want a folder without results refused", code, stderr)
	}
}
