package verdict

import (
	"cmp"
	"slices"
	"time"
)

// Attempt is one try of a producer to write a batch to a partition, as seen on
// its way to the cluster. Times are since any moment, the same for all.
type Attempt struct {
	App, Topic     string
	Partition      int32
	Acks           int16 // -1 all
	ProducerID     int64 // -1: not idempotent
	Epoch          int16
	First          int32 // sequence of the first record; -1: not idempotent
	Records        int32 // -1: not known
	Sent, Answered time.Duration
	Error          string // Kafka's name of the error, or why there was no answer; empty when it succeeded
	Outcome        AttemptOutcome
}

// AttemptOutcome is what a producer knows after an attempt.
type AttemptOutcome string

// The outcomes of an attempt.
const (
	Written  AttemptOutcome = "written"
	Failed   AttemptOutcome = "failed"   // with an error that sending the same batch again may heal, or without an answer
	Rejected AttemptOutcome = "rejected" // for good
)

// attempts keeps what a judge was fed, to be looked at in the order of sending.
type attempts struct{ all []Attempt }

func (a *attempts) add(attempt Attempt) { a.all = append(a.all, attempt) }

func (a *attempts) sorted() []Attempt {
	slices.SortStableFunc(a.all, func(x, y Attempt) int { return cmp.Compare(x.Sent, y.Sent) })
	return a.all
}

// sendingLane is where attempts have an order: an application's way to a partition.
type sendingLane struct {
	app, topic string
	partition  int32
}

func (a *Attempt) lane() sendingLane { return sendingLane{a.App, a.Topic, a.Partition} }

// session is a producer id in one epoch; sequences begin with 0 in each.
type session struct {
	sendingLane
	producer int64
	epoch    int16
}

func (a *Attempt) session() session { return session{a.lane(), a.ProducerID, a.Epoch} }

func (a *Attempt) finding(kind string) Finding {
	return Finding{Kind: kind, Topic: a.Topic, Partition: a.Partition, Offset: -1}
}
