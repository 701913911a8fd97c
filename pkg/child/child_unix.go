//go:build linux || darwin

package child

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// Start starts the command and returns once it runs. ctx bounds the starting only: a command lives on after ctx has
// ended, until Stop or Kill, or until this process ends. A command that cannot be run is an error that names it.
func Start(ctx context.Context, s Spec) (*Process, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start %q: %w", s.Path, context.Cause(ctx))
	}
	path, err := s.resolve()
	if err != nil {
		return nil, err
	}
	p, err := startWatchdog(s)
	if err != nil {
		return nil, fmt.Errorf("start the watchdog of %q: %w", s.Path, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = p.control.Close() })
	lines := bufio.NewReader(p.report)
	err = p.order(path, lines)
	if !stop() { // the watchdog has been told to kill whatever it started
		err = fmt.Errorf("start %q: %w", s.Path, context.Cause(ctx))
	}
	if err != nil {
		p.ended = true
		_ = p.control.Close()
		_ = p.wait()
		_ = p.report.Close()
		return nil, err
	}
	go p.follow(lines)
	return p, nil
}

func startWatchdog(s Spec) (*Process, error) {
	self, err := Executable()
	if err != nil {
		return nil, err
	}
	controlRead, controlWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	reportRead, reportWrite, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, controlRead.Close(), controlWrite.Close())
	}
	stdout, stderr, outputs, err := s.outputs()
	if err != nil {
		return nil, errors.Join(err, controlRead.Close(), controlWrite.Close(), reportRead.Close(), reportWrite.Close())
	}
	cmd := &exec.Cmd{
		Path:        self,
		Args:        []string{"kafkaspec-watchdog", s.Path}, // for people reading ps; never parsed
		Env:         []string{watchdogVariable + "=1"},
		Stdin:       controlRead,
		Stdout:      stdout,
		Stderr:      stderr,
		ExtraFiles:  []*os.File{reportWrite},
		SysProcAttr: watchdogAttributes(),
	}
	err = cmd.Start()
	_ = controlRead.Close()
	_ = reportWrite.Close()
	for _, o := range outputs {
		_ = o.write.Close()
		go o.follow()
	}
	if err != nil {
		return nil, errors.Join(err, controlWrite.Close(), reportRead.Close())
	}
	p := &Process{spec: s, cmd: cmd, outputs: outputs, control: controlWrite, report: reportRead,
		over: make(chan struct{}), done: make(chan struct{}), reaped: make(chan struct{})}
	go p.keepAwake()
	return p, nil
}

// wakeEvery is how long a watchdog may stand still that the command, or somebody else, has stopped.
const wakeEvery = time.Second

// keepAwake has a watchdog that was stopped go on, until it ends: else nobody would end the command, or tell its end.
func (p *Process) keepAwake() {
	ticker := time.NewTicker(wakeEvery)
	defer ticker.Stop()
	for p.cmd.Process.Signal(syscall.SIGCONT) == nil {
		select {
		case <-p.reaped:
			return
		case <-ticker.C:
		}
	}
}

// outputs are what the command writes to, and those of it that are passed on by this process.
func (s Spec) outputs() (stdout, stderr *os.File, all []*output, err error) {
	open := func(into io.Writer) (*os.File, error) {
		if file, ok := into.(*os.File); ok {
			return file, nil
		}
		if into == nil {
			into = io.Discard
		}
		o, err := newOutput(into)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
		return o.write, nil
	}
	if stdout, err = open(s.Stdout); err != nil {
		return nil, nil, nil, err
	}
	if s.Stderr != nil && s.Stderr == s.Stdout {
		return stdout, stdout, all, nil
	}
	stderr, err = open(s.Stderr)
	return stdout, stderr, all, err
}

// Drain passes on all that the command has written so far, and returns when that is done.
func (p *Process) Drain() {
	for _, o := range p.outputs {
		o.drain()
	}
}

