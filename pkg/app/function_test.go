package app_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestFunctionFromStartToStop(t *testing.T) {
	env := app.Env{Topics: map[string]string{"orders": "ks-1-orders"}, Settings: settings(t, "retries: 5")}
	a, seen := begin(t, app.Definition{Func: applications["waits"]}, env)
	noError(t, a.WaitReady(t.Context()))
	if got := a.State(); got != (app.State{Phase: app.Running}) {
		t.Errorf("got state %v, want running", got)
	}
	seen.await(t, "assigned")
	noError(t, a.Stop(t.Context()))
	if got := a.State(); got != (app.State{Phase: app.Stopped}) {
		t.Errorf("got state %v, want stopped", got)
	}
	noError(t, a.Wait(t.Context()))
	want := []string{
		"started as=function",
		"ready",
		`| level=INFO msg=assigned topic=ks-1-orders partitions=0,1 retries=5`,
		"assigned partitions=0,1 retries=5 topic=ks-1-orders",
		`| level=INFO msg=revoked topic=ks-1-orders`,
		"revoked topic=ks-1-orders",
		"exited code=0 requested=true",
	}
	if diff := cmp.Diff(want, seen.list()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"level=INFO msg=revoked topic=ks-1-orders"}, a.LastLines(1)); diff != "" {
		t.Errorf("last line (-want +got):\n%s", diff)
	}
}

func TestFunctionOutlivesTheContextOfItsStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a, err := app.Start(ctx, app.Definition{Name: "a", Func: applications["waits"]}, app.Env{}, nil)
	noError(t, err)
	cancel()
	select {
	case <-a.Done():
		t.Error("got an end, want a running application")
	default:
	}
	noError(t, a.Stop(t.Context()))
}

func TestFunctionThatReturns(t *testing.T) {
	a, seen := begin(t, app.Definition{Func: applications["returns"]}, app.Env{})
	noError(t, a.Wait(t.Context()))
	if got := a.State().String(); got != "exited with exit code 0" {
		t.Errorf("got state %q, want exited with exit code 0", got)
	}
	seen.await(t, "done acknowledged=3")
	seen.await(t, "exited code=0")
	wantError(t, a.Stop(t.Context()),
		`cannot stop application "shipping": it is exited with exit code 0; start or restart it first`)
	noError(t, a.Close(t.Context()))
}

func TestFunctionThatFails(t *testing.T) {
	d := app.Definition{Func: applications["fails"], Ready: app.Ready{Check: func(context.Context) (bool,
		error) {
		return false, nil
	}}}
	a, seen := begin(t, d, app.Env{})
	wantError(t, a.WaitReady(t.Context()), `application "shipping" failed: cannot read`, "before it was ready (its check)",
		"last lines", `level=ERROR msg="cannot read\nits \"settings\""`)
	wantError(t, a.Wait(t.Context()), `application "shipping" failed: cannot read`)
	seen.await(t, "exited code=1 error=cannot read")
	if a.State().Phase != app.Failed {
		t.Errorf("got state %v, want failed", a.State())
	}
}

var errBroken = errors.New("broken")

func TestFunctionThatPanics(t *testing.T) {
	a, seen := begin(t, app.Definition{Func: func(context.Context, app.Env) error { panic(errBroken) }}, app.Env{})
	err := a.Wait(t.Context())
	wantError(t, err, `application "shipping" failed: panic: broken`, "function_test.go",
		`level=ERROR msg="panic: broken"`)
	if !errors.Is(err, errBroken) {
		t.Error("got an error that is not what the application panicked with")
	}
	seen.await(t, "exited code=1 error=panic: broken")
}

func TestFunctionThatExitsItsGoroutine(t *testing.T) {
	a, _ := begin(t, app.Definition{Func: func(context.Context, app.Env) error { runtime.Goexit(); return nil }},
		app.Env{})
	wantError(t, a.Wait(t.Context()), "runtime.Goexit", "return an error instead")
}

func TestFunctionThatFailsToStopWell(t *testing.T) {
	a, _ := begin(t, app.Definition{Func: applications["fails on stop"]}, app.Env{})
	wantError(t, a.Stop(t.Context()), `stop application "shipping"`, "commit: context canceled")
	if a.State().Phase != app.Failed {
		t.Errorf("got state %v, want failed", a.State())
	}
	a, _ = begin(t, app.Definition{Func: applications["returns context error"]}, app.Env{})
	noError(t, a.Stop(t.Context()))
}

