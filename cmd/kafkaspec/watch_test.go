package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatch saves files while they are watched: a feature runs alone, a mistake is shown, another file runs everything.
func TestWatch(t *testing.T) {
	t.Chdir(t.TempDir())
	const feature = "Feature: NAME\n  Scenario: s\n    Given topic \"t\" with 1 partition\n" +
		"    When the record \"x\" is sent to \"t\"\n    Then \"t\" contains exactly 1 record\n"
	save := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("features/a.feature", strings.ReplaceAll(feature, "NAME", "a"))
	save("features/deep/b.feature", strings.ReplaceAll(feature, "NAME", "b"))
	save("kafkaspec.yaml", "defaults: {await: 5s}\n")

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{"run", "features", "--watch", "--report", "features/report"},
			&console{ctx: ctx, stdout: out, stderr: problems})
	}()
	for _, step := range []struct{ file, content, wantOut, wantProblems string }{
		{wantOut: `2 scenarios: 2 passed`, wantProblems: `(?s)(watching: .*){1}`},
		{file: "features/deep/b.feature", content: strings.ReplaceAll(feature, "NAME", "once more"),
			wantOut: `(?s)2 passed.*once more.*1 scenario: 1 passed`, wantProblems: `(?s)(watching: .*){2}`},
		{file: "features/a.feature", content: "Feature: a\n  Scenario: s\n    Given nonsense\n",
			wantProblems: `(?s)a.feature:3: undefined step: .*(watching: .*){1}`},
		{file: "features/a.feature", content: strings.ReplaceAll(feature, "NAME", "mended"),
			wantOut: `(?s)mended.*1 scenario: 1 passed`, wantProblems: `(?s)(watching: .*){4}`},
		{file: "features/new/c.yaml", content: "x: 1\n", wantOut: `(?s)mended.*2 scenarios: 2 passed`,
			wantProblems: `(?s)(watching: .*){5}`},
	} {
		if step.file != "" {
			save(step.file, step.content)
		}
		if step.wantOut != "" {
			out.awaitText(ctx, t, step.wantOut)
		}
		problems.awaitText(ctx, t, step.wantProblems)
	}
	stop()
	if code := <-ended; code != exitInterrupted {
		t.Errorf("got exit code %d, want %d; it said:\n%s\n%s", code, exitInterrupted, out, problems)
	}
}
