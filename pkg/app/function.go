package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// function is a run in this process.
type function struct {
	cancel context.CancelFunc
	grace  time.Duration
	over   chan struct{}
	err    error // valid after over
}

// launchFunc runs the function in a goroutine of its own, with a context of its own.
func (a *App) launchFunc(_ context.Context, r *run) (life, error) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &function{cancel: cancel, grace: a.definition.Grace, over: make(chan struct{})}
	env := a.env
	// slog's handler writes one whole line at a time, under a lock, so the writer needs none.
	env.Log = slog.New(NewLogHandler(&lineWriter{emit: r.output.line}))
	go func() {
		defer close(f.over)
		defer cancel()
		defer func() { // as a process does, see RunProcess
			if f.err != nil {
				env.Log.Error(headline(f.err))
			}
		}()
		f.call(ctx, a.definition.Func, env)
	}()
	return f, nil
}

// call keeps a panic, or runtime.Goexit as in a test's FailNow, from ending more than the application.
func (f *function) call(ctx context.Context, run Func, env Env) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil {
			f.err = &panicError{value, debug.Stack()}
		} else {
			f.err = errors.New("got runtime.Goexit in the application (FailNow of a test, perhaps), want a return; return an " +
				"error instead")
		}
	}()
	f.err = graceful(ctx, run(ctx, env))
	returned = true
}

// panicError is a panic of an application.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.value, e.stack) }

// Unwrap gives the error the application panicked with, if it was one.
func (e *panicError) Unwrap() error {
	err, _ := e.value.(error)
	return err
}

// headline is an error without a stack.
func headline(err error) string {
	var panicked *panicError
	if errors.As(err, &panicked) {
		return fmt.Sprintf("panic: %v", panicked.value)
	}
	return err.Error()
}

func (f *function) fields() map[string]string { return map[string]string{"as": "function"} }

func (f *function) stop(ctx context.Context) error {
	f.cancel()
	timer := time.NewTimer(f.grace)
	defer timer.Stop()
	select {
	case <-f.over:
		return nil
	case <-timer.C:
		return fmt.Errorf("got no return within %v of the end of its context, want one; watch ctx in every loop and "+
			"blocking call, or allow a longer grace", f.grace)
	case <-ctx.Done():
		return fmt.Errorf("got no return before the deadline, want one: %w; watch ctx in every loop and blocking call",
			context.Cause(ctx))
	}
}

func (f *function) drain()                 {} // its lines are passed on as it writes them
func (f *function) kill() error            { return errInProcess }
func (f *function) pause() error           { return errInProcess }
func (f *function) resume() error          { return errInProcess }
func (f *function) ended() <-chan struct{} { return f.over }

func (f *function) end() State {
	if f.err != nil {
		return State{Code: 1, Err: f.err}
	}
	return State{}
}
