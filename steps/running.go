package steps

// What stands behind the application steps: declared applications, their environment, their facts, their end.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// application is one declared application of the scenario.
type application struct {
	name       string
	definition app.Definition
	group      string   // logical; empty for none
	watches    string   // logical name of a group it is no member of; empty for none
	inputs     []string // logical topics
	outputs    []string
	settings   Settings
	running    *app.App                            // nil until started
	ready      func(context.Context) (bool, error) // of one in a group without a ready condition of its own
}

func (w *World) declare(a *application) error {
	for _, topics := range [][]string{a.inputs, a.outputs} {
		for _, t := range topics {
			if _, err := w.topic(t); err != nil {
				return err
			}
		}
	}
	if _, err := w.parseSettings(a); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.applications[a.name]; ok {
		return fmt.Errorf("application %q is declared twice; remove one of the two steps", a.name)
	}
	if w.applications == nil {
		w.applications = map[string]*application{}
	}
	w.applications[a.name] = a
	w.order = append(w.order, a.name)
	return nil
}

func (w *World) application(name string) (*application, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.applications[name]; ok {
		return a, nil
	}
	known := slices.Sorted(maps.Keys(w.applications))
	return nil, final(fmt.Errorf("unknown application %q; declared are %s", name, quoteAll(known)))
}

// reference finds a reference or registered application; one that a step kills or pauses runs as a process.
func (w *World) reference(name, reference string) (app.Definition, error) {
	if other, ok := w.Instead[reference]; ok {
		reference = other
	}
	run, ok := w.Lookup(reference)
	if !ok {
		return app.Definition{}, fmt.Errorf("unknown reference application %q; `kafkaspec app` lists them", reference)
	}
	if w.Plan.Processes[name] {
		return app.Definition{Name: name, Reference: reference, AsProcess: true}, nil
	}
	return app.Definition{Name: name, Func: run}, nil
}

func (w *World) profiled(name string) (app.Definition, error) {
	d, err := w.Profiled(name)
	d.Name = name
	return d, err
}

func (w *World) parseSettings(a *application) (app.Settings, error) {
	return app.ParseSettings(a.settings.YAML, fmt.Sprintf("%s:%d: settings of %q", a.settings.Source.File,
		a.settings.Source.Line, a.name))
}

// env is what the application is told: physical names throughout.
func (w *World) env(a *application) (app.Env, error) {
	settings, err := w.parseSettings(a)
	if err != nil {
		return app.Env{}, err
	}
	env := app.Env{
		Name: a.name, Bootstrap: w.Session.Bootstrap(), Access: w.Session.Access(), Settings: settings,
		Registry: w.Addresses.Registry, Database: w.Addresses.Database, Topics: map[string]string{},
	}
	if a.group != "" {
		env.Group = w.Session.Names().Group(a.group)
	}
	if a.watches != "" {
		env.WatchedGroup = w.Session.Names().Group(a.watches)
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
		env.Topics[name] = t.physical
	}
	for _, t := range a.inputs {
		env.Inputs = append(env.Inputs, env.Topics[t])
	}
	for _, t := range a.outputs {
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
		a, err := w.application(name)
		if err != nil {
			return err
		}
		if a.running != nil || w.Plan.Started[name] {
			continue
		}
		if err := w.start(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) start(ctx context.Context, a *application) error {
	if a.running != nil {
		return fmt.Errorf("application %q was started before; use: application %q is restarted", a.name, a.name)
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
	d := a.definition
	if nothing := d.Ready.Log == nil && d.Ready.TCP == ""; a.group != "" && (nothing || d.Ready.Group) {
		a.ready = w.readiness(ctx, env.Group, a.name)
		d.Ready.Group = true
		d.Ready.Check = func(ctx context.Context) (bool, error) { return a.ready(ctx) }
		d.Ready.Timeout = cmp.Or(d.Ready.Timeout, w.Await)
	}
	w.wait(fmt.Sprintf("application %q to be ready", a.name))
	running, err := app.Start(ctx, d, env, sink{w})
	if err != nil {
		return fmt.Errorf("start: %w", w.named(err))
	}
	a.running = running
	if a.group == "" && d.Ready.Log == nil && d.Ready.TCP == "" {
		return nil // nothing to wait for, and a producer may have finished before anyone can ask
	}
	return w.awaitReady(ctx, a)
}

// awaitReady lets an application end before it is ready where the scenario speaks of its end: that is then judged
// there.
func (w *World) awaitReady(ctx context.Context, a *application) error {
	err := a.running.WaitReady(ctx)
	if err != nil && w.Plan.Ended[a.name] && !a.running.State().Phase.Alive() {
		return nil
	}
	return w.named(err)
}

func (w *World) wait(what string) {
	if w.Waiting != nil {
		w.Waiting(what)
	}
}

// alive is an error once the application has ended.
func (w *World) alive(a *application) error {
	if a.running == nil {
		return final(fmt.Errorf("application %q was not started; add: When application %q is started", a.name, a.name))
	}
	select {
	case <-a.running.Done():
		return final(w.named(fmt.Errorf("application %q has ended: it %v", a.name, a.running.State())))
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
		if a.running == nil {
			continue
		}
		running++
		go func() {
			if err := a.running.Close(ctx); err != nil {
				ends <- w.named(fmt.Errorf("end application %q: %w", a.name, err))
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

func (w *World) lastLines(a *application, n int) []string {
	lines := a.running.LastLines(n)
	for i := range lines {
		lines[i] = w.Session.Names().Undo(lines[i])
	}
	return lines
}

// named returns err with logical names in place of physical ones, and without the application's last lines: a failure
// shows those by itself.
func (w *World) named(err error) error {
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
