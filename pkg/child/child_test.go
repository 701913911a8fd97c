//go:build linux || darwin

package child_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// patience is how long an event that must come may take on a busy machine.
const patience = time.Minute

// roleVariable makes the test binary play the parent that is killed.
const roleVariable = "KAFKASPEC_CHILD_TEST_PARENT_OF"

func TestMain(m *testing.M) {
	if script := os.Getenv(roleVariable); script != "" {
		beParent(script)
	}
	goleak.VerifyTestMain(m)
}

// shell is a Spec that runs a script.
func shell(script string, args ...string) child.Spec {
	return child.Spec{Path: "sh", Args: append([]string{"-c", script, "sh"}, args...)}
}

func start(t *testing.T, s child.Spec) *child.Process {
	t.Helper()
	p, err := child.Start(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func awaitDone(t *testing.T, p *child.Process) {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatalf("got no end of process %d within %v, want one", p.PID(), patience)
	}
}

// started runs a script and gives its output line by line; "end of output" follows the last one.
func started(t *testing.T, s child.Spec) (*child.Process, func() string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	s.Stdout = w
	p := start(t, s)
	_ = w.Close()
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(r)
	return p, func() string {
		t.Helper()
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return "end of output"
		}
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(line, "\n")
	}
}

func TestExitIsPassedBackExactly(t *testing.T) {
	cases := []struct {
		script string
		code   int
		signal string
	}{
		{"exit 0", 0, ""},
		{"exit 1", 1, ""},
		{"exit 77", 77, ""},
		{"exit 255", 255, ""},
		{"kill -TERM $$", -1, "SIGTERM"},
		{"kill -KILL $$", -1, "SIGKILL"},
		{"kill -HUP $$", -1, "SIGHUP"},
	}
	for _, c := range cases {
		t.Run(c.script, func(t *testing.T) {
			p := start(t, shell(c.script))
			awaitDone(t, p)
			if code, signal := p.Exit(); code != c.code || signal != c.signal {
				t.Errorf("got exit %d %q, want %d %q", code, signal, c.code, c.signal)
			}
			if err := p.Err(); err != nil {
				t.Errorf("got supervision error %v, want none", err)
			}
		})
	}
}

func TestCommandGetsArgumentsEnvironmentAndFolder(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	s := shell(`printf '%s|%s|%s|%s|' "$1" "$2" "$A" "${KAFKASPEC_WATCHDOG-none}"; pwd; echo problem >&2`, "two words",
		"\xff\n")
	s.Dir = dir
	s.Env = []string{"A=first", "PATH=" + os.Getenv("PATH"), "A=last \xfe", "KAFKASPEC_WATCHDOG=1"}
	s.Stdout, s.Stderr = &stdout, &stderr
	p := start(t, s)
	awaitDone(t, p)
	want := "two words|\xff\n|last \xfe|none|" + dir + "\n"
	if diff := cmp.Diff(want, stdout.String()); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	if got := stderr.String(); got != "problem\n" {
		t.Errorf("got stderr %q, want %q", got, "problem\n")
	}
}

func TestRelativePathIsRelativeToTheFolder(t *testing.T) {
	dir := t.TempDir()
	script(t, filepath.Join(dir, "app"), "#!/bin/sh\nexit 7\n", 0o755)
	p := start(t, child.Spec{Path: "./app", Dir: dir})
	awaitDone(t, p)
	if code, _ := p.Exit(); code != 7 {
		t.Errorf("got exit code %d, want 7", code)
	}
}

func script(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestStartErrorsNameTheCommand(t *testing.T) {
	dir := t.TempDir()
	script(t, filepath.Join(dir, "plain"), "#!/bin/sh\n", 0o644)
	script(t, filepath.Join(dir, "no-interpreter"), "#!/no/such/interpreter\n", 0o755)
	script(t, filepath.Join(dir, "no-first-line"), "echo hello\n", 0o755)
	cases := []struct {
		name string
		spec child.Spec
		is   error
		want []string
	}{
		{"not in PATH", child.Spec{Path: "no-such-command-anywhere"}, nil, []string{`"no-such-command-anywhere"`, "PATH"}},
		{"no such file", child.Spec{Path: "./missing", Dir: dir}, fs.ErrNotExist, []string{`"./missing"`, "spelling"}},
		{"no such folder", child.Spec{Path: "sh", Dir: filepath.Join(dir, "none")}, fs.ErrNotExist,
			[]string{`"sh"`, "working folder"}},
		{"folder is a file", child.Spec{Path: "sh", Dir: filepath.Join(dir, "plain")}, nil, []string{"which is a file"}},
		{"not executable", child.Spec{Path: "./plain", Dir: dir}, fs.ErrPermission, []string{`"./plain"`, "chmod +x"}},
		{"no interpreter", child.Spec{Path: "./no-interpreter", Dir: dir}, fs.ErrNotExist,
			[]string{`"./no-interpreter"`, "#!"}},
		{"no first line", child.Spec{Path: "./no-first-line", Dir: dir}, syscall.ENOEXEC,
			[]string{`"./no-first-line"`, "#!/bin/sh"}},
		{"a folder", child.Spec{Path: dir}, nil, []string{"it is a folder"}},
		{"empty", child.Spec{}, nil, []string{"empty command"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := child.Start(t.Context(), c.spec)
			if err == nil {
				t.Fatal("got no error, want one")
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got error %v, want one that is %v", err, c.is)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got error %q, want it to contain %q", err, part)
				}
			}
		})
	}
}

func TestContextBoundsTheStartOnly(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := child.Start(ctx, shell("exit 0")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	p, err := child.Start(ctx, shell("read line; exit 3"))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	awaitDone(t, p) // its standard input is empty, so read returns at once
	if code, signal := p.Exit(); code != 3 {
		t.Errorf("got exit %d %q, want 3", code, signal)
	}
}

func TestManyStartsAtOnce(t *testing.T) {
	const starts = 50
	var group sync.WaitGroup
	for i := range starts {
		group.Go(func() {
			var out bytes.Buffer
			s := shell(`echo "$1"; exit "$1"`, fmt.Sprint(i))
			s.Stdout = &out
			p, err := child.Start(context.Background(), s)
			if err != nil {
				t.Error(err)
				return
			}
			<-p.Done()
			if code, signal := p.Exit(); code != i || out.String() != fmt.Sprintln(i) {
				t.Errorf("got exit %d %q and output %q, want %d", code, signal, out.String(), i)
			}
		})
	}
	group.Wait()
}

// What the watchdog adds shows beside a plain start of the same command.
func BenchmarkStart(b *testing.B) {
	b.Run("watched", func(b *testing.B) {
		for b.Loop() {
			p, err := child.Start(b.Context(), child.Spec{Path: "true"})
			if err != nil {
				b.Fatal(err)
			}
			<-p.Done()
		}
	})
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("true").Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
