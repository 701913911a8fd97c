package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// appVariable names the application this executable is started as.
const appVariable = "KAFKASPEC_APP"

// known is the lookup given to Main: Start refuses to run this executable as an application before Main was called,
// because the new process would then do what this one does, and start another, and so on.
var known atomic.Pointer[func(string) (Func, bool)]

// Main must be called first in main or TestMain. When this executable was started as an application
// (Definition.AsProcess) it runs the application and exits: with 0 when it returned nil, else with 1 and the error as
// the last line of standard output. SIGTERM and SIGINT cancel the application's context; a second one ends it at once.
// Otherwise Main returns.
func Main(lookup func(name string) (Func, bool)) {
	name, asked := os.LookupEnv(appVariable)
	if !asked {
		known.Store(&lookup)
		return
	}
	_ = os.Unsetenv(appVariable) // what the application starts is not this application
	run, ok := lookup(name)
	if !ok {
		run = func(context.Context, Env) error {
			return fmt.Errorf("got application %q in %s, which is not known to %s; correct the name", name, appVariable,
				os.Args[0])
		}
	}
	os.Exit(RunProcess(run))
}

// CheckProcess finds out whether a process of this executable would run this function as the application of that name;
// nil stands for whatever function Main knows. It would not where Main was not called, or knows none by the name, or
// another. A closure is the same only where it is the same value: two that one function made may do different things.
func CheckProcess(name string, run Func) error {
	other, err := launched(name)
	if err == nil && run != nil && !same(run, other) {
		return fmt.Errorf("runner.Main was given another function as %q; give it this one as well, under a name of its own "+
			"(Applications: {%[1]q: …, %[2]q: …}), and run that with Params.Instead: {%[1]q: %[2]q}; if it is the same "+
			"function, made twice, make its Params once for both", name, name+"-wrong")
	}
	return err
}

// launched is what a process of this executable runs as the application of that name.
func launched(name string) (Func, error) {
	lookup := known.Load()
	if lookup == nil {
		return nil, errors.New("runner.Main was not called, which starts this executable again as the application; write " +
			"func TestMain(m *testing.M) { runner.Main(m, params) }, or in a program call app.Main first in main")
	}
	run, ok := (*lookup)(name)
	if !ok {
		return nil, fmt.Errorf("runner.Main was given no application %q; add it to Applications of its Params", name)
	}
	return run, nil
}

// same compares what two functions point at: their code, and what a closure holds.
func same(a, b Func) bool {
	return *(*unsafe.Pointer)(unsafe.Pointer(&a)) == *(*unsafe.Pointer)(unsafe.Pointer(&b))
}

// RunProcess runs an application as this process, with the Env of its environment variables, and returns the exit code.
// It is what Main does, for commands that find the application themselves.
func RunProcess(run Func) int {
	log := slog.New(NewLogHandler(os.Stdout))
	env, err := EnvFromOS()
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		err = graceful(ctx, run(ctx, env))
	}
	if err != nil {
		log.Error(err.Error())
		return 1
	}
	return 0
}

// graceful takes ctx's own error for a graceful end: many loops return it when they are told to stop. A wrapped one
// stays an error, since it says what could not be finished (a commit with a context that had ended, say).
func graceful(ctx context.Context, err error) error {
	if err == ctx.Err() { //nolint:errorlint // the identical error is meant, see above
		return nil
	}
	return err
}
