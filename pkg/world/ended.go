package world

// How applications ended: each of their lives, by themselves or because a step had them end.

import (
	"context"
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// end is how one life of an application ended.
type end struct {
	app.State
	group  string // that it was a member of; empty for none
	judged bool   // by a step
}

// ended takes note of the end of an application, and has the wire drop what it holds of it.
func (w *World) ended(name string, state app.State) {
	w.mu.Lock()
	proxy := w.proxy
	a := w.applications[name]
	e := end{State: state, group: a.Group}
	for group, refused := range a.contact.joined {
		if refused == "" && e.group == "" {
			e.group = group
		}
	}
	a.ends = append(a.ends, e)
	w.mu.Unlock()
	if proxy != nil {
		proxy.Ended(name)
	}
}

// Ended calls judge with how the application ended; while it runs, that is an error worth waiting on.
func (a *Application) Ended(judge func(error) error) error {
	if err := a.wasStarted(); err != nil {
		return err
	}
	select {
	case <-a.Running.Done():
	default:
		return fmt.Errorf("application %q is still running", a.Name)
	}
	state := a.Running.State()
	if outcome.IsEnvironment(state.Err) {
		return a.unwatched(state)
	}
	if err := a.leftRunning(state); err != nil {
		return err
	}
	if err := judge(a.Running.Wait(context.Background())); err != nil {
		return err
	}
	a.world.mu.Lock()
	defer a.world.mu.Unlock()
	if last := len(a.ends) - 1; last >= 0 {
		a.ends[last].judged = true
	}
	return nil
}

// EndedWell tells whether the last life of the application has ended, with exit code 0: what it has left open, it did
// not leave because it died.
func (a *Application) EndedWell() bool {
	well := false
	a.world.Journal.Select(func(f *journal.Fact) bool {
		switch {
		case f.App != a.Name:
		case f.Kind == journal.Started, f.Kind == journal.Killed:
			well = false
		case f.Kind == journal.Exited:
			end := endOf(f)
			well = end.Code == 0 && end.Signal == "" && end.Err == nil
		}
		return false
	})
	return well
}

// leftRunning is an error where an application has left running what it had started.
func (a *Application) leftRunning(state app.State) error {
	if state.Left == "" {
		return nil
	}
	return Final(a.world.Named(fmt.Errorf("application %q %v; it was ended: have the application end what it starts, or "+
		"wait for it", a.Name, state)))
}

// unwatched says that the environment ended an application: that says nothing of it, and it is not judged.
func (a *Application) unwatched(state app.State) error {
	return Final(a.world.Named(fmt.Errorf("application %q failed: %w", a.Name, state.Err)))
}

// Unwatched is an error of the environment where an application was ended by neither itself nor a step.
func (w Scenario) Unwatched() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var errs []error
	for _, name := range w.order {
		for _, e := range w.applications[name].ends {
			if outcome.IsEnvironment(e.Err) {
				errs = append(errs, w.applications[name].unwatched(e.State))
			}
		}
	}
	return errors.Join(errs...)
}

// endedUnasked lists the applications that ended by themselves although no step speaks of that, in any of their lives:
// those that failed, and those that left a group for good by it; and whatever left something running. One in no group,
// such as a producer, may finish.
func (w *World) endedUnasked() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var errs []error
	for _, name := range w.order {
		a := w.applications[name]
		for _, e := range a.ends {
			byItself := e.Phase == app.Exited || e.Phase == app.Failed
			finished := e.Err == nil && e.Code == 0 && e.Signal == ""
			switch {
			case outcome.IsEnvironment(e.Err):
				errs = append(errs, a.unwatched(e.State))
			case e.Left != "":
				errs = append(errs, a.leftRunning(e.State))
			case !byItself || e.judged || finished && e.group == "":
			case finished:
				errs = append(errs, w.Named(fmt.Errorf("application %q ended by itself with exit code 0 while it was a member "+
					"of group %q, and no step speaks of its end; if it is meant, say so: Then application %q has finished", name,
					e.group, name)))
			default:
				errs = append(errs, w.Named(fmt.Errorf("application %q %v, and no step speaks of its end", name, e.State)))
			}
		}
	}
	return errors.Join(errs...)
}
