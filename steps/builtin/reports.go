package builtin

// Reports: what an application says of itself in its log lines, by the patterns declared for it.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func reportSteps(s *steps.Registry) {
	s.Then("{app} processed exactly {count} record(s)", processedExactly, steps.Claims(steps.InTheEnd))
	s.Then("{app} reported as many acknowledged records as {topic} holds", reportedTruly, steps.Claims(steps.InTheEnd))
	s.Then("{app} reported its progress at least {count} time(s)", reportedProgress)
	s.Then("{app} retried at least {count} time(s)", retriedAtLeast)
	s.Then("{app} retried exactly {count} time(s)", retriedExactly, steps.Claims(steps.InTheEnd))
	s.Then("{app} said {string} exactly {count} time(s)", saidExactly, steps.Claims(steps.InTheEnd))
	s.Step("{app} has processed at least {count} record(s)", hasProcessed, steps.Awaited)
	s.Step("{app} has said {string}", hasSaid, steps.Awaited)
}

// processedExactly counts the records that the application reported as processed, by the log pattern "processed". More
// than wanted fails at once.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "shipping" processed exactly 1 record
func processedExactly(ctx context.Context, a *world.Application, want int64) error {
	return exactlyReported(ctx, a, "processed records", int64(len(a.Facts(journal.Processed))), want)
}

// hasProcessed waits until the application has reported that many records as processed: the moment to kill it, say. All
// of its lives count, and since its last start it must have processed one at least.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "{}" is in "orders"
//	When "shipping" has processed at least 1 record
//	Then "orders_dlq" is empty
func hasProcessed(ctx context.Context, a *world.Application, want int64) error {
	return hasDone(a, "processed records", a.Facts(journal.Processed), want)
}

// hasDone compares a count of what an application did, of which the last must be from its present life.
func hasDone(a *world.Application, what string, done []journal.Fact, want int64) error {
	got := int64(len(done))
	switch {
	case got < want:
		return errors.Join(a.Odd(fmt.Errorf("application %q: got %d %s, want at least %d", a.Name, got, what, want)),
			a.Alive())
	case len(a.Lately(done)) == 0:
		return errors.Join(fmt.Errorf("application %q: got %d %s, and none since it was started last; want one more", a.Name,
			got, what), a.Alive())
	}
	return nil
}

// retriedExactly counts how often the application reported to try again, by the log pattern "retrying".
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	  | fail-transient | 2    |
//	  | retry-backoff  | 10ms |
//	And the record "{}" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "shipping" retried exactly 2 times
func retriedExactly(ctx context.Context, a *world.Application, want int64) error {
	return exactlyReported(ctx, a, "retries", int64(len(a.Facts(journal.Retried))), want)
}

// retriedAtLeast counts how often the application reported to try again, where how often depends on how long trouble
// lasts.
//
//	Given topic "events" with 1 partition
//	And topic "events_dlq" with 1 partition
//	And application "sender" is the reference "retry-producer" writing "events"
//	  | events      | 5    |
//	  | first-delay | 10ms |
//	And the next 2 Produce requests from "sender" fail with NOT_ENOUGH_REPLICAS
//	When within 30s application "sender" has finished
//	Then "sender" retried at least 2 times
func retriedAtLeast(ctx context.Context, a *world.Application, want int64) error {
	if got := int64(len(a.Facts(journal.Retried))); got < want {
		return fmt.Errorf("application %q: got %d retries, want at least %d", a.Name, got, want)
	}
	return nil
}

// saidExactly counts the log lines that hold a text.
//
//	Given topic "orders" with 1 partition
//	And application "talker" is the command "sh -c 'echo good morning'" writing "orders"
//	When application "talker" has finished
//	Then "talker" said "good" exactly 1 time
func saidExactly(ctx context.Context, a *world.Application, text string, want int64) error {
	w := world.FromContext(ctx)
	got := w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.LogLine && f.App == a.Name && strings.Contains(f.Text, text)
	})
	if err := exactly(a, fmt.Sprintf("lines with %q", text), int64(len(got)), want); err != nil || want > 0 {
		return err
	}
	if len(w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == journal.LogLine && f.App == a.Name })) == 0 {
		return fmt.Errorf("%w: application %q has logged no line at all", verdict.ErrInconclusive, a.Name)
	}
	return nil
}

