package steps

// Attempts: what producers say to the cluster, batch by batch, seen on the wire, and what judges make of it.

import (
	"context"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

// Attempted is the kind of fact that says that an application tried to write a batch to a partition, and how that
// ended. Only scenarios whose steps ask for such facts have them.
const Attempted journal.Kind = "produce-attempt"

func attemptSteps(s *Registry) {
	s.Then("the retries of {app} to {topic} wait {duration}, growing by {float} up to {duration}, within {percent}",
		retriesBackOff, with(needsAttempts))
	s.Then("the writes of {app} to {topic} are idempotent", writesAreIdempotent, with(needsAttempts))
}

// writesAreIdempotent judges what the application said to the cluster: acks=all, a producer id, sequences without a
// gap, and a batch that is sent again keeps its own.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next 1 Produce request from "loader" are cut off after the broker acted
//	When within 30s application "loader" has finished
//	Then the writes of "loader" to "events" are idempotent
func writesAreIdempotent(ctx context.Context, name, topic string) error {
	judge := verdict.NewIdempotence(name + " to " + topic)
	if err := FromContext(ctx).attempts(name, topic, judge.Attempt); err != nil {
		return err
	}
	return judged(judge.Result())
}

// retriesBackOff judges the waits between the attempts of each batch: the first, the factor, the longest, and how much
// each may differ. A retry must not come earlier by a moment; late is what takes a second more than twice as long, as
// machines can be slow. At least one batch must have been sent three times.
//
//	Given topic "events" with 1 partition
//	And topic "events_dlq" with 1 partition
//	And application "sender" is the reference "retry-producer" writing "events"
//	  | events      | 10   |
//	  | first-delay | 20ms |
//	  | jitter      | 10%  |
//	And the next 2 Produce requests from "sender" fail with NOT_ENOUGH_REPLICAS
//	When application "sender" has finished
//	Then the retries of "sender" to "events" wait 20ms, growing by 2 up to 10s, within 10%
func retriesBackOff(ctx context.Context, name, topic string, first time.Duration, factor float64, longest time.Duration,
	jitter float64) error {
	judge := verdict.NewBackoff(name+" to "+topic, verdict.BackoffShape{First: first, Factor: factor, Max: longest,
		Jitter: jitter})
	if err := FromContext(ctx).attempts(name, topic, judge.Attempt); err != nil {
		return err
	}
	return judged(judge.Result())
}

// attempts feeds a judge with what is known of an application's attempts to write a topic.
func (w *World) attempts(name, topic string, feed func(verdict.Attempt)) error {
	if _, err := w.application(name); err != nil {
		return err
	}
	if _, err := w.topic(topic); err != nil {
		return err
	}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == Attempted && f.App == name &&
			f.Topic == topic
	}) {
		feed(attemptOf(&f))
	}
	return nil
}

// attempted makes the fact of an attempt. Times count from the making of the wire.
func (w *World) attempted(e *wire.Event, a *wire.ProduceAttempt) journal.Fact {
	outcome, failure := outcomeOf(e.Outcome, a.Code)
	return journal.Fact{
		Kind: Attempted, Source: journal.SourceWire, App: e.App, Topic: a.Topic, Partition: a.Partition, Offset: a.BaseOffset,
		Count: int64(a.Records), Error: failure,
		Fields: map[string]string{
			"acks": number(a.Acks), "producer": number(a.ProducerID), "epoch": number(a.ProducerEpoch),
			"sequence": number(a.FirstSequence),
			"sent":     e.Sent.Sub(w.wired).String(), "answered": e.Answered.Sub(w.wired).String(), "outcome": string(outcome),
		},
	}
}

// outcomeOf says what the application knows after an attempt.
func outcomeOf(o wire.Outcome, code int16) (verdict.AttemptOutcome, string) {
	known := kerr.TypedErrorForCode(code)
	switch {
	case o == wire.Cut, o == wire.Refused && code == 0:
		return verdict.Failed, "no answer"
	case code == 0, known == kerr.DuplicateSequenceNumber: // the broker has it
		return verdict.Written, ""
	case known != nil && known.Retriable:
		return verdict.Failed, wire.ErrorName(code)
	}
	return verdict.Rejected, wire.ErrorName(code)
}

// attemptOf reads the fact of an attempt back.
func attemptOf(f *journal.Fact) verdict.Attempt {
	read := func(field string) int64 {
		n, _ := strconv.ParseInt(f.Fields[field], 10, 64) // written by attempted
		return n
	}
	since := func(field string) time.Duration {
		d, _ := time.ParseDuration(f.Fields[field])
		return d
	}
	return verdict.Attempt{
		App: f.App, Topic: f.Topic, Partition: f.Partition, Acks: int16(read("acks")), ProducerID: read("producer"),
		Epoch: int16(read("epoch")),
		First: int32(read("sequence")), Records: int32(f.Count), Sent: since("sent"), Answered: since("answered"),
		Error: f.Error, Outcome: verdict.AttemptOutcome(f.Fields["outcome"]),
	}
}

func number[T int16 | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
