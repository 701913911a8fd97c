package chaos

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// shownLines is how many of the last lines of each instance a failure shows.
const shownLines = 25

// stopPatience is how long an instance may take to stop. It is long, because a member cannot leave while its group
// waits for frozen ones.
const stopPatience = 30 * time.Second

// mostRestarts is how often a supervised instance may end by itself before that is a failure.
const mostRestarts = 20

// fleet is the instances of a run.
type fleet struct {
	run       *Run
	schedule  schedule
	instances []*instance
	began     time.Time
	happened  []string
	logs      *logs
	dead      *undertaker
}

// instance is one process after another under one name.
type instance struct {
	name     string
	app      *app.App // nil until it was started
	up       bool     // it should run
	frozen   bool
	restarts int        // after ends nobody asked for
	stopping chan error // gives how it ended, once; nil: nobody told it to stop
}

// live goes through the schedule while records come in, and then to the quiet end.
func (f *fleet) live(ctx context.Context, t testing.TB) error {
	if err := f.run.open(ctx, t); err != nil {
		return err
	}
	for i := range f.run.plan.Instances {
		f.instances = append(f.instances, &instance{name: fmt.Sprintf("c%d", i+1)})
	}
	producing := make(chan error, 1)
	f.began, f.dead = time.Now(), newUndertaker(f.run, f.note)
	go func() { producing <- f.run.produce(ctx) }()
	disturbed := f.disturb(ctx)
	if err := errors.Join(<-producing, disturbed); err != nil {
		return err
	}
	if err := f.settle(ctx); err != nil {
		return err
	}
	if err := f.run.plan.Check(ctx, f.run); err != nil {
		return fmt.Errorf("after all had been stopped: %w", err)
	}
	return nil
}

// disturb carries out the schedule.
func (f *fleet) disturb(ctx context.Context) error {
	for _, e := range f.schedule {
		if err := waitUntil(ctx, f.began.Add(e.at)); err != nil {
			return err
		}
		if err := errors.Join(f.supervise(ctx), f.bury(ctx)); err != nil {
			return err
		}
		if err := f.act(ctx, f.instances[e.instance], e.do); err != nil {
			return err
		}
	}
	return nil
}

