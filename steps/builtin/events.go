package builtin

// Events: what applications do and say of themselves, and how often. What they say is known from their log lines, by
// the patterns declared for them; what they were given of topics, from what they and their group told each other.

import (
	"context"
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func eventSteps(s *steps.Registry) {
	s.Step("{app} {event}", applicationDid, steps.Awaited)
}

// eventParts are what applications do.
func eventParts(s *steps.Registry) {
	steps.AddPart[event](s, "event", "what an application does or says of itself, and how often",
		steps.Form("processed {amount} record(s)", processed),
		steps.Form("has processed at least {count} record(s)", hasProcessed),
		steps.Form("retried {amount} time(s)", retried),
		steps.Form("has retried at least {count} time(s)", hasRetried),
		steps.Form("has said {string}", said),
		steps.Form("said {string} {amount} time(s)", saidOften),
		steps.Form("(has )reported its progress {amount} time(s)", reportedProgress),
		steps.Form("reported as many acknowledged records as {topic} holds", reportedTruly),
		steps.Form("timed {amount} event(s)", timed),
		steps.Form("has caught up with {topic}", caughtUp),
		steps.Form("owns {amount} partition(s) of {topic}", owns),
		steps.Form("was assigned {amount} partition(s) of {topic}", wasAssigned),
		steps.Form("was revoked {amount} partition(s) of {topic}", wasRevoked),
		steps.Form("lost {amount} partition(s) of {topic}", lost),
		steps.Form("reported each partition of {topic} it was assigned", reportedAssigned),
		steps.Form("left group {group}", left),
		steps.Form("has raised an alert for {topic} partition {int}", raisedOne),
		steps.Form("raised {amount} alert(s) for {topic} partition {int}", raised),
		steps.Form("cleared {amount} alert(s) for {topic} partition {int}", cleared),
		steps.Form("warned about no field of {topic}", warnedAboutNone),
		steps.Form("warned once about field {string} of {topic}", warnedOnce))
}

// event is something that an application does or says of itself.
type event struct {
	happened func(ctx context.Context, a *world.Application) error
	options  []steps.Option
}

// Options say how such an event is looked for.
func (e event) Options() []steps.Option { return e.options }

// applicationDid waits for what an application does or says.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has processed at least 1 record
//	Then "shipping" retried no times
func applicationDid(ctx context.Context, a *world.Application, what event) error {
	return what.happened(ctx, a)
}

// awaited are the options of an event that a scenario may wait for before it goes on.
func awaited(more ...steps.Option) []steps.Option {
	return append([]steps.Option{steps.Claims(steps.Eventually), steps.FromJournal}, more...)
}

// claimed are the options of an event that is only claimed.
func claimed(kind steps.Kind, more ...steps.Option) []steps.Option {
	return append([]steps.Option{steps.Claims(kind), steps.Under(steps.Then), steps.FromJournal}, more...)
}

// countedOptions are those of an event that is counted: at least so many can be waited for.
func countedOptions(want steps.Amount, more ...steps.Option) []steps.Option {
	if want.Limit == steps.AtLeast {
		return awaited(more...)
	}
	return claimed(steps.InTheEnd, more...)
}

// ofTopic is what happened to an application with a topic.
func ofTopic(name string,
	happened func(ctx context.Context, a *world.Application, t *world.Topic) error,
) func(context.Context, *world.Application) error {
	return func(ctx context.Context, a *world.Application) error {
		t, err := world.FromContext(ctx).Present(ctx, name)
		if err != nil {
			return err
		}
		return happened(ctx, a, t)
	}
}

// reportedOften counts what an application reported by one of its log patterns.
func reportedOften(want steps.Amount, what string, kind journal.Kind) event {
	return event{func(ctx context.Context, a *world.Application) error {
		facts := a.Own(a.Facts(kind))
		if err := certainly(a, facts, want); err != nil {
			return err
		}
		err := reportedAmount(ctx, a, what, kind, int64(len(facts)), want)
		if which := surplus(facts, want); err != nil && which != "" {
			err = fmt.Errorf("%w; %s", err, which)
		}
		return err
	}, countedOptions(want)}
}

// processed counts the records that the application reported as processed, by the log pattern "processed". More than
// wanted fails at once. Of an application that reads a topic in several groups only lines that name its own count; it
// is inconclusive where the number hangs on lines that name none. Not looked at: which records they were, and whether
// one was reported twice.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "shipping" processed exactly 1 record
func processed(want steps.Amount) event {
	return reportedOften(want, "processed records", journal.Processed)
}

// hasProcessed waits until the application has reported that many records as processed: the moment to kill it, say. All
// of its lives count, and since its last start it must have processed one at least. Lines that name another group do
// not count where the application reads a topic in several. Not looked at: which records they were.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has processed at least 1 record
//	Then "orders_dlq" is empty
func hasProcessed(want int64) event { return doneOften(want, "processed records", journal.Processed) }

// hasRetried waits until the application has reported that often to try again, by the log pattern "retrying". All of
// its lives count, and since its last start it must have retried once at least. Not looked at: what was tried again.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	  | fail-transient | 2    |
//	  | retry-backoff  | 10ms |
//	And the record "{}" is in "orders"
//	When "shipping" has retried at least 2 times
//	Then "shipping" processed exactly 1 record
func hasRetried(want int64) event { return doneOften(want, "retries", journal.Retried) }

// doneOften waits for what an application does, also in its present life.
func doneOften(want int64, what string, kind journal.Kind) event {
	return event{func(_ context.Context, a *world.Application) error {
		return hasDone(a, what, a.Own(a.Facts(kind)), want)
	}, awaited()}
}

// retried counts how often the application reported to try again, by the log pattern "retrying". Not looked at: what
// was tried again, and whether it was in the end done.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	  | fail-transient | 2    |
//	  | retry-backoff  | 10ms |
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "shipping" retried exactly 2 times
func retried(want steps.Amount) event { return reportedOften(want, "retries", journal.Retried) }

// reportedProgress counts the application's lines of the kind "progress". Not looked at: whether what a line says is
// true.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "loader" reported its progress at least 1 time
func reportedProgress(want steps.Amount) event {
	return reportedOften(want, "progress lines", journal.Progress)
}

// said waits for a log line that holds a text: the moment to do the next thing. What the application said before it was
// restarted does not count. Not looked at: how often, and what else was said.
//
//	Given topic "orders" with 1 partition
//	And application "talker" is the command "sh -c 'echo good morning; sleep 60'" writing "orders"
//	When application "talker" is started
//	And "talker" has said "good"
//	Then application "talker" is running
func said(text string) event {
	return event{func(ctx context.Context, a *world.Application) error {
		text := world.FromContext(ctx).Shown(text)
		lines, err := a.Lines(text)
		switch {
		case err != nil:
			return err
		case len(a.Lately(lines)) > 0:
			return nil
		case len(lines) > 0:
			return errors.Join(fmt.Errorf("application %q has said no line with %q since it was started last", a.Name, text),
				a.Alive())
		}
		return errors.Join(fmt.Errorf("application %q has said no line with %q", a.Name, text), a.Alive())
	}, awaited(steps.With(world.Searches(text)))}
}

// saidOften counts the log lines that hold a text. Not looked at: where in a line the text stands, and which life of
// the application said it.
//
//	Given topic "orders" with 1 partition
//	And application "talker" is the command "sh -c 'echo good morning'" writing "orders"
//	When application "talker" has finished
//	Then "talker" said "good" exactly 1 time
func saidOften(text string, want steps.Amount) event {
	return event{func(ctx context.Context, a *world.Application) error {
		text := world.FromContext(ctx).Shown(text)
		lines, err := a.Lines(text)
		if err == nil {
			err = amountOf(a, fmt.Sprintf("lines with %q", text), int64(len(lines)), want)
		}
		if lost := a.LinesLost(); lost != nil && (want.Limit != steps.AtLeast || err != nil) {
			return lost
		}
		if err != nil || !want.Holds(0) {
			return err
		}
		all, err := a.Lines("")
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("%w: application %q has logged no line at all", verdict.ErrInconclusive, a.Name)
		}
		return err
	}, countedOptions(want, steps.With(world.Searches(text)))}
}

