package builtin

// Ends: what becomes of applications, as a happening.

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// ended is what is waited for of an application that ends.
func ended(judge func(w *world.World, a *world.Application, err error) error, options ...steps.Option) happening {
	return becomes(func(ctx context.Context, a *world.Application) error {
		return a.Ended(func(err error) error { return judge(world.FromContext(ctx), a, err) })
	}, append(options, steps.With(world.EndsApp))...)
}

// hasFinished waits until the application has ended by itself with exit code 0, and has left nothing running that it
// had started. Not looked at: what it did before.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "events" contains exactly 10 records
func hasFinished() happening {
	return ended(func(w *world.World, a *world.Application, err error) error {
		if err != nil {
			return world.Final(w.Named(fmt.Errorf("application %q %v, want exit code 0", a.Name, a.Running.State())))
		}
		return nil
	})
}

// hasFailed waits until the application has ended by itself with an exit code other than 0. Not looked at: why.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" has failed
func hasFailed() happening {
	return ended(func(_ *world.World, a *world.Application, err error) error {
		if err == nil {
			return world.Final(fmt.Errorf("application %q finished with exit code 0, want it to fail", a.Name))
		}
		return nil
	})
}

// hasBeenKilled waits until the application has ended by SIGKILL that it did not get from a step: from itself, at a
// point where its settings have it crash, or from somebody else. It runs as a process for that. Not looked at: who
// killed it.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'kill -KILL $$'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" has been killed
func hasBeenKilled() happening {
	return ended(func(w *world.World, a *world.Application, _ error) error {
		if state := a.Running.State(); state.Signal != "SIGKILL" {
			return world.Final(w.Named(fmt.Errorf("application %q %v, want it to be killed", a.Name, state)))
		}
		return nil
	}, steps.With(world.NeedsProcess))
}

// failsWith waits until the application has ended with an exit code other than 0 and looks for the text in its last
// lines. Not looked at: the exit code, but that it is not 0.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'echo out of paper; exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" fails with "out of paper"
func failsWith(text string) happening {
	h := ended(func(w *world.World, a *world.Application, err error) error {
		if err == nil {
			return world.Final(fmt.Errorf("application %q finished with exit code 0, want it to fail with %q", a.Name, text))
		}
		lines := append(a.LastLines(200), w.Session.Names().Undo(err.Error()))
		if slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, text) }) {
			return nil
		}
		return world.Final(w.Named(fmt.Errorf("application %q failed without saying %q", a.Name, text)))
	}, steps.Under(steps.Then))
	end := h.to
	h.to = func(ctx context.Context, a *world.Application) error {
		err := end(ctx, a)
		if err != nil && !world.IsFinal(err) {
			return fmt.Errorf("%w, want it to fail with %q", err, text)
		}
		return err
	}
	return h
}

// isRunning is satisfied while the application runs. Say for how long it must. Not looked at: whether it works.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	Then for 100ms application "shipping" is running
func isRunning() happening {
	return becomes(func(_ context.Context, a *world.Application) error { return a.Alive() },
		steps.Under(steps.Then), steps.Marked(onlyRuns))
}