func waitUntil(ctx context.Context, due time.Time) error {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// act does one thing to an instance, and notes it.
func (f *fleet) act(ctx context.Context, i *instance, do action) error {
	if err := f.awaitStop(ctx, i); err != nil {
		return err
	}
	f.note("%-6s %s", do, i.name)
	var err error
	switch do {
	case start:
		err = f.start(ctx, i)
	case stop:
		stopping := make(chan error, 1)
		i.stopping = stopping
		go func() { stopping <- i.app.Stop(ctx) }() // others go on meanwhile: it may have to wait for them
	case kill:
		err = i.app.Kill()
	case freeze:
		err = i.app.Pause()
	case wake:
		err = i.app.Resume()
	}
	i.up, i.frozen = do != stop && do != kill, do == freeze
	if err != nil && !i.app.State().Phase.Alive() && f.run.plan.Supervised {
		return nil // it ended by itself just before; what is due to it is a new life
	}
	return err
}

// awaitStop waits for an instance that was told to stop. What holds it up goes into the logs.
func (f *fleet) awaitStop(ctx context.Context, i *instance) error {
	if i.stopping == nil {
		return nil
	}
	defer func() { i.stopping = nil }()
	dump := time.AfterFunc(stopPatience-dumpPatience, func() { f.logs.goroutines(ctx, i.app) })
	defer dump.Stop()
	again := time.NewTicker(f.run.plan.SessionTimeout / 2)
	defer again.Stop()
	for {
		select {
		case err := <-i.stopping:
			return err
		case <-again.C:
			if err := f.bury(ctx); err != nil {
				f.note("%v", err)
			}
		}
	}
}

// bury takes dead members out of the group where the broker does not.
func (f *fleet) bury(ctx context.Context) error {
	for _, i := range f.instances {
		if i.app != nil && !i.app.State().Phase.Alive() {
			if err := f.dead.look(ctx, i.name); err != nil {
				return err
			}
		}
	}
	return f.dead.bury(ctx)
}

func (f *fleet) start(ctx context.Context, i *instance) error {
	if i.app != nil {
		if err := f.dead.look(ctx, i.name); err != nil {
			return err
		}
		return i.app.Restart(ctx)
	}
	settings, err := app.ParseSettings([]byte(f.run.plan.Settings(i.name)), "settings.yaml")
	if err != nil {
		return err
	}
	env := app.Env{
		Name: i.name, Bootstrap: f.run.Session.Bootstrap(), Access: f.run.Session.Access(), Group: f.run.Group(),
		Topics: map[string]string{}, Settings: settings, Database: f.run.Database,
	}
	for _, topic := range f.run.plan.Topics {
		env.Topics[topic.Name] = f.run.Topic(topic.Name)
	}
	for _, input := range f.run.plan.Inputs {
		env.Inputs = append(env.Inputs, f.run.Topic(input))
	}
	for _, output := range f.run.plan.Outputs {
		env.Outputs = append(env.Outputs, f.run.Topic(output))
	}
	i.app, err = app.Start(ctx, app.Definition{Name: i.name, AsProcess: true, Reference: f.run.plan.Reference,
		Grace: stopPatience}, env, f.logs)
	return err
}

// supervise looks for instances that ended by themselves.
func (f *fleet) supervise(ctx context.Context) error {
	for _, i := range f.instances {
		if !i.up || i.app.State().Phase.Alive() {
			continue
		}
		f.note("%s ended by itself: %v", i.name, i.app.State())
		if i.restarts++; !f.run.plan.Supervised || i.restarts > mostRestarts {
			return fmt.Errorf("instance %s ended by itself: it %v", i.name, i.app.State())
		}
		if err := f.act(ctx, i, start); err != nil {
			return err
		}
	}
	return nil
}

// settle is the quiet end.
func (f *fleet) settle(ctx context.Context) error {
	running := false
	for _, i := range f.instances {
		if i.frozen {
			if err := f.act(ctx, i, wake); err != nil {
				return err
			}
		}
		running = running || i.up
	}
	if !running {
		if err := f.act(ctx, f.instances[0], start); err != nil {
			return err
		}
	}
	f.note("quiet")
	err := await.Until(ctx, await.Options{Within: f.run.plan.Patience, What: "the inputs to be worked off",
		State: func() string { return f.run.progress(ctx) }},
		func(ctx context.Context) (bool, error) {
			if err := f.supervise(ctx); err != nil {
				return false, await.Permanent(err)
			}
			if err := f.bury(ctx); err != nil {
				return false, err
			}
			return f.run.plan.Drained(ctx, f.run)
		})
	if err != nil {
		return err
	}
	f.note("drained")
	for _, i := range f.instances {
		if i.up {
			if err := f.act(ctx, i, stop); err != nil {
				return err
			}
		}
	}
	var errs []error
	for _, i := range f.instances {
		errs = append(errs, f.awaitStop(ctx, i))
	}
	return errors.Join(errs...)
}

// progress is how far the group is, for a run that does not end.
func (r *Run) progress(ctx context.Context) string {
	var all []string
	for _, input := range r.plan.Inputs {
		committed, err := r.Committed(ctx, input)
		if err != nil {
			return err.Error()
		}
		all = append(all, fmt.Sprintf("%s committed %v, ends %v", input, committed, r.Ends(input)))
	}
	members, err := r.members(ctx)
	if err != nil {
		return err.Error()
	}
	for _, member := range members {
		assigned, _ := member.Assigned.AsConsumer()
		all = append(all, fmt.Sprintf("%s has %v", member.MemberID, assigned))
	}
	return strings.Join(all, "; ")
}

func (f *fleet) note(format string, args ...any) {
	f.happened = append(f.happened, fmt.Sprintf("%6dms ", time.Since(f.began).Milliseconds())+fmt.Sprintf(format, args...))
}

// story is what the reader of a failure needs.
func (f *fleet) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d; to run it again: %s go test -run Chaos\nwhat happened:\n  %s\n",
		f.run.Seed, testenv.RepeatChaos(int(f.run.Seed)), strings.Join(f.happened, "\n  "))
	fmt.Fprintf(&b, "the schedule was:\n  %s\n", strings.ReplaceAll(f.schedule.String(), "\n", "\n  "))
	for _, i := range f.instances {
		if i.app != nil {
			fmt.Fprintf(&b, "last lines of %s:\n  %s\n", i.name, strings.Join(i.app.LastLines(shownLines), "\n  "))
		}
	}
	return f.run.Session.Names().Undo(b.String())
}

// end leaves nothing running, however the run went.
func (f *fleet) end(ctx context.Context) {
	for _, i := range f.instances {
		if i.app != nil && i.app.State().Phase.Alive() { // only after a failure
			f.logs.goroutines(ctx, i.app)
			_ = i.app.Kill()
			_ = i.app.Close(ctx)
		}
	}
}
