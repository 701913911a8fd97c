package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// OpenTransaction is one that keeps the last stable offset of a partition below the high watermark.
type OpenTransaction struct {
	Topic           string
	Partition       int32
	First, End      int64 // of its records the first offset, and the high watermark
	ProducerID      int64 // -1: not known
	TransactionalID string
	Overdue         time.Duration // since it should have been aborted by its timeout; not above 0 while it may be open
}

// Result is inconclusive while the transaction may be open, and a finding once it hangs.
func (o OpenTransaction) Result() Result {
	var found collector
	who := fmt.Sprintf("a transaction of producer id %d", o.ProducerID)
	if o.TransactionalID != "" {
		who += fmt.Sprintf(" (transactional id %q)", o.TransactionalID)
	}
	if o.Overdue > 0 {
		found.add(Finding{Kind: HangingTransaction, Topic: o.Topic, Partition: o.Partition, Offset: o.First},
			"%s is open though its timeout is over since %v, and the log ends at %d", who,
			o.Overdue.Round(time.Millisecond), o.End)
	}
	return found.pronounce("transactions in "+o.Topic, 0, fmt.Sprintf("%s is open on partition %d from offset %d, and "+
		"the log ends at %d: what is behind cannot be read yet", who, o.Partition, o.First, o.End))
}

// transaction is what a producer did between two ends. The end is that of its EndTxn that was answered, or the
// InitProducerId that came next, which aborts it: unless an EndTxn before it had no answer, when its end is not known.
type transaction struct {
	id      string
	batches []*journal.Fact
	offsets []*journal.Fact // that it has committed, also those whose request had no answer
	end     string          // committed, aborted; "" for one whose end is not known
	over    bool
}

// transactionsOf replays what producers said, which it sorts by the order of sending. Facts without a request are none.
func transactionsOf(facts []*journal.Fact) (all []*transaction) {
	slices.SortStableFunc(facts, func(a, b *journal.Fact) int {
		return cmp.Compare(sentAt(a), sentAt(b))
	})
	open := map[string]*transaction{}
	of := func(id string) *transaction {
		if open[id] == nil {
			open[id] = &transaction{id: id}
			all = append(all, open[id])
		}
		return open[id]
	}
	asked := map[string]bool{} // an EndTxn had no answer that says what it did
	for _, f := range facts {
		switch d := f.Detail.(type) {
		case *journal.Attempt:
			if d.TransactionalID != "" && OutcomeOf(f) == Written && f.Offset >= 0 && f.Count > 0 {
				t := of(d.TransactionalID)
				t.batches = append(t.batches, f)
			}
		case *journal.Commit:
			if d.TransactionalID != "" && d.Code == 0 {
				t := of(d.TransactionalID)
				t.offsets = append(t.offsets, f)
			}
		case *journal.Transaction:
			ends := f.Request.API == "EndTxn" || f.Request.API == "InitProducerID"
			if !ends || d.TransactionalID == "" {
				continue
			}
			answered := f.Request.Outcome == journal.Answered && d.Code == 0
			t := of(d.TransactionalID)
			switch {
			case !answered:
				asked[t.id] = asked[t.id] || f.Request.API == "EndTxn" && d.Commit
				continue
			case f.Request.API == "EndTxn" && d.Commit:
				t.end = "committed"
			case !asked[t.id]:
				t.end = "aborted"
			}
			t.over = true
			delete(open, t.id)
			delete(asked, t.id)
		}
	}
	return all
}

func sentAt(f *journal.Fact) time.Duration { return f.Request.Sent }
