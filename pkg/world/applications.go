package world

// What stands behind the application steps: declared applications, their environment, their facts, their end.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Act does something to a running application.
func (w *World) Act(name string, do func(*app.App) error) error {
	a, err := w.Application(name)
	if err != nil {
		return err
	}
	if a.Running == nil {
		return fmt.Errorf("application %q was not started; add: When application %q is started", name, name)
	}
	return w.Named(do(a.Running))
}

// Ended calls judge with how the application ended; while it runs, that is an error worth waiting on.
func (w *World) Ended(name string, judge func(*Application, error) error) error {
	a, err := w.Application(name)
	if err != nil {
		return err
	}
	if a.Running == nil {
		return Final(fmt.Errorf("application %q was not started; add: When application %q is started", name, name))
	}
	select {
	case <-a.Running.Done():
		return judge(a, a.Running.Wait(context.Background()))
	default:
		return fmt.Errorf("application %q is still running", name)
	}
}

// Application is one declared application of the scenario.
type Application struct {
	Name       string
	Definition app.Definition
	Group      string   // logical; empty for none
	Watches    string   // logical name of a group it is no member of; empty for none
	Inputs     []string // logical topics
	Outputs    []string
	Settings   Settings
	Running    *app.App                            // nil until started
	ready      func(context.Context) (bool, error) // of one in a group without a ready condition of its own
	logs       func()                              // has all it has logged become facts; nil until it is started. Under the world's lock
	stopped    bool                                // it ran when the scenario was over, and was ended then
}

// Declare adds an application to the scenario, whose topics must be there and whose settings must be readable.
func (w *World) Declare(a *Application) error {
	for _, topics := range [][]string{a.Inputs, a.Outputs} {
		for _, t := range topics {
			if _, err := w.Topic(t); err != nil {
				return err
			}
		}
	}
	if _, err := w.parseSettings(a); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.applications[a.Name]; ok {
		return fmt.Errorf("application %q is declared twice; remove one of the two steps", a.Name)
	}
	if w.applications == nil {
		w.applications = map[string]*Application{}
	}
	w.applications[a.Name] = a
	w.order = append(w.order, a.Name)
	return nil
}

// Application returns a declared application.
func (w *World) Application(name string) (*Application, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.applications[name]; ok {
		return a, nil
	}
	known := slices.Sorted(maps.Keys(w.applications))
	return nil, Final(fmt.Errorf("unknown application %q; declared are %s", name, words.Quoted(known)))
}

// ReferenceApp finds a reference or registered application; one that a step kills or pauses runs as a process.
func (w *World) ReferenceApp(name, reference string) (app.Definition, error) {
	if other, ok := w.Instead[reference]; ok {
		reference = other
	}
	run, ok := w.References[reference]
	if !ok {
		return app.Definition{}, fmt.Errorf("unknown reference application %q; `kafkaspec app` lists them", reference)
	}
	if w.Needs.Processes[name] {
		return app.Definition{Name: name, Reference: reference, AsProcess: true}, nil
	}
	return app.Definition{Name: name, Func: run}, nil
}

// ProfiledApp finds an application that the profile describes.
func (w *World) ProfiledApp(name string) (app.Definition, error) {
	d, err := w.Profiled(name)
	d.Name = name
	return d, err
}

func (w *World) parseSettings(a *Application) (app.Settings, error) {
	return app.ParseSettings(a.Settings.YAML, fmt.Sprintf("%s:%d: settings of %q", a.Settings.Source.File,
		a.Settings.Source.Line, a.Name))
}

