package world

import (
	"cmp"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// InForce tells of the facts that are wanted, in the order in which they came into force. Batches and commits of a
// transaction do once it is committed, with the fact that says so; end is nil for all others. Those of a transaction
// that is open or was aborted are left out.
func (w *World) InForce(wanted func(*journal.Fact) bool, tell func(f, end *journal.Fact)) {
	inForce(w.orEnds(wanted), tell)
}

// InForceAsSent is InForce in the order in which requests were sent and log lines were written, and not that in which
// requests were answered.
func (w *World) InForceAsSent(wanted func(*journal.Fact) bool, tell func(f, end *journal.Fact)) {
	facts := w.orEnds(wanted)
	slices.SortStableFunc(facts, bySending)
	inForce(facts, tell)
}

// orEnds selects the facts that are wanted, and those that end transactions.
func (w *World) orEnds(wanted func(*journal.Fact) bool) []journal.Fact {
	return w.orEndsOfAll(func(f *journal.Fact) bool { return wanted(f) && !w.Earlier(f) })
}

// orEndsOfAll does so with what is about a topic that was deleted and made again since.
func (w *World) orEndsOfAll(wanted func(*journal.Fact) bool) []journal.Fact {
	return w.Journal.Select(func(f *journal.Fact) bool { return endsTransaction(f) || wanted(f) })
}

// endsTransaction is true for a commit or an abort that was answered, and for a producer that begins anew.
func endsTransaction(f *journal.Fact) bool {
	d, ok := f.Detail.(*journal.Transaction)
	return ok && f.Request != nil && f.Request.Outcome == journal.Answered && d.Code == 0 &&
		(f.Request.API == "EndTxn" || f.Request.API == "InitProducerID")
}

func inForce(facts []journal.Fact, tell func(f, end *journal.Fact)) {
	open := map[string][]journal.Fact{} // by transactional id
	for _, f := range facts {
		id := ""
		switch d := f.Detail.(type) {
		case *journal.Transaction:
			if d.Commit {
				for _, held := range open[d.TransactionalID] {
					tell(&held, &f)
				}
			}
			delete(open, d.TransactionalID)
			continue
		case *journal.Attempt:
			id = d.TransactionalID
		case *journal.Commit:
			id = d.TransactionalID
		}
		if id != "" {
			open[id] = append(open[id], f)
			continue
		}
		tell(&f, nil)
	}
}

// bySending orders facts by when their request was sent, or their line was written. At one moment, work was before what
// was said of it, and a commit before the end of its transaction.
func bySending(a, b journal.Fact) int {
	at := func(f journal.Fact) time.Duration {
		if f.Request != nil {
			return f.Request.Sent
		}
		return f.At
	}
	rank := func(f journal.Fact) int {
		return map[journal.Kind]int{journal.Processed: 0, journal.GroupCommit: 1, journal.Transacted: 2}[f.Kind]
	}
	return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(rank(a), rank(b)))
}
