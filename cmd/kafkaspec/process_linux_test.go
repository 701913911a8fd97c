package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const interruptedFeature = `Feature: Interrupted
  Scenario: quick
    Given topic "orders" with 1 partition
    And the record "x" is in "orders"
    Then "orders" contains exactly 1 record

  @exclusive
  Scenario: slow
    Given topic "orders" with 1 partition
    And application "sleeper" is the command "sh sleeper.sh" writing "orders"
    Then within 100s "orders" contains exactly 1 record
`

// sleeper ignores what would end it, and so does its child.
const sleeper = `trap "" TERM INT HUP
sleep 600 &
touch started
wait
wait
`

// command is kafkaspec as a process, in a folder of its own with the feature above. All its descendants carry the mark
// in their environment.
type command struct {
	*exec.Cmd
	folder, mark string
	output       bytes.Buffer
}

func startCommand(t *testing.T, cluster string) *command {
	t.Helper()
	c := &command{folder: t.TempDir()}
	c.mark = "KAFKASPEC_TEST_MARK=" + c.folder
	for name, content := range map[string]string{"a.feature": interruptedFeature, "sleeper.sh": sleeper} {
		if err := os.WriteFile(filepath.Join(c.folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Cmd = exec.Command("kafkaspec", "run", "a.feature", "--cluster", cluster, "--report", "reports")
	c.Dir, c.Stdout, c.Stderr = c.folder, &c.output, &c.output
	c.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), c.mark) // what a kill leaves there goes with the test
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.killAll(t) })
	err := await.Until(t.Context(), await.Options{Within: time.Minute, What: "the application to start"},
		func(context.Context) (bool, error) {
			_, err := os.Stat(filepath.Join(c.folder, "started"))
			return err == nil, nil
		})
	if err != nil {
		t.Fatalf("%v\n%s", err, c.output.String())
	}
	return c
}

// descendants are the processes with the mark, the command itself left out.
func (c *command) descendants() []int {
	var found []int
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		environ, readErr := os.ReadFile(file)
		if err == nil && readErr == nil && pid != c.Process.Pid && bytes.Contains(environ, []byte(c.mark)) {
			found = append(found, pid)
		}
	}
	return found
}

// killAll ends what a failed test leaves.
func (c *command) killAll(t *testing.T) {
	if c.ProcessState == nil {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	for _, pid := range c.descendants() {
		t.Errorf("process %d is still there", pid)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// nothingLeft waits until all descendants are gone, but not for long.
func (c *command) nothingLeft(t *testing.T) {
	t.Helper()
	err := await.Until(t.Context(), await.Options{Within: 5 * time.Second, What: "all processes to end",
		State: func() string { return fmt.Sprint("processes ", c.descendants()) }},
		func(context.Context) (bool, error) { return len(c.descendants()) == 0, nil })
	if err != nil {
		t.Error(err)
	}
}

// clusters are those the tests of processes run on: brokers only where they are asked for.
func clusters() []string {
	if !testenv.Local() {
		return []string{"embedded"}
	}
	return []string{"embedded", "local:3"}
}

// TestInterrupt sends a signal in the middle of a run with a child that does not want to end.
func TestInterrupt(t *testing.T) {
	for _, cluster := range clusters() {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(cluster+" "+signal.String(), func(t *testing.T) {
				if cluster == "embedded" { // brokers need the machine for themselves
					t.Parallel()
				}
				c := startCommand(t, cluster)
				if len(c.descendants()) < 2 {
					t.Errorf("got processes %v, want the application and its child among them", c.descendants())
				}
				began := time.Now()
				if err := c.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				_ = c.Wait()
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("got an end after %s, want it within 5s", took)
				}
				if code := c.ProcessState.ExitCode(); code != exitInterrupted {
					t.Errorf("got exit %d, want %d\n%s", code, exitInterrupted, c.output.String())
				}
				c.nothingLeft(t)
				checkInterruptedReport(t, filepath.Join(c.folder, "reports"))
			})
		}
	}
}

func checkInterruptedReport(t *testing.T, folder string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var results report.Results
	if err := json.Unmarshal(text, &results); err != nil {
		t.Fatal(err)
	}
	if results.Count(report.Passed) != 1 || results.Count(report.Interrupted) != 1 {
		t.Errorf("got %s, want one scenario passed and one interrupted", text)
	}
	if _, err := os.Stat(filepath.Join(folder, "junit.xml")); err != nil {
		t.Error(err)
	}
}

// TestOutputFull has the console on a full disk: the run says so, and writes its report.
func TestOutputFull(t *testing.T) {
	folder := t.TempDir()
	const feature = "Feature: a\n  Scenario: one\n    Given topic \"t\" with 1 partition\n    Then \"t\" is empty\n"
	if err := os.WriteFile(filepath.Join(folder, "a.feature"), []byte(feature), 0o600); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = full.Close() }()
	reader, closed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closed.Close() }()
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	for _, output := range []*os.File{full, closed} {
		reports := filepath.Join(t.TempDir(), "reports")
		c := exec.Command("kafkaspec", "run", "a.feature", "--report", reports)
		var complaint bytes.Buffer
		c.Dir, c.Stdout, c.Stderr = folder, output, &complaint
		if _ = c.Run(); c.ProcessState.ExitCode() != exitEnvironment {
			t.Errorf("got %v, want exit %d\n%s", c.ProcessState, exitEnvironment, complaint.String())
		}
		if !bytes.Contains(complaint.Bytes(), []byte("the output cannot be written to")) {
			t.Errorf("got %q, want the output named", complaint.String())
		}
		if _, err := os.Stat(filepath.Join(reports, report.ResultsFile)); err != nil {
			t.Error(err)
		}
	}
}

// TestKilled takes away any chance to tidy up: what was started must end all the same.
func TestKilled(t *testing.T) {
	for _, cluster := range clusters() {
		t.Run(cluster, func(t *testing.T) {
			c := startCommand(t, cluster)
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
			c.nothingLeft(t)
		})
	}
}