func TestFunctionThatIgnoresItsContext(t *testing.T) {
	release := make(chan struct{})
	a, seen := begin(t, app.Definition{Grace: time.Millisecond,
		Func: func(context.Context, app.Env) error { <-release; return nil }}, app.Env{})
	wantError(t, a.Stop(t.Context()), `stop application "shipping": got no return within 1ms of the end of its context`,
		"watch ctx")
	if a.State().Phase != app.Failed {
		t.Errorf("got state %v, want failed", a.State())
	}
	for verb, call := range map[string]func(context.Context) error{"stop": a.Stop, "close": a.Close,
		"wait for": a.WaitReady} {
		wantError(t, call(t.Context()), "cannot "+verb+` application "shipping": it is failed`, "still runs in this process")
	}
	wantError(t, a.Restart(t.Context()), "restart: cannot close", "still runs in this process")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v from waiting, want context.Canceled", err)
	}
	close(release)
	<-a.Done()
	seen.await(t, "exited code=0 error=stop application")
}

func TestFunctionStopEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	a, _ := begin(t, app.Definition{Grace: patience, Func: func(context.Context, app.Env) error { <-release; return nil }},
		app.Env{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	close(release)
	<-a.Done()
}

func TestFunctionCannotBeKilledOrPaused(t *testing.T) {
	a, _ := begin(t, app.Definition{Func: applications["waits"]}, app.Env{})
	for verb, call := range map[string]func() error{"kill": a.Kill, "pause": a.Pause, "resume": a.Resume} {
		err := call()
		wantError(t, err, verb+` application "shipping": not applicable`, "run it as a process")
		if !outcome.IsNotApplicable(err) {
			t.Errorf("got %v, want outcome.NotApplicable", err)
		}
	}
	if a.PID() != 0 {
		t.Errorf("got process id %d, want 0", a.PID())
	}
	noError(t, a.Stop(t.Context()))
}

func TestFunctionRestarts(t *testing.T) {
	a, seen := begin(t, app.Definition{Func: applications["waits"]}, app.Env{})
	seen.await(t, "assigned")
	first := a.Done()
	noError(t, a.Restart(t.Context())) // while it runs
	<-first
	noError(t, a.Stop(t.Context()))
	noError(t, a.Restart(t.Context())) // after it was stopped
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Stop(t.Context()))
	count := 0
	for _, text := range seen.list() {
		if text == "started as=function" {
			count++
		}
	}
	if count != 3 {
		t.Errorf("got %d starts in %q, want 3", count, seen.list())
	}
}

func TestFunctionSecretsAreHidden(t *testing.T) {
	env := app.Env{Access: access.Access{SASL: &access.SASL{Mechanism: access.Plain, Username: "u",
		Password: "very-secret"}}}
	a, seen := begin(t, app.Definition{Func: func(_ context.Context, env app.Env) error {
		env.Log.Info("warning", "password", env.Access.SASL.Password)
		return nil
	}}, env)
	noError(t, a.Wait(t.Context()))
	seen.await(t, "warning password=***")
	if all := strings.Join(append(seen.list(), a.LastLines(10)...), "\n"); strings.Contains(all, "very-secret") {
		t.Errorf("got %s, want no secret in it", all)
	}
}

func TestCallsFromManyGoroutines(t *testing.T) {
	a, _ := begin(t, app.Definition{Func: applications["waits"]}, app.Env{})
	var group sync.WaitGroup
	for range 4 {
		for _, call := range []func(context.Context) error{a.Stop, a.Restart, a.WaitReady, a.Close,
			func(context.Context) error { return a.Pause() }} {
			group.Go(func() {
				for range 10 {
					_ = call(t.Context()) // a wrong state is an error, never a race or a hang
				}
				_, _ = a.State(), a.LastLines(3)
			})
		}
	}
	group.Wait()
	noError(t, a.Close(t.Context()))
	noError(t, a.Restart(t.Context()))
	noError(t, a.Close(t.Context()))
}

func TestDefinitionsThatCannotBe(t *testing.T) {
	run := applications["returns"]
	cases := []struct {
		name string
		d    app.Definition
		want string
	}{
		{"no name", app.Definition{Func: run}, "without a name"},
		{"nothing", app.Definition{Name: "a"},
			`application "a": got 0 of a function, a command and a reference as process, want one`},
		{"two", app.Definition{Name: "a", Func: run, Command: []string{"x"}}, "got 2 of"},
		{"no reference", app.Definition{Name: "a", AsProcess: true}, "got no reference"},
		{"unknown reference", app.Definition{Name: "a", AsProcess: true, Reference: "nothing"},
			`application "a": cannot run as a process: runner.Main was given no application "nothing"`},
		{"group without check", app.Definition{Name: "a", Func: run, Ready: app.Ready{Group: true}}, "set Ready.Check"},
		{"address", app.Definition{Name: "a", Func: run, Ready: app.Ready{TCP: "8080"}}, "write host:port"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := app.Start(t.Context(), c.d, app.Env{}, nil)
			wantError(t, err, c.want)
		})
	}
}
