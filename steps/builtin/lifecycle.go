package builtin

// Lifecycle: starting, stopping, killing and pausing applications, and what is expected of their end.

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func lifecycleSteps(s *steps.Registry) {
	s.Step("application {app} {happening}", happens)
}

// lifecycleParts are what happens to applications.
func lifecycleParts(s *steps.Registry) {
	steps.AddPart[happening](s, "happening", "what is done to an application, or becomes of it",
		steps.Form("is started", isStarted),
		steps.Form("is stopped", isStopped),
		steps.Form("is killed", isKilled),
		steps.Form("is killed while it works on a record of {topic}", isKilledAtWork),
		steps.Form("is paused", isPaused),
		steps.Form("is paused while it works on a record of {topic}", isPausedAtWork),
		steps.Form("is resumed", isResumed),
		steps.Form("is restarted", isRestarted),
		steps.Form("is cut off from the cluster", isCutOff),
		steps.Form("is cut off from the cluster for {duration}", isCutOffFor),
		steps.Form("is connected again", isConnectedAgain),
		steps.Form("is running", isRunning),
		steps.Form("has finished", hasFinished),
		steps.Form("has failed", hasFailed),
		steps.Form("has been killed", hasBeenKilled),
		steps.Form("fails with {string}", failsWith))
}

// happening is what is done to an application, or what is waited for.
type happening struct {
	to      func(ctx context.Context, a *world.Application) error
	options []steps.Option
}

// Options say whether it is done or waited for, and what it needs.
func (h happening) Options() []steps.Option { return h.options }

// happens does something to an application, or waits for what becomes of it.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then application "shipping" is running
func happens(ctx context.Context, a *world.Application, what happening) error { return what.to(ctx, a) }

// acts is something that is done to an application.
func acts(to func(ctx context.Context, a *world.Application) error, options ...steps.Option) happening {
	return happening{to, options}
}

// becomes is what is waited for of an application.
func becomes(to func(ctx context.Context, a *world.Application) error, options ...steps.Option) happening {
	return happening{to, append([]steps.Option{steps.Awaited, steps.Claims(steps.Eventually)}, options...)}
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
func isStarted() happening {
	return acts(func(ctx context.Context, a *world.Application) error { return a.Start(ctx) },
		steps.With(world.StartsApp), steps.Marked(firstStart, launches))
}

// isStopped asks the application to end (SIGTERM, or as stop of the profile says, or its context in process) and waits
// for it. An exit code other than 0 is a failure.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is stopped
//	Then "orders_dlq" is empty
func isStopped() happening {
	return acts(func(ctx context.Context, a *world.Application) error {
		return a.Act(func(a *app.App) error { return a.Stop(ctx) })
	}, steps.Marked(steps.Disturbs))
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
func isKilled() happening {
	return acts(act((*app.App).Kill), steps.With(world.NeedsProcess), steps.Marked(steps.Disturbs))
}

// act does something to an application that runs.
func act(do func(*app.App) error) func(context.Context, *world.Application) error {
	return func(_ context.Context, a *world.Application) error { return a.Act(do) }
}

// isKilledAtWork ends the application at once (SIGKILL) in the middle of its work: when it has received records of the
// topic, by the wire, that its group has not committed. Where it logs "processing" with topic, partition and offset (a
// log pattern of the profile, or a line msg=processing), the moment is behind such a line and before the one that says
// that the record is processed. The application is stopped first (SIGSTOP), and is killed only if it is at work then;
// else it goes on. At what it was caught stands in the journal. If it is never caught, the step is inconclusive. Not
// looked at: how much of the work on the record was done.
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
func isKilledAtWork(topic string) happening {
	return becomes(ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		return a.KillAtWork(ctx, t)
	}), steps.With(world.NeedsProcess, world.NeedsMembers), steps.Marked(catchesUp, isReader))
}

// isPausedAtWork stops the application where it stands (SIGSTOP) in the middle of its work, found as for a kill: when
// it has received records of the topic that its group has not committed, or has logged that it is processing one. Not
// looked at: how much of the work on the record was done.
//
//	Given topic "orders" with 1 partition
//	And application "first" is the reference "group-consumer" in group "shipping" reading "orders"
//	  | work | 50ms |
//	And 10 records are in "orders" partition 0
//	When application "first" is paused while it works on a record of "orders"
//	And application "first" is resumed
//	Then "first" has caught up with "orders"
func isPausedAtWork(topic string) happening {
	return becomes(ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		return a.PauseAtWork(ctx, t)
	}), steps.With(world.NeedsProcess, world.NeedsMembers), steps.Marked(catchesUp, isReader))
}

// isPaused stops the application where it stands (SIGSTOP), as a long garbage collection or a frozen machine would.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isPaused() happening {
	return acts(act((*app.App).Pause), steps.With(world.NeedsProcess), steps.Marked(steps.Disturbs))
}

// isResumed lets a paused application go on (SIGCONT).
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isResumed() happening { return acts(act((*app.App).Resume), steps.With(world.NeedsProcess)) }

// isRestarted ends the application if it runs, starts it again and waits until it is ready.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is restarted
//	Then application "shipping" is running
func isRestarted() happening {
	return acts(func(ctx context.Context, a *world.Application) error { return a.Restart(ctx) },
		steps.Marked(launches, steps.Disturbs))
}

// isCutOff closes all connections of the application, and new ones as soon as they are made, until it is connected
// again: a network that is gone.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is cut off from the cluster
//	And the record "not json" is sent to "orders"
//	Then for 200ms "orders_dlq" is empty
//	When application "shipping" is connected again
//	Then within 30s "orders_dlq" contains exactly 1 record
func isCutOff() happening {
	return acts(func(ctx context.Context, a *world.Application) error { return a.Isolate(ctx, 0) },
		steps.With(world.NeedsWire), steps.Marked(steps.Disturbs))
}

// isCutOffFor closes all connections of the application, and new ones as soon as they are made, until the time is over.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is cut off from the cluster for 500ms
//	And the record "not json" is sent to "orders"
//	Then within 30s "orders_dlq" contains exactly 1 record
func isCutOffFor(span time.Duration) happening {
	return acts(func(ctx context.Context, a *world.Application) error { return a.Isolate(ctx, span) },
		steps.With(world.NeedsWire), steps.Marked(steps.Disturbs))
}

// isConnectedAgain lets an application that was cut off reach the cluster.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is cut off from the cluster
//	And the record "not json" is sent to "orders"
//	And application "shipping" is connected again
//	Then within 30s "orders_dlq" contains exactly 1 record
func isConnectedAgain() happening {
	return acts(func(ctx context.Context, a *world.Application) error {
		return world.FromContext(ctx).Lift(fmt.Sprintf("%s is connected again", a.Name), world.Isolating, a.Name)
	})
}