// reportedTruly compares the number in the application's last "done" line with the records in the topic. Not looked at:
// which records were acknowledged.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 1_000 |
//	When application "loader" has finished
//	Then "loader" reported as many acknowledged records as "events" holds
func reportedTruly(topic string) event {
	return event{ofTopic(topic, acknowledgedAsMany), claimed(steps.InTheEnd)}
}

// timed counts the events that an application timed: those after the warm-up. Not looked at: whether the times are
// true.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events  | 1_000 |
//	  | warm-up | 100   |
//	When application "meter" has finished
//	Then "meter" timed exactly 900 events
func timed(want steps.Amount) event {
	return event{func(ctx context.Context, a *world.Application) error {
		got, err := reported(world.FromContext(ctx), a, "timed")
		if err == nil && !want.Holds(got) {
			return world.Final(fmt.Errorf("application %q: got %d timed events, want %s", a.Name, got, want))
		}
		return err
	}, claimed(steps.InTheEnd)}
}

// caughtUp waits until the application's group has committed everything that is in the topic now. Control markers and
// aborted records at the end do not count as lag. An application that ends meanwhile fails the step at once. Not looked
// at: whether what was committed was worked on.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" is empty
func caughtUp(topic string) event {
	return event{ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		return a.CaughtUp(ctx, t)
	}), awaited(steps.Marked(catchesUp))}
}
