//go:build linux || darwin

package child_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// withGrandchild prints a line from itself and one from its child, which both then wait for good.
const withGrandchild = `sh -c 'echo grandchild; while :; do sleep 1000; done' & echo child; wait`

// ignoresTerm never ends on SIGTERM.
const ignoresTerm = `trap '' TERM; echo ready; while :; do sleep 1000 & wait $!; done`

func TestStopEndsTheGroup(t *testing.T) {
	p, line := started(t, shell(`trap 'echo stopping; exit 4' TERM; `+withGrandchild))
	line()
	line()
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code, signal := p.Exit(); code != 4 {
		t.Errorf("got exit %d %q, want 4", code, signal)
	}
	if got := line(); got != "stopping" {
		t.Errorf("got line %q, want stopping", got)
	}
	if got := line(); got != "end of output" {
		t.Errorf("got line %q, want the end of the output since nobody is left to hold it", got)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Errorf("got %v from a second stop, want nil", err)
	}
	if err := p.Signal(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("got %v from a signal after the end, want os.ErrProcessDone", err)
	}
}

func TestStopKillsAfterGrace(t *testing.T) {
	s := shell(ignoresTerm)
	s.Grace = 10 * time.Millisecond
	p, line := started(t, s)
	line()
	err := p.Stop(t.Context())
	if !errors.Is(err, child.ErrKilled) || !strings.Contains(err.Error(), `"sh"`) {
		t.Errorf("got %v, want child.ErrKilled with the command", err)
	}
	if _, signal := p.Exit(); signal != "SIGKILL" {
		t.Errorf("got signal %q, want SIGKILL", signal)
	}
}

func TestStopKillsWhenItsContextEnds(t *testing.T) {
	s := shell(ignoresTerm)
	s.Grace = patience
	p, line := started(t, s)
	line()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Stop(ctx); !errors.Is(err, child.ErrKilled) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want child.ErrKilled and context.Canceled", err)
	}
}

func TestPausedGroupCanBeStoppedAndKilled(t *testing.T) {
	end := map[string]func(*child.Process) error{
		"stop": func(p *child.Process) error { return p.Stop(t.Context()) },
		"kill": (*child.Process).Kill,
		"resume": func(p *child.Process) error {
			return errors.Join(p.Signal(syscall.SIGTERM), p.Resume()) // SIGTERM waits until then
		},
	}
	for name, how := range end {
		t.Run(name, func(t *testing.T) {
			p, line := started(t, shell(withGrandchild))
			line()
			line()
			if err := p.Pause(); err != nil {
				t.Fatal(err)
			}
			if err := how(p); err != nil {
				t.Fatal(err)
			}
			awaitDone(t, p)
			if got := line(); got != "end of output" {
				t.Errorf("got line %q, want the end of the output", got)
			}
		})
	}
}

func TestGrandchildrenEndWithTheCommand(t *testing.T) {
	s := shell(`sh -c 'echo grandchild; while :; do sleep 1000; done' & exec sh -c 'exit 9'`)
	s.Grace = 10 * time.Millisecond
	p, line := started(t, s)
	for got := line(); got != "end of output"; got = line() {
		if got != "grandchild" {
			t.Errorf("got line %q, want grandchild or the end of the output", got)
		}
	}
	awaitDone(t, p)
	if code, _ := p.Exit(); code != 9 {
		t.Errorf("got exit code %d, want 9", code)
	}
}

func TestDaemonsEndToo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: only Linux lets the watchdog adopt processes that left the group")
	}
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("skipped: the setsid command is not installed")
	}
	p, line := started(t, shell(`setsid sh -c 'echo daemon; while :; do sleep 1000; done' & wait`))
	line()
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if got := line(); got != "end of output" {
		t.Errorf("got line %q, want the end of the output", got)
	}
}

