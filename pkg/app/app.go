package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

const defaultGrace = 5 * time.Second

// Definition says what to start: one of Func, Command, or Reference with AsProcess.
type Definition struct {
	Name      string            // in errors and events
	Func      Func              // run in this process
	Command   []string          // program and arguments, run as a process
	Dir       string            // working folder of a process; "": that of this process
	Environ   []string          // NAME=value, added last to the environment of a process
	Files     []File            // written before each start
	Letters   deadletter.Format // which headers of its dead letters tell what; nil: those of deadletter.Own
	Ready     Ready             // when it counts as ready
	Patterns  Patterns          // which log lines are events; nil: DefaultPatterns
	HTTP      string            // where a scenario asks it, a URL; "": at its port named http, or where its log says
	Direct    bool              // it reaches the cluster without the wire
	Advertise string            // host by which a process finds this machine; "": as its scenario says
	Stop      Stop              // how it is told to end; zero: by SIGTERM
	Grace     time.Duration     // from being told to stop to being killed, or, in process, to an error; 0: 5s
	AsProcess bool              // run Reference as a process, this executable again, see Main; Func is not used then
	Reference string            // the name Main's lookup knows

	// Fill completes what depends on what the application is told; nil: nothing does. Ports and Folder say what Env must
	// have for it.
	Fill   func(Definition, Env) (Definition, error)
	Ports  []string // names of free ports
	Folder bool     // a folder of its own
}

// File is one that an application is given.
type File struct{ Path, Content string }

// Sink is told what an application does. Calls for one application come one at a time, but not all from one goroutine.
type Sink interface {
	// Line is called for each line of output, in order for each of standard output and standard error.
	Line(app, line string)
	// Event is called for what Patterns find, after the line, and for started, ready, exited (also after Stop), killed,
	// paused and resumed.
	Event(app, kind string, fields map[string]string)
}

// App is an application that was started. Its methods may be called from several goroutines.
type App struct {
	definition Definition
	env        Env
	sink       Sink
	secrets    *strings.Replacer
	recent     child.Tail

	starting sync.Mutex // one start at a time
	telling  sync.Mutex // one call of sink at a time

	mu       sync.Mutex // guards the rest; never held while sink, a condition or the application is called
	state    State
	resumeTo Phase // what a paused application was before
	run      *run  // the current run, or the last
}

// run is one life of an application, from a start to its end.
type run struct {
	life   life
	output gate
	logged chan struct{} // closed when the log had the line Ready.Log waits for, or can have it no more
	once   sync.Once     // closes logged
	done   chan struct{} // closed when the end has been told
	began  time.Time

	// Guarded by App.mu.
	ready  bool  // it was ready at some time
	wanted Phase // Stopped or Killed when somebody asked for the end
	hung   error // it did not stop
}

// life is a process or a function that runs.
type life interface {
	fields() map[string]string      // of the event started
	stop(ctx context.Context) error // asks it to end and waits; an error when it did not end by itself
	kill() error                    // ends it and waits
	pause() error                   // of all its processes
	resume() error                  //
	drain()                         // passes on all output written so far
	ended() <-chan struct{}         // closed when it has ended and all its output was passed on
	end() State                     // without a phase; valid after ended
}

