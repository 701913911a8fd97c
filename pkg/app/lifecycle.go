package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// shownLines is how many of the last lines an error shows.
const shownLines = 20

// Name is the application's name.
func (a *App) Name() string { return a.definition.Name }

// State is where the application stands.
func (a *App) State() State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// Done is closed when the current run has ended and its events were passed on. Restart begins a new run with a new
// channel.
func (a *App) Done() <-chan struct{} { return a.current().done }

// PID is the process id of a process, 0 of an application in this process.
func (a *App) PID() int {
	if p, ok := a.current().life.(*process); ok {
		return p.child.PID()
	}
	return 0
}

// Work is what a process does, as far as the system tells; nothing for one that has ended, is paused or runs in this
// process.
func (a *App) Work() child.Work {
	if p, ok := a.current().life.(*process); ok && a.State().Phase != Paused {
		return p.child.Work()
	}
	return child.Work{}
}

// LastLines gives up to n of the last lines of output, oldest first, those before a restart included.
func (a *App) LastLines(n int) []string { return a.recent.Last(n) }

// Wait waits until the application ends, and returns nil when it ended with exit code 0, or gracefully after Stop, and
// left nothing running.
func (a *App) Wait(ctx context.Context) error {
	r := a.current()
	select {
	case <-r.done:
	case <-ctx.Done():
		return fmt.Errorf("wait for application %q to end: %w; it is %v", a.definition.Name, context.Cause(ctx), a.State())
	}
	state := a.State()
	finished := state.Err == nil && state.Code == 0 && state.Left == ""
	if finished || state.Phase == Stopped && a.definition.Stop.graceful(state) {
		return nil
	}
	return a.explain(fmt.Errorf("application %q %w", a.definition.Name, stateError{state}))
}

// Stop asks the application to end, as its definition says for a process and by the end of ctx for a function, and
// waits. A process that has not ended after the grace is killed, which is an error; so is a function that has not
// returned, and an exit code other than 0 (or 143, which stands for SIGTERM).
func (a *App) Stop(ctx context.Context) error {
	r, err := a.ask(Stopped, "stop")
	if err != nil {
		return err
	}
	if err := r.life.stop(ctx); err != nil {
		return a.notStopped(r, err)
	}
	<-r.done
	if state := a.State(); !a.definition.Stop.graceful(state) {
		return a.explain(fmt.Errorf("stop application %q: got an end that was not graceful: %w; it must end with exit code "+
			"0 on %s", a.definition.Name, stateError{state}, a.definition.Stop))
	}
	return nil
}

func (a *App) notStopped(r *run, cause error) error {
	err := fmt.Errorf("stop application %q: %w", a.definition.Name, cause)
	if errors.Is(cause, child.ErrKilled) {
		<-r.done
		return a.explain(err)
	}
	a.mu.Lock()
	select {
	case <-r.done: // just now
	default:
		r.hung, a.state = err, State{Phase: Failed, Code: 1, Err: err}
	}
	a.mu.Unlock()
	return a.explain(err)
}

// Kill ends a process and its descendants with SIGKILL, paused or not, and waits.
func (a *App) Kill() error {
	if err := a.applicable("kill"); err != nil {
		return err
	}
	r, err := a.ask(Killed, "kill")
	if err != nil {
		return err
	}
	if err := r.life.kill(); err != nil {
		return fmt.Errorf("kill application %q: %w", a.definition.Name, err)
	}
	<-r.done
	return nil
}

// Pause stops a process and its descendants with SIGSTOP until Resume: they are there, but do nothing.
func (a *App) Pause() error {
	return a.change("pause", onlyRunning, life.pause, Starting, Running)
}

const onlyRunning = "only one that runs can be paused; start, restart or resume it first"

// PauseIf stops a running process where it stands and asks whether that is a good moment. If it is, the process stays
// paused, else it goes on, and nothing is told.
func (a *App) PauseIf(good func() bool) (paused bool, err error) {
	if err := a.applicable("pause"); err != nil {
		return false, err
	}
	a.mu.Lock()
	if phase := a.state.Phase; phase != Running && phase != Starting {
		defer a.mu.Unlock()
		return false, a.refuse("pause", onlyRunning)
	}
	life := a.run.life
	a.mu.Unlock()
	if err := life.pause(); err != nil {
		return false, fmt.Errorf("pause application %q: %w", a.definition.Name, err)
	}
	if !good() {
		return false, life.resume()
	}
	a.mu.Lock()
	a.resumeTo, a.state.Phase = a.state.Phase, Paused
	a.mu.Unlock()
	a.event("paused", nil)
	return true, nil
}

