package verdict

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// commit is one of offsets, in the transaction or outside of any.
func (w *tornWorld) commit(group, transactionalID string, offset int64, outcome journal.Outcome) {
	f := &journal.Fact{Kind: journal.GroupCommit, Group: group, Topic: "readings", Offset: offset,
		Detail: &journal.Commit{TransactionalID: transactionalID}, Request: w.request("TxnOffsetCommit", outcome)}
	if outcome != journal.Answered {
		f.Error = "no answer"
	}
	w.facts = append(w.facts, f)
}

// writePlain writes records outside of any transaction.
func (w *tornWorld) writePlain(at spotOf, records int64, outcome journal.Outcome) {
	w.write(at, records)
	f := w.facts[len(w.facts)-1]
	f.Detail, f.Request = &journal.Attempt{Acks: -1}, w.request("Produce", outcome)
}

func (w *tornWorld) judgeOffsets() Result {
	j := NewTransactedOffsets("shipping", "g", "invoices")
	for _, f := range slices.Backward(w.facts) {
		j.Fact(f)
	}
	return j.Result()
}

// wrote is true where records of a topic were written in a transaction.
func (w *tornWorld) wrote(topic string) bool {
	return slices.ContainsFunc(w.facts, func(f *journal.Fact) bool {
		a, ok := f.Detail.(*journal.Attempt)
		return ok && f.Topic == topic && a.TransactionalID != ""
	})
}

// In random transactions with their offsets exactly the one without them is found, and the commit and the writes to
// outputs outside of any. Where others have both, nothing is said of what never is in one.
func TestOffsetsOutsideTransactionsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, orders := newTornWorld(), spotOf{"orders", 0}
		transactions := rapid.IntRange(1, 6).Draw(t, "transactions")
		without := rapid.IntRange(0, transactions-1).Draw(t, "without offsets")
		plain := rapid.IntRange(0, transactions-1).Draw(t, "before a plain commit")
		plant := rapid.Bool().Draw(t, "it is planted")
		var want, outside, beside []Finding
		for i := range transactions {
			first, records := w.next[orders], rapid.Int64Range(1, 3).Draw(t, "records")
			how := rapid.SampledFrom([]string{"committed", "committed at last", "aborted", "only offsets"}).Draw(t, "how")
			if how != "only offsets" {
				w.write(orders, records)
			}
			switch {
			case !plant || i != without:
				answer := rapid.SampledFrom([]journal.Outcome{journal.Answered, journal.Cut}).Draw(t, "answer")
				w.commit("g", "t", int64(i+1), answer)
			case how == "committed", how == "committed at last":
				want = append(want, Finding{Kind: OffsetsElsewhere, Topic: "orders", Offset: first, Count: records})
			}
			if how == "committed at last" {
				w.end("EndTxn", true, journal.Cut)
			}
			w.end("EndTxn", how != "aborted", journal.Answered)
			if plant && i == plain {
				w.commit("g", "", int64(i+1), journal.Answered)
				outside = []Finding{{Kind: OffsetsElsewhere, Topic: "readings", Offset: int64(i + 1), Count: 1}}
			}
			if plant && i == plain {
				for _, topic := range []string{"invoices", "orders", "metrics"} {
					at := spotOf{topic, 0}
					if topic != "metrics" {
						beside = append(beside, Finding{Kind: OffsetsElsewhere, Topic: topic, Offset: w.next[at], Count: 2})
					}
					w.writePlain(at, 2, journal.Answered)
					w.writePlain(at, 2, journal.Cut) // it may not have been written
				}
			}
			w.commit("another", "", int64(i+1), journal.Answered)
			w.commit("g", "", int64(i+1), journal.Cut) // it may not have been done
		}
		both, unsure := w.wroteBoth(), false
		if both && len(want) > 0 {
			want, unsure = nil, true
		}
		for _, f := range beside {
			switch {
			case f.Topic == "invoices" && both:
				unsure = true
			case f.Topic == "invoices" || w.wrote("orders"):
				want = append(want, f)
			}
		}
		want = append(want, outside...)
		slices.SortStableFunc(want, func(a, b Finding) int { return a.place().compare(b.place()) })
		if r := w.judgeOffsets(); len(want) > 0 || w.wroteCommitted() && !unsure {
			wantFindings(t, r, want...)
		} else if r.Outcome != Inconclusive {
			t.Fatalf("got %s, want inconclusive: no transaction with records was committed, or it is not known why one has "+
				"no offsets", r.Outcome)
		}
	})
}

// wroteCommitted is true where a transaction that has written records was committed.
func (w *tornWorld) wroteCommitted() bool {
	return slices.ContainsFunc(transactionsOf(slices.Clone(w.facts)), func(t *transaction) bool {
		return t.end == "committed" && len(t.batches) > 0
	})
}

// wroteBoth is true where a transaction with records and offsets was committed.
func (w *tornWorld) wroteBoth() bool {
	return slices.ContainsFunc(transactionsOf(slices.Clone(w.facts)), func(t *transaction) bool {
		return t.end == "committed" && len(t.batches) > 0 && len(t.offsets) > 0
	})
}

// A commit of a topic of which no transaction has offsets is not known to be of what the transactions are made of.
func TestOffsetsOfAnotherTopicAreUnsure(t *testing.T) {
	w := newTornWorld()
	w.write(spotOf{"orders", 0}, 1)
	w.commit("g", "t", 1, journal.Answered)
	w.end("EndTxn", true, journal.Answered)
	w.commit("g", "", 1, journal.Answered)
	w.facts[len(w.facts)-1].Topic = "settings"
	if r := w.judgeOffsets(); r.Outcome != Inconclusive || r.Judged != 1 {
		t.Errorf("got %s of %d transactions, want inconclusive of 1: %+v", r.Outcome, r.Judged, r)
	}
	w.facts[len(w.facts)-1].Topic = "readings"
	if r := w.judgeOffsets(); r.Outcome != Fail {
		t.Errorf("got %s, want fail: transactions have offsets of the same topic", r.Outcome)
	}
}