// Start starts an application. ctx bounds the start only; the application runs until it ends by itself or through Stop,
// Kill or Close. It counts as ready once WaitReady has found it so.
func Start(ctx context.Context, d Definition, env Env, sink Sink) (*App, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.Patterns == nil {
		d.Patterns = DefaultPatterns
	}
	if d.Grace <= 0 {
		d.Grace = defaultGrace
	}
	if env.Name == "" {
		env.Name = d.Name
	}
	a := &App{definition: d, env: env, sink: sink, secrets: redactor(env.Access.Secrets()), state: State{Phase: Stopped},
		recent: child.Tail{Most: keptBytes}}
	if err := a.start(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

func (d Definition) inProcess() bool { return d.Func != nil && !d.AsProcess }

func (d Definition) check() error {
	forms := 0
	for _, given := range []bool{d.inProcess(), len(d.Command) > 0, d.AsProcess} {
		if given {
			forms++
		}
	}
	switch {
	case d.Name == "":
		return errors.New("got an application without a name; name it")
	case forms != 1:
		return fmt.Errorf("application %q: got %d of a function, a command and a reference as process, want one; correct "+
			"its definition", d.Name, forms)
	case d.AsProcess && d.Reference == "":
		return fmt.Errorf("application %q: got no reference to run as a process; name it", d.Name)
	case d.Ready.Group && d.Ready.Check == nil:
		return fmt.Errorf("application %q: got no check for its group to be stable; set Ready.Check", d.Name)
	}
	return nil
}

// start begins a run. The application must not be alive.
func (a *App) start(ctx context.Context) error {
	a.starting.Lock()
	defer a.starting.Unlock()
	if err := a.mayStart(); err != nil {
		return err
	}
	if err := a.definition.free(ctx); err != nil {
		return err
	}
	r := &run{logged: make(chan struct{}), done: make(chan struct{}), began: time.Now()}
	r.output.pass = func(line string) { a.line(r, line) }
	launch := a.launchProcess
	if a.definition.inProcess() {
		launch = a.launchFunc
	}
	life, err := launch(ctx, r)
	if err != nil {
		return fmt.Errorf("application %q: %w", a.definition.Name, err)
	}
	r.life = life
	a.mu.Lock()
	a.run, a.state = r, State{Phase: Starting}
	a.mu.Unlock()
	a.event("started", life.fields())
	if a.definition.Ready.none() {
		a.becomeReady(r)
	}
	r.output.open()
	go a.follow(r)
	return nil
}

func (a *App) mayStart() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.run != nil {
		select {
		case <-a.run.done:
		default:
			return a.refuse("start", a.endAdvice("stop it first"))
		}
	}
	return nil
}

// follow waits for the end of a run and tells it.
func (a *App) follow(r *run) {
	<-r.life.ended()
	state := r.life.end()
	state.Left = a.secrets.Replace(state.Left)
	a.mu.Lock()
	state.Phase = r.wanted
	switch {
	case r.hung != nil:
		state.Phase, state.Err = Failed, r.hung
	case state.Err != nil:
		state.Phase = Failed
	case r.wanted == "":
		state.Phase = Exited
	case state.Signal == "SIGKILL":
		state.Phase = Killed
	case r.wanted == Killed: // it ended by itself just before
		state.Phase = Exited
	}
	a.state = state
	a.mu.Unlock()
	kind := "exited"
	if state.Phase == Killed {
		kind = "killed"
	}
	a.event(kind, endFields(state, r.wanted))
	close(r.done)
	r.once.Do(func() { close(r.logged) })
}

func endFields(s State, wanted Phase) map[string]string {
	fields := map[string]string{"code": fmt.Sprint(s.Code)}
	if s.Signal != "" {
		fields["signal"] = s.Signal
	}
	if s.Err != nil {
		fields["error"], _, _ = strings.Cut(s.Err.Error(), "\n") // without the stack
	}
	if s.Left != "" {
		fields["left"] = s.Left
	}
	if outcome.IsEnvironment(s.Err) {
		fields["environment"] = "true"
	}
	if wanted != "" {
		fields["requested"] = "true"
	}
	return fields
}

// line takes one line of output.
func (a *App) line(r *run, line string) {
	line = a.secrets.Replace(line)
	_, _ = a.recent.Write([]byte(line + "\n")) // it never fails
	if a.sink != nil {
		a.telling.Lock()
		a.sink.Line(a.definition.Name, line)
		for _, match := range a.definition.Patterns.Match(line) {
			a.sink.Event(a.definition.Name, match.Kind, match.Fields)
		}
		a.telling.Unlock()
	}
	if expression := a.definition.Ready.Log; expression != nil && expression.MatchString(line) {
		r.once.Do(func() { close(r.logged) })
	}
}

func (a *App) event(kind string, fields map[string]string) {
	if a.sink == nil {
		return
	}
	a.telling.Lock()
	defer a.telling.Unlock()
	a.sink.Event(a.definition.Name, kind, fields)
}