// order tells the watchdog what to run and waits until it runs.
func (p *Process) order(path string, lines *bufio.Reader) error {
	env := p.spec.Env
	if env == nil {
		env = os.Environ()
	}
	writeErr := gob.NewEncoder(p.control).Encode(order{Path: path, Dir: p.spec.Dir,
		Args: append([]string{p.spec.Path}, p.spec.Args...), Env: commandEnvironment(env), Grace: p.spec.grace()})
	word, rest, err := readReport(lines)
	switch {
	case err != nil:
		return fmt.Errorf("start %q: %w: %w", p.spec.Path, ErrUnwatched, errors.Join(writeErr, err))
	case word == reportFailed:
		number, _ := strconv.Atoi(rest)
		return p.spec.explain(path, syscall.Errno(number))
	}
	p.pid, err = strconv.Atoi(rest)
	return err
}

// follow waits for the end that the watchdog reports and passes it on.
func (p *Process) follow(lines *bufio.Reader) {
	word, rest, err := readReport(lines)
	close(p.over)
	if word == reportOver {
		word, rest, err = readReport(lines)
	}
	for ; word == reportLeft; word, rest, err = readReport(lines) {
		name, _ := strconv.Unquote(rest)
		p.left = append(p.left, name)
	}
	p.mu.Lock()
	p.ended = true
	if word != reportEnding {
		// Nobody watches the group any more. It has not been reaped by us or by a watchdog that waits for our
		// answer, so in all likelihood the id is still the group's.
		_ = signalGroup(p.pid, syscall.SIGKILL)
	}
	p.mu.Unlock()
	if word == reportEnding {
		_, _ = p.control.Write([]byte{answerReap})
		_, rest, err = readReport(lines)
	}
	p.code, p.err = -1, nil
	if err != nil {
		p.err = fmt.Errorf("%q: %w, so its process group was killed too: %w", p.spec.Path, ErrUnwatched, err)
	} else {
		number, text, _ := strings.Cut(rest, " ")
		p.code, _ = strconv.Atoi(number)
		p.signal = text
	}
	if err := p.wait(); err != nil && p.err == nil {
		p.err = fmt.Errorf("read the output of %q: %w", p.spec.Path, err)
	}
	_ = p.control.Close()
	_ = p.report.Close()
	close(p.done)
}

// wait waits for the watchdog to end and for the output to be passed on.
func (p *Process) wait() error {
	errs := []error{p.cmd.Wait()}
	close(p.reaped)
	for _, o := range p.outputs {
		errs = append(errs, o.finish(outputDelay))
	}
	return errors.Join(errs...)
}

// stopWithin bounds the wait for threads to stop.
const stopWithin = 5 * time.Second

// Pause stops the whole group with SIGSTOP, and returns once every thread of it has stopped. The watchdog goes on
// watching.
func (p *Process) Pause() error {
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	what := fmt.Sprintf("%q to stop", p.spec.Path)
	return await.Until(context.Background(), await.Options{Within: stopWithin, What: what},
		func(context.Context) (bool, error) { return stopped(p.pid), nil })
}

// Resume lets a paused group go on.
func (p *Process) Resume() error { return p.Signal(syscall.SIGCONT) }

// terminate sends the signal, and SIGCONT because a paused process would not see it.
func (p *Process) terminate(end syscall.Signal) error {
	for _, sig := range []syscall.Signal{end, syscall.SIGCONT} {
		if err := p.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
	}
	return nil
}

// signalGroup treats a group of nothing but zombies as signalled: macOS says EPERM for it, others ESRCH or nothing.
func signalGroup(pid int, sig syscall.Signal) error {
	err := syscall.Kill(-pid, sig)
	if errors.Is(err, syscall.ESRCH) || errors.Is(err, syscall.EPERM) && unix.Kill(pid, 0) == nil {
		return nil
	}
	return err
}
