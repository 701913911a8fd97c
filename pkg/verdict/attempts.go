package verdict

import (
	"cmp"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// attempt is one try of a producer to write a batch to a partition, as seen on its way to the cluster.
type attempt struct {
	*journal.Fact // its Count is the number of records, -1 if not known
	*journal.Attempt
}

func (a attempt) records() int32 { return int32(a.Count) }

// AttemptOutcome is what a producer knows after an attempt.
type AttemptOutcome string

// The outcomes of an attempt.
const (
	Written  AttemptOutcome = "written"
	Failed   AttemptOutcome = "failed"   // with an error that sending the same batch again may heal, or without an answer
	Rejected AttemptOutcome = "rejected" // for good
)

// OutcomeOf says what the application knows after an attempt; a fact of something else was not written.
func OutcomeOf(f *journal.Fact) AttemptOutcome {
	a, ok := f.Detail.(*journal.Attempt)
	if !ok || f.Request == nil {
		return Failed
	}
	known := kerr.TypedErrorForCode(a.Code)
	switch {
	case f.Request.Outcome == journal.Cut, f.Request.Outcome == journal.Intercepted && a.Code == 0:
		return Failed
	case a.Code == 0, known == kerr.DuplicateSequenceNumber: // the broker has it
		return Written
	case known != nil && known.Retriable:
		return Failed
	}
	return Rejected
}

// attempts keeps what a judge was fed, to be looked at in the order of sending.
type attempts struct{ all []attempt }

// Attempt takes the fact of an attempt, in any order; other facts are passed over. The fact is kept.
func (a *attempts) Attempt(f *journal.Fact) {
	if detail, ok := f.Detail.(*journal.Attempt); ok && f.Request != nil {
		a.all = append(a.all, attempt{f, detail})
	}
}

func (a *attempts) sorted() []attempt {
	slices.SortStableFunc(a.all, func(x, y attempt) int { return cmp.Compare(x.Request.Sent, y.Request.Sent) })
	return a.all
}

// session is where attempts have an order: an application's way to a partition under a producer id in one epoch.
// Sequences begin with 0 in each.
type session struct {
	app, topic string
	partition  int32
	producer   int64
	epoch      int16
}

func (a attempt) session() session {
	return session{a.App, a.Topic, a.Partition, a.ProducerID, a.ProducerEpoch}
}

func (a attempt) finding(kind string) Finding {
	return Finding{Kind: kind, Topic: a.Topic, Partition: a.Partition, Offset: -1}
}