// Resume lets a paused process go on.
func (a *App) Resume() error { return a.change("resume", "pause it first", life.resume, Paused) }

// change pauses or resumes a process that is in one of the phases.
func (a *App) change(verb, advice string, do func(life) error, from ...Phase) error {
	if err := a.applicable(verb); err != nil {
		return err
	}
	a.mu.Lock()
	if !slices.Contains(from, a.state.Phase) {
		defer a.mu.Unlock()
		return a.refuse(verb, advice)
	}
	if err := do(a.run.life); err != nil {
		defer a.mu.Unlock()
		return fmt.Errorf("%s application %q: %w", verb, a.definition.Name, err)
	}
	if a.state.Phase == Paused {
		a.state.Phase = a.resumeTo
	} else {
		a.resumeTo, a.state.Phase = a.state.Phase, Paused
	}
	a.mu.Unlock()
	a.event(strings.TrimSuffix(verb, "e")+"ed", nil)
	return nil
}

// Drain passes on every line that the application has written so far, and returns when that is done: what it does next
// is known to come after them.
func (a *App) Drain() {
	if r := a.current(); r != nil {
		r.life.drain()
	}
}

// Restart stops the application when it runs, and starts it again with the same Env. It may be called after any end.
// The new run has to become ready again, see WaitReady.
func (a *App) Restart(ctx context.Context) error {
	if err := a.Close(ctx); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	return a.start(ctx)
}

// Close ends the application whatever its state, as Stop does when it runs. One that has ended is not an error, in
// whatever way it ended.
func (a *App) Close(ctx context.Context) error {
	r := a.current()
	if a.State().Phase.Alive() {
		err := a.Stop(ctx)
		var wrong *wrongStateError
		if !errors.As(err, &wrong) {
			return err
		}
	}
	a.mu.Lock()
	if r.hung != nil {
		defer a.mu.Unlock()
		return a.refuse("close", a.endAdvice(""))
	}
	a.mu.Unlock()
	<-r.done // it has ended, and that is being told
	return nil
}

func (a *App) current() *run {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.run
}

// ask notes why the run is going to end, so that its end is told as what it is.
func (a *App) ask(wanted Phase, verb string) (*run, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.state.Phase.Alive() {
		return nil, a.refuse(verb, a.endAdvice("start or restart it first"))
	}
	a.run.wanted, a.state.Phase = wanted, Stopping
	return a.run, nil
}

// endAdvice is advice, unless the application is past it. a.mu is held.
func (a *App) endAdvice(advice string) string {
	if a.run.hung != nil {
		return "it still runs in this process and cannot be ended from outside; make it return when its context ends"
	}
	return advice
}

func (a *App) applicable(verb string) error {
	if a.definition.inProcess() {
		return fmt.Errorf("%s application %q: %w", verb, a.definition.Name, errInProcess)
	}
	return nil
}

// wrongStateError is a call that the state does not allow.
type wrongStateError struct{ text string }

func (e *wrongStateError) Error() string { return e.text }

// refuse makes the error for a call in a wrong state. One that ended by itself shows its last lines. a.mu is held.
func (a *App) refuse(verb, advice string) error {
	err := &wrongStateError{fmt.Sprintf("cannot %s application %q: it is %v; %s", verb, a.definition.Name, a.state,
		advice)}
	if a.state.Phase == Exited || a.state.Phase == Failed {
		return a.explain(err)
	}
	return err
}

// stateError lets errors.Is see what made an application fail.
type stateError struct{ state State }

func (e stateError) Error() string { return e.state.String() }

func (e stateError) Unwrap() error { return e.state.Err }

// explain adds the last lines to an error.
func (a *App) explain(err error) error {
	lines := a.TellingLines(shownLines)
	if len(lines) == 0 {
		return fmt.Errorf("%w\nlast lines of %q: none", err, a.definition.Name)
	}
	return fmt.Errorf("%w\nlast lines of %q:\n    %s", err, a.definition.Name, strings.Join(lines, "\n    "))
}