// env is what the application is told: physical names throughout.
func (w *World) env(a *Application) (app.Env, error) {
	settings, err := w.parseSettings(a)
	if err != nil {
		return app.Env{}, err
	}
	env := app.Env{
		Name: a.Name, Bootstrap: w.Session.Bootstrap(), Access: w.Session.Access(), Settings: settings,
		Registry: w.Addresses.Registry, Database: w.Addresses.Database, Topics: map[string]string{},
	}
	if a.Group != "" {
		env.Group = w.Session.Names().Group(a.Group)
	}
	if a.Watches != "" {
		env.WatchedGroup = w.Session.Names().Group(a.Watches)
	}
	if err := w.throughGate(&env); err != nil {
		return app.Env{}, err
	}
	if err := w.throughWire(&env); err != nil {
		return app.Env{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.database != nil {
		env.Database = w.database.URL
	}
	for name, t := range w.topics {
		env.Topics[name] = t.Physical
	}
	for _, t := range a.Inputs {
		env.Inputs = append(env.Inputs, env.Topics[t])
	}
	for _, t := range a.Outputs {
		env.Outputs = append(env.Outputs, env.Topics[t])
	}
	return env, nil
}

// StartDeclared starts the declared applications that the scenario does not start by steps of its own. The runner calls
// it before the first When or Then.
func (w *World) StartDeclared(ctx context.Context) error {
	w.mu.Lock()
	started := w.started
	w.started = true
	order := slices.Clone(w.order)
	w.mu.Unlock()
	if started {
		return nil
	}
	for _, name := range order {
		a, err := w.Application(name)
		if err != nil {
			return err
		}
		if a.Running != nil || w.Needs.Started[name] {
			continue
		}
		if err := w.Start(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// Start starts an application and waits until it is ready.
func (w *World) Start(ctx context.Context, a *Application) error {
	if a.Running != nil {
		return fmt.Errorf("application %q was started before; use: application %q is restarted", a.Name, a.Name)
	}
	if err := w.sampleGrowth(ctx); err != nil {
		return err
	}
	if err := w.needDatabase(ctx); err != nil {
		return err
	}
	env, err := w.env(a)
	if err != nil {
		return err
	}
	d := a.Definition
	if nothing := d.Ready.Log == nil && d.Ready.TCP == ""; a.Group != "" && (nothing || d.Ready.Group) {
		a.ready = w.readiness(ctx, env.Group, a.Name)
		d.Ready.Group = true
		d.Ready.Check = func(ctx context.Context) (bool, error) { return a.ready(ctx) }
		d.Ready.Timeout = cmp.Or(d.Ready.Timeout, w.Await)
	}
	w.wait(fmt.Sprintf("application %q to be ready", a.Name))
	running, err := app.Start(ctx, d, env, sink{w})
	if err != nil {
		return fmt.Errorf("start: %w", w.Named(err))
	}
	a.Running = running
	w.mu.Lock()
	a.logs = running.Drain
	w.mu.Unlock()
	if a.Group == "" && d.Ready.Log == nil && d.Ready.TCP == "" {
		return nil // nothing to wait for, and a producer may have finished before anyone can ask
	}
	return w.awaitReady(ctx, a)
}

// Restart ends an application if it runs, starts it again and waits until it is ready.
func (w *World) Restart(ctx context.Context, a *Application) error {
	if a.Running == nil {
		return w.Start(ctx, a)
	}
	if err := a.Running.Close(ctx); err != nil {
		return w.Named(err)
	}
	if a.ready != nil {
		a.ready = w.readiness(ctx, w.Session.Names().Group(a.Group), a.Name)
	}
	if err := a.Running.Restart(ctx); err != nil {
		return w.Named(err)
	}
	return w.awaitReady(ctx, a)
}

// awaitReady lets an application end before it is ready where the scenario speaks of its end: that is then judged
// there.
func (w *World) awaitReady(ctx context.Context, a *Application) error {
	err := a.Running.WaitReady(ctx)
	if err != nil && w.Needs.Ended[a.Name] && !a.Running.State().Phase.Alive() {
		return nil
	}
	return w.Named(err)
}

func (w *World) wait(what string) {
	if w.Waiting != nil {
		w.Waiting(what)
	}
}

// Alive is an error once the application has ended.
func (w *World) Alive(a *Application) error {
	if a.Running == nil {
		return Final(fmt.Errorf("application %q was not started; add: When application %q is started", a.Name, a.Name))
	}
	select {
	case <-a.Running.Done():
		return Final(w.Named(fmt.Errorf("application %q has ended: it %v", a.Name, a.Running.State())))
	default:
		return nil
	}
}

// endApplications stops every application that still runs, all at once; one that does not end is killed and reported.
func (w *World) endApplications(ctx context.Context) error {
	ends := make(chan error)
	running := 0
	for _, name := range w.order {
		a := w.applications[name]
		if a.Running == nil {
			continue
		}
		running++
		go func() {
			if err := a.Running.Close(ctx); err != nil {
				ends <- w.Named(fmt.Errorf("end application %q: %w", a.Name, err))
				return
			}
			ends <- nil
		}()
	}
	var errs []error
	for range running {
		errs = append(errs, <-ends)
	}
	return errors.Join(errs...)
}

// LastLines returns the end of an application's log, with logical names.
func (w *World) LastLines(a *Application, n int) []string {
	lines := a.Running.LastLines(n)
	for i := range lines {
		lines[i] = w.Session.Names().Undo(lines[i])
	}
	return lines
}

// Named returns err with logical names in place of physical ones, and without the application's last lines: a failure
// shows those by itself.
func (w *World) Named(err error) error {
	if err == nil {
		return nil
	}
	text, _, _ := strings.Cut(err.Error(), "\nlast lines of ")
	if text = w.Session.Names().Undo(text); text != err.Error() {
		return &renamedError{text: text, error: err}
	}
	return err
}

// renamedError reads otherwise than the error it stands for.
type renamedError struct {
	text string
	error
}

func (e *renamedError) Error() string { return e.text }

func (e *renamedError) Unwrap() error { return e.error }

// sink turns what applications say and do into facts.
type sink struct{ world *World }

func (s sink) Line(name, line string) {
	s.world.Journal.Add(journal.Fact{Kind: journal.LogLine, Source: "log", App: name, Partition: -1, Offset: -1,
		Text: s.world.Session.Names().Undo(line)})
}

func (s sink) Event(name, kind string, fields map[string]string) {
	f := journal.Event(name, kind, fields)
	if logical, ok := s.world.Session.Names().LogicalTopic(f.Topic); ok {
		f.Topic = logical
	}
	if logical, ok := s.world.Session.Names().LogicalGroup(f.Group); ok {
		f.Group = logical
	}
	s.world.Journal.Add(f)
}
