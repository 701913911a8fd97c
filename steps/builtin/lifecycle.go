package builtin

// Lifecycle: starting, stopping, killing and pausing applications, and what is expected of their end.

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func lifecycleSteps(s *steps.Registry) {
	s.Then("application {app} fails with {string}", failsWith, steps.With(world.EndsApp))
	s.Then("application {app} is running", isRunning, steps.Marked(onlyRuns))
	s.Step("application {app} has been killed", hasBeenKilled, steps.Awaited,
		steps.With(world.NeedsProcess, world.EndsApp))
	s.Step("application {app} has failed", hasFailed, steps.Awaited, steps.With(world.EndsApp))
	s.Step("application {app} has finished", hasFinished, steps.Awaited, steps.With(world.EndsApp))
	s.Step("application {app} is killed", isKilled, steps.With(world.NeedsProcess, world.EndsApp),
		steps.Marked(steps.Disturbs))
	s.Step("application {app} is killed while it works on a record of {topic}", isKilledAtWork, steps.Awaited,
		steps.With(world.NeedsProcess, world.EndsApp, world.NeedsMembers), steps.Marked(catchesUp, isReader))
	s.Step("application {app} is paused", isPaused, steps.With(world.NeedsProcess), steps.Marked(steps.Disturbs))
	s.Step("application {app} is paused while it works on a record of {topic}", isPausedAtWork, steps.Awaited,
		steps.With(world.NeedsProcess, world.NeedsMembers), steps.Marked(catchesUp, isReader))
	s.Step("application {app} is restarted", isRestarted, steps.Marked(launches, steps.Disturbs))
	s.Step("application {app} is resumed", isResumed, steps.With(world.NeedsProcess))
	s.Step("application {app} is started", isStarted, steps.With(world.StartsApp), steps.Marked(firstStart, launches))
	s.Step("application {app} is stopped", isStopped, steps.With(world.EndsApp), steps.Marked(steps.Disturbs))
}

// isStarted starts a declared application and waits until it is ready: what its definition says, or else, for one in a
// group, that the group has given out partitions of what it reads, and has it among its members. Where that does not
// come to pass, the message says what the application did instead, such as joining another group.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then application "shipping" is running
func isStarted(ctx context.Context, a *world.Application) error {
	return a.Start(ctx)
}

// isStopped asks the application to end (SIGTERM, or its context in process) and waits for it. An exit code other than
// 0 is a failure.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is stopped
//	Then "orders_dlq" is empty
func isStopped(ctx context.Context, a *world.Application) error {
	return a.Act(func(a *app.App) error { return a.Stop(ctx) })
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
func isKilled(ctx context.Context, a *world.Application) error {
	return a.Act((*app.App).Kill)
}

// isKilledAtWork ends the application at once (SIGKILL) in the middle of its work: when it has received records of the
// topic, by the wire, that its group has not committed. Where it logs "processing" with topic, partition and offset (a
// log pattern of the profile, or a line msg=processing), the moment is behind such a line and before the one that says
// that the record is processed. The application is stopped first (SIGSTOP), and is killed only if it is at work then;
// else it goes on. At what it was caught stands in the journal. If it is never caught, the step is inconclusive.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | session-timeout    | 1s    |
//	  | heartbeat-interval | 100ms |
//	  | work               | 50ms  |
//	And 10 records are in "orders" partition 0
//	When application "first" is killed while it works on a record of "orders"
//	And application "first" is restarted
//	And "first" has caught up with "orders"
//	Then every record of "orders" was processed in group "shipping", twice only if it was not committed at a crash
func isKilledAtWork(ctx context.Context, a *world.Application, topic *world.Topic) error {
	return a.KillAtWork(ctx, topic)
}

// isPausedAtWork stops the application where it stands (SIGSTOP) in the middle of its work, found as for a kill: when
// it has received records of the topic that its group has not committed, or has logged that it is processing one.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | work | 50ms |
//	And 10 records are in "orders" partition 0
//	When application "first" is paused while it works on a record of "orders"
//	And application "first" is resumed
//	Then "first" has caught up with "orders"
func isPausedAtWork(ctx context.Context, a *world.Application, topic *world.Topic) error {
	return a.PauseAtWork(ctx, topic)
}

// isPaused stops the application where it stands (SIGSTOP), as a long garbage collection or a frozen machine would.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isPaused(ctx context.Context, a *world.Application) error {
	return a.Act((*app.App).Pause)
}

// isResumed lets a paused application go on (SIGCONT).
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isResumed(ctx context.Context, a *world.Application) error {
	return a.Act((*app.App).Resume)
}

// isRestarted ends the application if it runs, starts it again and waits until it is ready.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is restarted
//	Then application "shipping" is running
func isRestarted(ctx context.Context, a *world.Application) error {
	return a.Restart(ctx)
}

// hasFinished waits until the application has ended by itself with exit code 0.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "events" contains exactly 10 records
func hasFinished(ctx context.Context, a *world.Application) error {
	w := world.FromContext(ctx)
	return a.Ended(func(err error) error {
		if err != nil {
			return world.Final(w.Named(fmt.Errorf("application %q %v, want exit code 0", a.Name, a.Running.State())))
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
func hasFailed(ctx context.Context, a *world.Application) error {
	return a.Ended(func(err error) error {
		if err == nil {
			return world.Final(fmt.Errorf("application %q finished with exit code 0, want it to fail", a.Name))
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
func hasBeenKilled(ctx context.Context, a *world.Application) error {
	w := world.FromContext(ctx)
	return a.Ended(func(_ error) error {
		if state := a.Running.State(); state.Signal != "SIGKILL" {
			return world.Final(w.Named(fmt.Errorf("application %q %v, want it to be killed", a.Name, state)))
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
func failsWith(ctx context.Context, a *world.Application, text string) error {
	w := world.FromContext(ctx)
	err := a.Ended(func(err error) error {
		if err == nil {
			return world.Final(fmt.Errorf("application %q finished with exit code 0, want it to fail with %q", a.Name, text))
		}
		lines := append(a.LastLines(200), w.Session.Names().Undo(err.Error()))
		for _, line := range lines {
			if strings.Contains(line, text) {
				return nil
			}
		}
		return world.Final(w.Named(fmt.Errorf("application %q failed without saying %q", a.Name, text)))
	})
	if err != nil && !world.IsFinal(err) {
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
func isRunning(ctx context.Context, a *world.Application) error {
	return a.Alive()
}
