//go:build linux || darwin

package child

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// init turns this process into a watchdog when it was started as one. The first packages to be initialised decide, so
// no flag is parsed and no test runs.
func init() {
	if os.Getenv(watchdogVariable) == "" {
		return
	}
	watch(os.Stdin, os.NewFile(3, "report"))
	syscall.Exit(0) // not os.Exit: what else the program registered for its end is not ours to run
}

// watch runs one command. It answers on report and ends when the command has ended and its group is dead.
func watch(control, report *os.File) {
	syscall.CloseOnExec(int(report.Fd()))
	// Caught and dropped, not ignored: an ignored signal would stay ignored in the command.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	var o order
	// The decoder may read ahead, but nothing follows before the command has ended.
	if err := gob.NewDecoder(control).Decode(&o); err != nil {
		return
	}
	adoptOrphans()
	pid, err := run(o)
	if err != nil {
		errno := syscall.EINVAL
		errors.As(err, &errno)
		_, _ = fmt.Fprintln(report, reportFailed, int(errno))
		return
	}
	released, release := context.WithCancel(context.Background())
	go func() {
		defer release()
		if _, err := io.ReadFull(control, make([]byte, 1)); err != nil { // the parent is gone
			killGroup(pid)
		}
	}()
	_, _ = fmt.Fprintln(report, reportStarted, pid)
	if killed := waitUntilEnded(pid); !killed {
		_, _ = fmt.Fprintln(report, reportOver)
		for _, name := range outlived(released, pid, o.Grace) {
			_, _ = fmt.Fprintln(report, reportLeft, strconv.Quote(name))
		}
	}
	killGroup(pid)
	killOrphans(pid)
	_, _ = fmt.Fprintln(report, reportEnding)
	<-released.Done()
	var status syscall.WaitStatus
	for {
		if _, err = syscall.Wait4(pid, &status, 0, nil); !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	name := ""
	if status.Signaled() {
		name = unix.SignalName(status.Signal())
	}
	_, _ = fmt.Fprintln(report, reportExit, status.ExitStatus(), name)
}

// outlived lists what still runs of what the command has started, when the command has ended and the rest of it was
// given a time to end as well: helpers that notice that their parent is gone, and what is told to end together with it.
func outlived(ctx context.Context, command int, within time.Duration) (running []string) {
	what := "what the command has started to end"
	_ = await.Until(ctx, await.Options{Within: within, What: what}, func(context.Context) (bool, error) {
		running = survivors(command)
		return len(running) == 0, nil
	})
	return running
}

// survivor names a process that outlived the command: what it runs, cut short, and its id.
func survivor(runs string, pid int) string {
	const most = 80 // bytes
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(runs[:min(len(runs), most)]), pid)
}

// run starts the command with nothing on its standard input.
func run(o order) (pid int, err error) {
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer func() { _ = nothing.Close() }()
	process, err := os.StartProcess(o.Path, o.Args, &os.ProcAttr{
		Dir:   o.Dir,
		Env:   o.Env,
		Files: []*os.File{nothing, os.Stdout, os.Stderr},
		Sys:   commandAttributes(),
	})
	if err != nil {
		return 0, err
	}
	pid = process.Pid
	return pid, process.Release() // reaped by wait4, after the parent has agreed
}

// killGroup kills what is left of the group. Nothing left is what it wants.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
