// Package child starts commands that never outlive the process that started them.
//
// A parent-death signal exists on Linux only, and there it follows a thread, not the process. So a watchdog stands
// between: our own executable started again, recognised in an init function by an environment variable. It runs the
// command in a process group of its own and kills that whole group when its standard input closes. Only the parent
// holds the other end of that pipe, so the group ends however the parent ends, SIGKILL included. On Linux the watchdog
// also adopts and kills descendants that left the group.
//
// Importing the package is enough; nothing has to be called in main or TestMain.
package child

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	defaultGrace = 5 * time.Second
	// outputDelay bounds the wait for the output to end after the group has ended. Only a descendant that escaped the
	// group and still holds the output makes it matter.
	outputDelay = 2 * time.Second
	// watchdogVariable marks the environment of a watchdog. A command never sees it.
	watchdogVariable = "KAFKASPEC_WATCHDOG"
)

// ErrUnsupported is returned by Start on systems without process groups.
var ErrUnsupported = errors.New("child processes are not supported on this system: run on Linux or macOS, or run the " +
	"application in process")

// ErrKilled is returned by Stop when the command did not end as it was told to, and was killed.
var ErrKilled = errors.New("killed because it did not end")

// ErrUnwatched is a failure of the supervision: what has become of the command says nothing of it.
var ErrUnwatched = errors.New("its watchdog has ended before it")

// End is how a group is told to end; the zero value is by SIGTERM.
type End struct {
	Name   string                      // for messages; "": SIGTERM
	Signal syscall.Signal              // 0: SIGTERM
	Ask    func(context.Context) error // in place of a signal; nil: by the signal
}

// Spec says what to start.
type Spec struct {
	Path   string        // looked up in PATH when it has no separator; a relative one with a separator is relative to Dir
	Args   []string      // without the command itself
	Env    []string      // nil: the environment of this process
	Dir    string        // "": the working folder of this process
	Stdout io.Writer     // nil: discarded; a *os.File is handed over as it is
	Stderr io.Writer     // the same; may be equal to Stdout
	Grace  time.Duration // from being told to end to SIGKILL, and from its end to that of what it started; 0: 5s
	End    End           // how Stop tells the group to end
}

// Work is what a command and its descendants do.
type Work struct {
	Busy   bool          // computing, about to, waiting for a disk, or ending; not what sleeps until something happens
	Held   bool          // waiting for a disk, or ending
	Spent  time.Duration // of processors
	Wanted time.Duration // how long they ran, or were ready to and had to wait for a processor; 0 where not known
}

// Process is a started command. Its methods may be called from several goroutines.
type Process struct {
	spec    Spec
	pid     int
	cmd     *exec.Cmd // the watchdog
	outputs []*output // what of its output is passed on by this process
	control *os.File  // closing it makes the watchdog kill the group
	report  *os.File
	over    chan struct{} // closed when the command has ended, whatever it has left
	done    chan struct{}
	reaped  chan struct{} // closed when the watchdog has ended

	mu    sync.Mutex
	ended bool // no more signals: the process id may belong to someone else from now on

	// Written before done is closed, read after it.
	code   int
	signal string
	left   []string
	err    error
}

// PID is the process id of the command, which is also its process group's.
func (p *Process) PID() int { return p.pid }

// Done is closed when the command has ended, its group has been killed and all its output was written.
func (p *Process) Done() <-chan struct{} { return p.done }

// Exit gives the exit code, or -1 and the signal's name ("SIGKILL"). It is valid after Done.
func (p *Process) Exit() (code int, signal string) {
	<-p.done
	return p.code, p.signal
}

// How says how the command ended: "with exit code 3", "by SIGKILL". It is valid after Done.
func (p *Process) How() string {
	code, signal := p.Exit()
	if signal != "" {
		return "by " + signal
	}
	return fmt.Sprintf("with exit code %d", code)
}

// Left lists what still ran Spec.Grace after the command had ended by itself or as it was told to, and was killed then:
// "sleep 1000 (process 123)". On Linux that is whatever it had started, elsewhere what is in its process group. It is
// valid after Done.
func (p *Process) Left() []string {
	<-p.done
	return p.left
}

// Ended tells whether the command has ended, as Done does.
func (p *Process) Ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Err is a failure of the supervision rather than of the command: the watchdog was killed, or the output was cut.
// It is valid after Done.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Signal sends sig to the whole process group. After the end it is os.ErrProcessDone.
func (p *Process) Signal(sig os.Signal) error {
	number, ok := sig.(syscall.Signal)
	if !ok {
		return fmt.Errorf("got signal %v, want one of package syscall", sig)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return os.ErrProcessDone
	}
	if err := signalGroup(p.pid, number); err != nil {
		return fmt.Errorf("send %v to %q (process group %d): %w", sig, p.spec.Path, p.pid, err)
	}
	return nil
}

