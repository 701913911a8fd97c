package steps

// Lifecycle: starting, stopping, killing and pausing applications, and what is expected of their end.

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func lifecycleSteps(s *Registry) {
	s.Then("application {app} fails with {string}", failsWith, with(endsApp))
	s.Then("application {app} is running", isRunning, with(onlyRuns))
	s.Step("application {app} has been killed", hasBeenKilled, Awaited, with(needsProcess, endsApp))
	s.Step("application {app} has failed", hasFailed, Awaited, with(endsApp))
	s.Step("application {app} has finished", hasFinished, Awaited, with(endsApp))
	s.Step("application {app} is killed", isKilled, with(needsProcess, endsApp, disturbs))
	s.Step("application {app} is paused", isPaused, with(needsProcess, disturbs))
	s.Step("application {app} is restarted", isRestarted, with(launches, disturbs))
	s.Step("application {app} is resumed", isResumed, with(needsProcess))
	s.Step("application {app} is started", isStarted, with(startsApp, launches))
	s.Step("application {app} is stopped", isStopped, with(endsApp, disturbs))
}

// isStarted starts a declared application and waits until it is ready: what its definition says, or else, for one in a
// group, that the group has given it partitions.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then application "shipping" is running
func isStarted(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	return w.start(ctx, a)
}

// isStopped asks the application to end (SIGTERM, or its context in process) and waits for it. An exit code other than
// 0 is a failure.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is stopped
//	Then "orders_dlq" is empty
func isStopped(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, func(a *app.App) error { return a.Stop(ctx) })
}

// isKilled ends the application at once (SIGKILL), with its children. It runs as a process for that. Its group keeps
// the dead member until the member's session times out, so give the application a short one.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	  | session-timeout    | 1s    |
//	  | heartbeat-interval | 100ms |
//	When application "shipping" is killed
//	And application "shipping" is restarted
//	Then application "shipping" is running
func isKilled(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Kill)
}

// isPaused stops the application where it stands (SIGSTOP), as a long garbage collection or a frozen machine would.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isPaused(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Pause)
}

// isResumed lets a paused application go on (SIGCONT).
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isResumed(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Resume)
}

// isRestarted ends the application if it runs, starts it again and waits until it is ready.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is restarted
//	Then application "shipping" is running
func isRestarted(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return w.start(ctx, a)
	}
	if err := a.running.Close(ctx); err != nil {
		return w.named(err)
	}
	if a.ready != nil {
		a.ready = w.readiness(ctx, w.Session.Names().Group(a.group), a.name)
	}
	if err := a.running.Restart(ctx); err != nil {
		return w.named(err)
	}
	return w.awaitReady(ctx, a)
}

// hasFinished waits until the application has ended by itself with exit code 0.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "events" contains exactly 10 records
func hasFinished(ctx context.Context, name string) error {
	w := FromContext(ctx)
	return w.ended(name, func(a *application, err error) error {
		if err != nil {
			return final(w.named(fmt.Errorf("application %q %v, want exit code 0", name, a.running.State())))
		}
		return nil
	})
}

// hasFailed waits until the application has ended by itself with an exit code other than 0.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" has failed
func hasFailed(ctx context.Context, name string) error {
	w := FromContext(ctx)
	return w.ended(name, func(_ *application, err error) error {
		if err == nil {
			return final(fmt.Errorf("application %q finished with exit code 0, want it to fail", name))
		}
		return nil
	})
}

// hasBeenKilled waits until the application has ended by SIGKILL that it did not get from a step: from itself, at a
// point where its settings have it crash, or from somebody else. It runs as a process for that.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'kill -KILL $$'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" has been killed
func hasBeenKilled(ctx context.Context, name string) error {
	w := FromContext(ctx)
	return w.ended(name, func(a *application, _ error) error {
		if state := a.running.State(); state.Signal != "SIGKILL" {
			return final(w.named(fmt.Errorf("application %q %v, want it to be killed", name, state)))
		}
		return nil
	})
}

// failsWith waits until the application has ended with an exit code other than 0 and looks for the text in its last
// lines.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'echo out of paper; exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" fails with "out of paper"
func failsWith(ctx context.Context, name, text string) error {
	w := FromContext(ctx)
	err := w.ended(name, func(a *application, err error) error {
		if err == nil {
			return final(fmt.Errorf("application %q finished with exit code 0, want it to fail with %q", name, text))
		}
		lines := append(w.lastLines(a, 200), w.Session.Names().Undo(err.Error()))
		for _, line := range lines {
			if strings.Contains(line, text) {
				return nil
			}
		}
		return final(w.named(fmt.Errorf("application %q failed without saying %q", name, text)))
	})
	if err != nil && !isFinal(err) {
		return fmt.Errorf("%w, want it to fail with %q", err, text)
	}
	return err
}

// isRunning is satisfied while the application runs. Say for how long it must.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	Then for 100ms application "shipping" is running
func isRunning(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	return w.alive(a)
}

// act does something to a running application.
func (w *World) act(name string, do func(*app.App) error) error {
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return fmt.Errorf("application %q was not started; add: When application %q is started", name, name)
	}
	return w.named(do(a.running))
}

// ended calls judge with how the application ended; while it runs, that is an error worth waiting on.
func (w *World) ended(name string, judge func(*application, error) error) error {
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return final(fmt.Errorf("application %q was not started; add: When application %q is started", name, name))
	}
	select {
	case <-a.running.Done():
		return judge(a, a.running.Wait(context.Background()))
	default:
		return fmt.Errorf("application %q is still running", name)
	}
}