// beParent starts a command that inherits standard output, and waits to be killed.
func beParent(script string) {
	s := shell(script)
	s.Stdout = os.Stdout
	p, err := child.Start(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if os.Getenv("KAFKASPEC_CHILD_TEST_PAUSE") != "" {
		if err := p.Pause(); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("parent")
	<-p.Done()
	os.Exit(0)
}

// parent runs this test binary as a parent of withGrandchild, until the parent and so many lines were seen. Its output
// ends only when parent, watchdog, child and grandchild have all ended, since each of them holds it.
func parent(t *testing.T, wanted int, env string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"="+withGrandchild)
	cmd.Env = append(cmd.Env, env)
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = r.Close()
	})
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	output := bufio.NewReader(r)
	for seen, up := 0, false; !up || seen < wanted; seen++ {
		line, err := output.ReadString('\n')
		if err != nil {
			t.Fatalf("got line %q and %v, want the lines of parent, child and grandchild", line, err)
		}
		up = up || line == "parent\n"
	}
	return cmd, output
}

func TestEverythingEndsWithAKilledParent(t *testing.T) {
	const limit = 2 * time.Second
	for _, c := range []struct {
		name   string
		wanted int
		env    string
	}{{"running", 3, "_="}, {"paused", 1, "KAFKASPEC_CHILD_TEST_PAUSE=1"}} {
		t.Run(c.name, func(t *testing.T) {
			fastest := patience // of three: the limit is the product's promise, not this machine's
			for range 3 {
				cmd, output := parent(t, c.wanted, c.env)
				began := time.Now()
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				for { // what a paused child had said before
					if _, err := output.ReadString('\n'); err != nil {
						break
					}
				}
				if fastest = min(fastest, time.Since(began)); fastest < limit {
					return
				}
			}
			t.Errorf("got the end of child and grandchild after %v, want it within %v", fastest, limit)
		})
	}
}

func TestTheGroupEndsWithAKilledWatchdog(t *testing.T) {
	p, line := started(t, shell(withGrandchild))
	line()
	line()
	if err := syscall.Kill(parentOf(t, p.PID()), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitDone(t, p)
	if got := line(); got != "end of output" {
		t.Errorf("got line %q, want the end of the output", got)
	}
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "watchdog") {
		t.Errorf("got %v, want an error about the watchdog", err)
	}
}

// An application that stops its parent must not keep it from being stopped, or killed.
func TestAStoppedWatchdogGoesOn(t *testing.T) {
	for name, end := range map[string]func(*child.Process) error{
		"stop": func(p *child.Process) error { return p.Stop(t.Context()) }, "kill": (*child.Process).Kill} {
		t.Run(name, func(t *testing.T) {
			p, line := started(t, shell(`kill -STOP $PPID; echo stopped; exec sleep 1000`))
			if got := line(); got != "stopped" {
				t.Fatalf("got line %q, want stopped", got)
			}
			ended := make(chan error, 1)
			go func() { ended <- end(p) }()
			awaitDone(t, p)
			if err := errors.Join(<-ended, p.Err()); err != nil {
				t.Errorf("got %v, want an end as any other", err)
			}
		})
	}
}

func parentOf(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.Command("ps", "-o", "ppid=", "-p", fmt.Sprint(pid)).Output()
	if err != nil {
		t.Skipf("skipped: ps is needed to find the watchdog: %v", err)
	}
	var ppid int
	if _, err := fmt.Sscan(string(out), &ppid); err != nil {
		t.Fatal(err)
	}
	return ppid
}

func TestWatchdogIgnoresTheSignalsOfATerminal(t *testing.T) {
	p, line := started(t, shell(`trap 'echo interrupted' INT; echo ready; while :; do sleep 1000 & wait $!; done`))
	line()
	watchdog := parentOf(t, p.PID())
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if err := syscall.Kill(watchdog, sig); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if got := line(); got != "interrupted" {
		t.Errorf("got line %q, want interrupted: the command lives and signals are not ignored in it", got)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := p.Err(); err != nil {
		t.Errorf("got %v, want a watchdog that lived to the end", err)
	}
}