// hasSaid waits for a log line that holds a text: the moment to do the next thing. What the application said before it
// was restarted does not count.
//
//	Given topic "orders" with 1 partition
//	And application "talker" is the command "sh -c 'echo good morning; sleep 60'" writing "orders"
//	When application "talker" is started
//	And "talker" has said "good"
//	Then application "talker" is running
func hasSaid(ctx context.Context, a *world.Application, text string) error {
	w := world.FromContext(ctx)
	said := w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.LogLine && f.App == a.Name && strings.Contains(f.Text, text)
	})
	switch {
	case len(a.Lately(said)) > 0:
		return nil
	case len(said) > 0:
		return errors.Join(fmt.Errorf("application %q has said no line with %q since it was started last", a.Name, text),
			a.Alive())
	}
	return errors.Join(fmt.Errorf("application %q has said no line with %q", a.Name, text), a.Alive())
}

// exactlyReported is exactly, for events of the log. None of them shows something only where the application reports
// anything at all, or has nothing to read.
func exactlyReported(ctx context.Context, a *world.Application, what string, got, want int64) error {
	if err := exactly(a, what, got, want); err != nil || want > 0 {
		return err
	}
	w := world.FromContext(ctx)
	if len(w.Journal.Select(func(f *journal.Fact) bool {
		return f.App == a.Name && f.Source == journal.SourceLog && !slices.Contains(ofItself, f.Kind)
	})) > 0 {
		return nil
	}
	records := int64(0)
	for _, input := range a.Inputs {
		topic, err := w.Topic(input)
		if err != nil {
			return err
		}
		held, err := topic.Count(ctx)
		if err != nil {
			return err
		}
		records += held
	}
	if len(a.Inputs) > 0 && records == 0 {
		return nil
	}
	return fmt.Errorf("%w: application %q: got 0 %s, and no line of its log fits any of its patterns, so it may never "+
		"say; give it patterns that fit what it logs", verdict.ErrInconclusive, a.Name, what)
}

// ofItself are the facts of an application that say nothing of what its patterns fit.
var ofItself = []journal.Kind{journal.LogLine, journal.Started, journal.Ready, journal.Exited, journal.Killed,
	journal.Paused, journal.Resumed}

// exactly compares a count that can only grow; too many, or too few of an application that has ended, will not change
// any more.
func exactly(a *world.Application, what string, got, want int64) error {
	if err := a.Told(); err != nil {
		return err
	}
	if got == want {
		return nil
	}
	err := fmt.Errorf("application %q: got %d %s, want exactly %d", a.Name, got, what, want)
	if got > want {
		return world.Final(err)
	}
	if ended := a.Alive(); ended != nil && !a.EndIsJudged() {
		return world.Final(fmt.Errorf("%w (%w)", err, ended))
	}
	return err
}

// reportedTruly compares the number in the application's last "done" line with the records in the topic.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 1_000 |
//	When application "loader" has finished
//	Then "loader" reported as many acknowledged records as "events" holds
func reportedTruly(ctx context.Context, a *world.Application, topic *world.Topic) error {
	done := a.Facts(journal.Done)
	if len(done) == 0 {
		return fmt.Errorf("application %q has logged no line of the kind \"done\" yet", a.Name)
	}
	text := done[len(done)-1].Fields()["acknowledged"]
	said, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return world.Final(fmt.Errorf("application %q: its line of the kind \"done\" gives acknowledged=%q, want a number",
			a.Name, text))
	}
	got, err := topic.Count(ctx)
	if err != nil {
		return err
	}
	if got != said {
		return fmt.Errorf("application %q reported %d acknowledged records, but %q holds %d", a.Name, said, topic.Name, got)
	}
	return nil
}

// reportedProgress counts the application's lines of the kind "progress".
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "loader" reported its progress at least 1 time
func reportedProgress(ctx context.Context, a *world.Application, want int64) error {
	got := a.Facts(journal.Progress)
	if int64(len(got)) < want {
		return fmt.Errorf("application %q: got %d progress lines, want at least %d", a.Name, len(got), want)
	}
	return nil
}
