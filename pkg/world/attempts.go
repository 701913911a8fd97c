package world

import (
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

// Attempts feeds a judge with what is known of an application's attempts to write a topic.
func (w *World) Attempts(name, topic string, feed func(verdict.Attempt)) error {
	if _, err := w.Application(name); err != nil {
		return err
	}
	if _, err := w.Topic(topic); err != nil {
		return err
	}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == Attempted && f.App == name &&
			f.Topic == topic
	}) {
		feed(AttemptOf(&f))
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
			"acks": Number(a.Acks), "producer": Number(a.ProducerID), "epoch": Number(a.ProducerEpoch),
			"sequence": Number(a.FirstSequence),
			"sent":     e.Sent.Sub(w.Wired).String(), "answered": e.Answered.Sub(w.Wired).String(), "outcome": string(outcome),
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

// AttemptOf reads the fact of an attempt back.
func AttemptOf(f *journal.Fact) verdict.Attempt {
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

// Number writes a number out.
func Number[T int16 | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
