package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// StartDeclared starts the declared applications that the scenario does not start by steps of its own. The runner calls
// it before the first When or Then.
func (w Scenario) StartDeclared(ctx context.Context) error {
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
		if a.Running != nil || w.options.Needs.Started[name] {
			continue
		}
		if err := a.Start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Start starts an application and waits until it is ready.
func (a *Application) Start(ctx context.Context) error {
	w := a.world
	if a.Running != nil {
		return fmt.Errorf("application %q was started before; use: application %q is restarted", a.Name, a.Name)
	}
	if err := w.sampleGrowth(ctx); err != nil {
		return err
	}
	if err := w.needDatabase(ctx); err != nil {
		return err
	}
	if err := a.place(ctx); err != nil {
		return err
	}
	env, err := a.env()
	if err != nil {
		return err
	}
	d := a.Definition
	if d.Fill != nil {
		if d, err = d.Fill(d, env); err != nil {
			return Final(err)
		}
	}
	if a.address = d.HTTP; a.address == "" && env.Ports["http"] > 0 {
		a.address = fmt.Sprintf("http://localhost:%d", env.Ports["http"])
	}
	if d.Ready.Topic != "" {
		if a.written, err = a.writes(ctx, d.Ready.Topic); err != nil {
			return err
		}
		d.Ready.Written = func(ctx context.Context) (bool, error) { return a.written(ctx) }
	}
	declared := d.Ready.Log != nil || d.Ready.TCP != "" || d.Ready.HTTP != "" || d.Ready.Topic != ""
	if a.Group != "" && (!declared || d.Ready.Group) {
		a.ready = a.readiness(ctx)
		d.Ready.Group = true
		d.Ready.Check = func(ctx context.Context) (bool, error) { return a.ready(ctx) }
	}
	d.Ready.Timeout = cmp.Or(d.Ready.Timeout, readyAwaits*w.options.Await)
	w.wait(fmt.Sprintf("application %q to be ready", a.Name))
	running, err := app.Start(ctx, d, env, sink{w})
	if err != nil {
		return fmt.Errorf("start: %w", blameless(w.Named(err)))
	}
	a.Running = running
	w.mu.Lock()
	a.logs, a.environ = running.Drain, &env
	w.mu.Unlock()
	if a.Group == "" && !declared {
		return nil // nothing to wait for, and a producer may have finished before anyone can ask
	}
	return a.awaitReady(ctx)
}

// Restart ends an application if it runs, starts it again and waits until it is ready.
func (a *Application) Restart(ctx context.Context) error {
	if a.Running == nil {
		return a.Start(ctx)
	}
	if err := a.Running.Close(ctx); err != nil {
		return a.world.Named(err)
	}
	if a.ready != nil {
		a.ready = a.readiness(ctx)
	}
	if a.written != nil {
		var err error
		if a.written, err = a.writes(ctx, a.wrote); err != nil {
			return err
		}
	}
	a.world.mu.Lock()
	a.contact = contact{}
	a.world.mu.Unlock()
	a.world.groups.Restarted(a.Name)
	if err := a.Running.Restart(ctx); err != nil {
		return blameless(a.world.Named(err))
	}
	return a.awaitReady(ctx)
}

// readyAwaits is for how many times as long as an expectation a start is waited for: a JVM on a busy machine takes
// longer to join its group than to do what is expected of it then.
const readyAwaits = 3

// awaitReady lets an application end before it is ready where the scenario speaks of its end: that is then judged
// there.
func (a *Application) awaitReady(ctx context.Context) error {
	err := a.Running.WaitReady(ctx)
	alive := a.Running.State().Phase.Alive()
	switch {
	case err != nil && !alive && a.EndIsJudged():
		return nil
	case err != nil && !alive:
		err = cmp.Or(blameless(a.Running.CouldNotListen(ctx)), err)
	case err != nil && alive && a.ready != nil && ctx.Err() == nil:
		return fmt.Errorf("%w; %w", a.world.Named(err), a.notReady(ctx))
	}
	return a.world.Named(err)
}

// blameless makes inconclusive what is not the application's fault: a port that another program has.
func blameless(err error) error {
	if _, taken := errors.AsType[*app.PortTakenError](err); taken {
		return Final(fmt.Errorf("%w: %w", verdict.ErrInconclusive, err))
	}
	return err
}

func (w *World) wait(what string) {
	if w.options.Waiting != nil {
		w.options.Waiting(what)
	}
}

// Alive is an error once the application has ended.
func (a *Application) Alive() error {
	if err := a.wasStarted(); err != nil {
		return err
	}
	if state, ended := a.end(); ended {
		return Final(a.world.Named(fmt.Errorf("application %q has ended: it %v", a.Name, state)))
	}
	return nil
}

// end is how the application has ended, and false while it has not.
func (a *Application) end() (app.State, bool) {
	if p := a.world.past; p != nil {
		state := p.lives[a.Name]
		return state, !state.Phase.Alive()
	}
	select {
	case <-a.Running.Done():
		return a.Running.State(), true
	default:
		return app.State{}, false
	}
}

// begun is true once the application was started.
func (a *Application) begun() bool {
	if p := a.world.past; p != nil {
		_, ok := p.lives[a.Name]
		return ok
	}
	return a.Running != nil
}

// endApplications stops every application that still runs, all at once; one that does not end is killed and reported.
func (w *World) endApplications(ctx context.Context) error {
	ends := make(chan error)
	running := 0
	for _, name := range w.order {
		a := w.applications[name]
		running++
		go func() {
			var err error
			if a.Running != nil {
				err = a.Running.Close(ctx)
			}
			if a.release != nil {
				err = errors.Join(err, a.release())
			}
			if err != nil {
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
func (a *Application) LastLines(n int) []string { return a.named(a.Running.LastLines(n)) }

// tellingLines is LastLines with stack traces cut down to their causes.
func (a *Application) tellingLines(n int) []string { return a.named(a.Running.TellingLines(n)) }

func (a *Application) named(lines []string) []string {
	for i := range lines {
		lines[i] = a.world.Session.Names().Undo(lines[i])
	}
	return lines
}

// EndIsJudged says whether a step of the scenario speaks of the application's end by itself.
func (a *Application) EndIsJudged() bool { return a.world.options.Needs.Ended[a.Name] }

// Act does something to a running application.
func (a *Application) Act(do func(*app.App) error) error {
	if err := a.wasStarted(); err != nil {
		return err
	}
	return a.world.Named(do(a.Running))
}

// Told is an error while the application was never started, so that what it has not said shows nothing.
func (a *Application) Told() error {
	if err := a.wasStarted(); err != nil {
		return Final(fmt.Errorf("%w: nothing was judged: %w", verdict.ErrInconclusive, err))
	}
	return nil
}

func (a *Application) wasStarted() error {
	if !a.begun() {
		return Final(fmt.Errorf("application %q was not started; add: When application %q is started", a.Name, a.Name))
	}
	return nil
}
