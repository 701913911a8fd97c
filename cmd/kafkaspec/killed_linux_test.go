package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// killedFeature needs a database, a registry and a child with settings.
const killedFeature = `Feature: Killed
  Scenario Outline: <n>
    Given topic "orders" with 3 partitions
    And topic "users" with 1 partition
    And application "sleeper" is the command "sh sleeper.sh" writing "orders"
      | nap | 1s |
    And application "writer" is the reference "db-writer" in group "writers" reading "orders"
    When 100 records from generator "orders" are sent to "orders"
    And these records are sent to "users" encoded by schema "user-v1":
      | key | value.id | value.age |
      | u1  | u1       | 30        |
    Then once "writer" has caught up, every record of "orders" has exactly one row in table "records"
    And "users" contains exactly 1 record of schema version 1

    Examples:
      | n |
      | 1 |
      | 2 |
      | 3 |
      | 4 |
`

// TestKilledAnytime kills kafkaspec at random moments, by SIGKILL, SIGTERM or Ctrl-C twice. No process may be left, no
// folder or shared memory after the next run, and each report is whole or absent.
func TestKilledAnytime(t *testing.T) {
	if !testenv.Local() { // with PostgreSQL, shared memory of other tests would be counted
		t.Parallel()
	}
	temporary := t.TempDir()
	count, seed := testenv.Kills(t)
	arguments, longest := []string{"run", "a.feature", "--report", "reports"}, 3*time.Second
	if testenv.Local() {
		arguments = append(arguments, "--cluster", "local:3", "--registry", "local", "--database", "postgres")
		longest = 20 * time.Second
	}
	segments := sharedSegments(t)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	for i := range count {
		after := time.Duration(random.Int64N(int64(longest)))
		signals := [][]syscall.Signal{{syscall.SIGKILL}, {syscall.SIGTERM}, {syscall.SIGINT, syscall.SIGINT}}[i%3]
		what := fmt.Sprintf("kill %d of seed %d, by %v after %s", i, seed, signals, after)
		c := killedAfter(t, temporary, arguments, after, signals)
		c.nothingLeft(t)
		checkWhole(t, filepath.Join(c.folder, "reports"))
		aged(t, filepath.Join(temporary, "kafkaspec-*"), filepath.Join(c.folder, "reports", ".kafkaspec-*"),
			filepath.Join(c.folder, "reports", "*", ".kafkaspec-*"))
		next := exec.Command("kafkaspec", "run", "quick.feature", "--report", "reports")
		next.Dir, next.Env = c.folder, append(os.Environ(), "TMPDIR="+temporary)
		if out, err := next.CombinedOutput(); err != nil {
			t.Errorf("the next run: %v\n%s", err, out)
		}
		if left, _ := filepath.Glob(filepath.Join(temporary, "kafkaspec-*")); len(left) > 0 {
			t.Errorf("got %v left after the next run", left)
		}
		if left, _ := filepath.Glob(filepath.Join(c.folder, "reports", "*", ".kafkaspec-*")); len(left) > 0 {
			t.Errorf("got %v left in the report after the next run", left)
		}
		// Servers of others that are ending have some for a moment.
		if err := await.Until(t.Context(), await.Options{Within: 10 * time.Second, What: "shared memory to be given back",
			State: func() string { return fmt.Sprintf("%d segments, want at most %d", sharedSegments(t), segments) },
		}, func(context.Context) (bool, error) { return sharedSegments(t) <= segments, nil }); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Fatalf("%s; its output:\n%s", what, c.output.String())
		}
	}
}

// aged makes files and folders old enough to be swept.
func aged(t *testing.T, patterns ...string) {
	t.Helper()
	earlier := time.Now().Add(-2 * time.Minute)
	for _, pattern := range patterns {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			if err := os.Chtimes(name, earlier, earlier); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// killedAfter starts kafkaspec and sends it signals after a time, and waits for its end.
func killedAfter(t *testing.T, temporary string, arguments []string, after time.Duration,
	signals []syscall.Signal) *command {
	t.Helper()
	c := &command{folder: t.TempDir()}
	c.mark = "KAFKASPEC_TEST_MARK=" + c.folder
	quick := "Feature: a\n  Scenario: one\n    Given topic \"t\" with 1 partition\n    Then \"t\" is empty\n"
	for name, content := range map[string]string{"a.feature": killedFeature, "quick.feature": quick,
		"sleeper.sh": sleeper} {
		if err := os.WriteFile(filepath.Join(c.folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Cmd = exec.Command("kafkaspec", arguments...)
	c.Dir, c.Stdout, c.Stderr = c.folder, &c.output, &c.output
	c.Env = append(os.Environ(), "TMPDIR="+temporary, c.mark)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.killAll(t) })
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	select {
	case <-ended: // it was through before
	case <-time.After(after):
	}
	for _, signal := range signals {
		_ = c.Process.Signal(signal) // it may have ended
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Errorf("got kafkaspec still there 20s after %v", signals)
		_ = c.Process.Kill()
		<-ended
	}
	return c
}

// checkWhole reads every report that there is.
func checkWhole(t *testing.T, folder string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	journals, _ := filepath.Glob(filepath.Join(folder, "journals", "*"))
	for _, file := range append(files, journals...) {
		text, err := os.ReadFile(file)
		switch filepath.Ext(file) {
		case ".json":
			err = json.Unmarshal(text, &report.Results{})
		case ".jsonl":
			for line := range bytes.Lines(text) {
				if err == nil && !json.Valid(line) {
					err = fmt.Errorf("no JSON: %s", line)
				}
			}
		case ".xml":
			decoder := xml.NewDecoder(bytes.NewReader(text))
			for err == nil {
				_, err = decoder.Token()
			}
			if err == io.EOF { //nolint:errorlint // Token returns it as it is
				err = nil
			}
		case ".html":
			if !bytes.Contains(text, []byte("</html>")) {
				err = fmt.Errorf("no end")
			}
		default:
			if !strings.HasPrefix(filepath.Base(file), ".kafkaspec-") && filepath.Base(file) != "journals" {
				continue
			}
			err = nil // unfinished, under a name of its own
		}
		if err != nil {
			t.Errorf("got %s not whole: %v", file, err)
		}
	}
}

// sharedSegments counts the segments of System V, and PostgreSQL's files of shared memory, that no process uses any
// more: tests of other packages have servers of their own meanwhile.
func sharedSegments(t *testing.T) (left int) {
	t.Helper()
	text, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Skipf("no shared memory of System V here: %v", err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		const attached = 6 // key, id, permissions, size, creator, last, and how many processes use it
		if strings.Fields(line)[attached] == "0" {
			left++
		}
	}
	var used []byte
	maps, _ := filepath.Glob("/proc/[0-9]*/maps")
	files, _ := filepath.Glob("/dev/shm/PostgreSQL.*")
	for _, m := range maps {
		of, _ := os.ReadFile(m) // of a process that has ended meanwhile there is none
		used = append(used, of...)
	}
	for _, f := range files {
		if !bytes.Contains(used, []byte(f)) {
			left++
		}
	}
	return left
}