// Stop asks the group to end, as Spec.End says, and waits. After Spec.Grace, when it cannot be asked, or when ctx ends,
// it kills the group, waits and returns an error that is ErrKilled (and ctx's error). Stopping a command that has ended
// is not an error; one that ended in time and left something running is told by Left.
func (p *Process) Stop(ctx context.Context) error {
	grace := p.spec.grace()
	end := p.spec.End
	told := cmp.Or(end.Name, "SIGTERM")
	if end.Ask == nil {
		if err := p.terminate(cmp.Or(end.Signal, syscall.SIGTERM)); err != nil {
			return err
		}
	} else if err := p.ask(ctx, grace); err != nil {
		return errors.Join(fmt.Errorf("stop %q: %w on %s: %w", p.spec.Path, ErrKilled, told, err), p.Kill())
	}
	half, whole := time.NewTimer(grace/2), time.NewTimer(grace)
	defer half.Stop()
	defer whole.Stop()
	for {
		select {
		case <-p.done:
			return nil
		case <-half.C:
			if err := p.remind(); err != nil {
				return err
			}
		case <-whole.C:
			return p.overdue(fmt.Errorf("stop %q: %w on %s within %v; end it sooner or allow more time", p.spec.Path,
				ErrKilled, told, grace))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("stop %q: %w on %s before the deadline: %w", p.spec.Path, ErrKilled, told,
				context.Cause(ctx)), p.Kill())
		}
	}
}

// remind sends SIGTERM to what is left of the group of a command that has ended: it may have been started just as the
// group was told to end, and what a shell has in the background takes no SIGINT.
func (p *Process) remind() error {
	select {
	case <-p.over:
		return p.terminate(syscall.SIGTERM)
	default:
		return nil
	}
}

// overdue kills a command that has not ended in time, and returns the error. Where the command has ended, what it had
// started is given its time, and what is left is named.
func (p *Process) overdue(late error) error {
	select {
	case <-p.over:
		<-p.done
		return nil
	default:
		return errors.Join(late, p.Kill())
	}
}

// ask tells the group to end by Spec.End.Ask. One that has ended need not be asked.
func (p *Process) ask(ctx context.Context, within time.Duration) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := p.Resume(); err != nil && !errors.Is(err, os.ErrProcessDone) { // a paused one hears nothing
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return p.spec.End.Ask(ctx)
}

// Kill kills the group with SIGKILL, paused or not, and waits for the end.
func (p *Process) Kill() error {
	if err := p.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.done
	return nil
}

func (s Spec) grace() time.Duration {
	if s.Grace <= 0 {
		return defaultGrace
	}
	return s.Grace
}

// resolve finds the command the way a shell would, so that a wrong name is an error before anything is started.
func (s Spec) resolve() (string, error) {
	if s.Path == "" {
		return "", errors.New(`got an empty command, want the program to run, as in "./myapp --fast"`)
	}
	if s.Dir != "" {
		info, err := os.Stat(s.Dir)
		if err != nil {
			return "", fmt.Errorf("start %q: working folder: %w; check the application's working folder", s.Path, err)
		}
		if !info.IsDir() {
			return "", fmt.Errorf("start %q: got working folder %q, which is a file, want a folder", s.Path, s.Dir)
		}
	}
	if !strings.ContainsRune(s.Path, filepath.Separator) {
		path, err := exec.LookPath(s.Path)
		if err != nil {
			return "", fmt.Errorf("start %q: %w; check the spelling and PATH", s.Path, err)
		}
		return filepath.Abs(path)
	}
	return s.Path, nil
}

// explain turns the system's error for starting path into one that says what is missing.
func (s Spec) explain(path string, errno error) error {
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(s.Dir, full)
	}
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return fmt.Errorf("start %q: %w; check the spelling of the command and the working folder", s.Path, err)
	case info.IsDir():
		return fmt.Errorf("start %q: %w: it is a folder; name the program in it", s.Path, errno)
	case errors.Is(errno, os.ErrPermission):
		return fmt.Errorf("start %q: %w; make it executable: chmod +x %s", s.Path, errno, full)
	case errors.Is(errno, os.ErrNotExist):
		return fmt.Errorf("start %q: %w: the file is there, what it needs is not; check its first line (#!)", s.Path, errno)
	case errors.Is(errno, syscall.ENOEXEC):
		return fmt.Errorf("start %q: %w; a script needs a first line that names its interpreter, as in #!/bin/sh", s.Path,
			errno)
	}
	return fmt.Errorf("start %q: %w; check that it is a program for this system", s.Path, errno)
}
