package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// The outcomes of a mutant.
const (
	noticed  = "noticed"  // a test or feature failed
	hung     = "hung"     // it took longer than it may, which is noticed as well
	survived = "survived" // nothing failed
	invalid  = "invalid"  // it does not compile
)

// checked is what became of a mutant; a line of the state file.
type checked struct {
	ID      string  `json:"id"`
	Outcome string  `json:"outcome"`
	Seconds float64 `json:"seconds"`
	By      string  `json:"by,omitempty"` // the first thing that failed
}

// checker runs what should notice mutants.
type checker struct {
	folder string // of its own, for overlays and binaries
	limit  time.Duration
	built  map[string]built // by id
}

// build are the words behind go that build what notices a target's mutants.
func (t target) build(overlay, binary string) []string {
	common := []string{"-ldflags=-s -w", "-overlay", overlay, "-o", binary}
	if len(t.features) > 0 {
		return append(append([]string{"build"}, common...), "./cmd/kafkaspec")
	}
	return append(append([]string{"test", "-c", "-vet=off"}, common...), "./"+t.folder)
}

// runs are the commands of which one should fail, the quickest first.
func (t target) runs(binary string, limit time.Duration) [][]string {
	if len(t.features) > 0 {
		return [][]string{append([]string{binary, "run", "--format", "json", "--tags", "not @huge"}, t.features...)}
	}
	run := []string{binary, "-test.failfast", "-test.timeout=" + limit.String()}
	if !t.have("pgregory.net/rapid") {
		return [][]string{run}
	}
	run = append(run, "-rapid.nofailfile", "-rapid.shrinktime=1ms") // a fail file would be tried on the next mutant
	return [][]string{slices.Concat(run, []string{"-rapid.checks=10"}), run}
}

// check tries what should notice a mutant: first its target, and where features do not notice it, the tests of its
// package, if it has some.
func (c checker) check(ctx context.Context, m mutant) (checked, error) {
	began, first, tests := time.Now(), targetOf(m.file), testsOf(m.file)
	result, err := c.try(ctx, m, first, c.built[m.id()])
	if err == nil && result.Outcome == survived && len(first.features) > 0 && tests.have("") {
		var alone map[string]built
		if alone, err = c.together(ctx, []mutant{m}, testsOf); err == nil {
			result, err = c.try(ctx, m, tests, alone[m.id()])
		}
	}
	result.Seconds = time.Since(began).Round(100 * time.Millisecond).Seconds()
	return result, err
}

// try runs the features or tests of a mutant, which is built alone where it was not built with others: as an overlay,
// so that the tree stays as it is.
func (c checker) try(ctx context.Context, m mutant, target target, b built) (checked, error) {
	result := checked{ID: m.id()}
	if b.binary == "" {
		b.binary = filepath.Join(c.folder, "mutant")
		overlay, err := c.mutated(m)
		if err != nil {
			return result, err
		}
		if out, err := exec.CommandContext(ctx, "go", target.build(overlay, b.binary)...).CombinedOutput(); err != nil {
			result.Outcome, result.By = invalid, firstLine(out, "")
			return result, ctx.Err()
		}
	}
	for _, words := range target.runs(b.binary, c.limit) {
		var err error
		if result.Outcome, result.By, err = c.run(ctx, target, words, b.number); err != nil {
			return result, err
		}
		if result.Outcome != survived {
			break
		}
	}
	return result, nil
}

// run says whether a command fails within the limit. Features end with the first scenario that does not pass.
func (c checker) run(ctx context.Context, target target, words []string, number string) (outcome, by string,
	err error) {
	limited, cancel := context.WithTimeout(ctx, c.limit+c.limit/10) // tests keep it themselves, and say where
	defer cancel()
	command := exec.CommandContext(limited, words[0], words[1:]...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	command.Env = append(os.Environ(), switchVariable+"="+number)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if len(target.features) == 0 {
		command.Dir = target.folder
	} else {
		command.Stdout = &firstFailure{stop: cancel, by: &by}
	}
	err = command.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case by != "":
		return noticed, by, nil
	case limited.Err() != nil:
		return hung, "", nil
	case err == nil:
		return survived, "", nil
	case errors.As(err, &exit):
		return noticed, firstLine(out.Bytes(), "FAIL", "panic"), nil
	}
	return "", "", fmt.Errorf("run %s: %w", words[0], err)
}

// firstFailure reads what kafkaspec writes with --format json, and stops it at the first scenario that does not pass.
type firstFailure struct {
	stop func()
	by   *string
	rest []byte // of a line that has not ended
}

// Write has no error: a line that is no event is nothing to stop for, and the exit code says the same in the end.
func (f *firstFailure) Write(text []byte) (int, error) {
	f.rest = append(f.rest, text...)
	for {
		line, rest, whole := bytes.Cut(f.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		f.rest = rest
		var event struct {
			Event    string
			Scenario report.Scenario
		}
		if json.Unmarshal(line, &event) != nil || event.Event != "scenario-finished" || *f.by != "" {
			continue
		}
		switch s := event.Scenario; s.Status {
		case report.Failed, report.Inconclusive, report.Refused:
			*f.by = oneLine(fmt.Sprintf("%s:%d %s", s.File, s.Line, report.FailureText(s)))
			f.stop()
		}
	}
}

// have says whether the folder has tests in which a text stands.
func (t target) have(with string) bool {
	tests, _ := filepath.Glob(filepath.Join(t.folder, "*_test.go")) // the pattern is well formed
	return slices.ContainsFunc(tests, func(name string) bool {
		text, err := os.ReadFile(name)
		return err == nil && bytes.Contains(text, []byte(with))
	})
}

// mutated writes a mutant's text, and what go build needs to take it for the file's.
func (c checker) mutated(m mutant) (string, error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(c.folder, "mutant.go")
	if err := os.WriteFile(changed, m.apply(text), 0o600); err != nil {
		return "", err
	}
	return c.overlay(map[string]string{m.file: changed})
}

// overlay writes what go build needs to take files for others.
func (c checker) overlay(files map[string]string) (string, error) {
	replace := map[string]string{}
	for name, changed := range files {
		original, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		replace[original] = changed
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.folder, "overlay.json")
	return file, os.WriteFile(file, content, 0o600)
}

// firstLine is the first line that has one of the words; without words the first that is no heading.
func firstLine(out []byte, words ...string) string {
	for line := range bytes.Lines(out) {
		text := oneLine(string(line))
		if len(words) == 0 || words[0] == "" {
			if text != "" && !strings.HasPrefix(text, "#") {
				return text
			}
			continue
		}
		for _, w := range words {
			if strings.Contains(text, w) {
				return text
			}
		}
	}
	return ""
}

// oneLine shortens a text to what fits into a list.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
