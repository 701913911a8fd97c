package membership_test

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// What a transaction commits for a group is in force once the transaction is committed, and never where it is not.
func TestCommitsInTransactions(t *testing.T) {
	commits := func(id string) journal.Fact {
		return journal.Fact{Kind: journal.GroupCommit, App: "a", Group: "g", Topic: "orders", Offset: 5,
			Request: &journal.Request{API: "TxnOffsetCommit", Sent: 1, Answered: 2, Outcome: journal.Answered},
			Detail:  &journal.Commit{TransactionalID: id}}
	}
	refused := commits("tx")
	refused.Error = "ILLEGAL_GENERATION"
	ends := func(api string, commit bool, outcome journal.Outcome, code int16) journal.Fact {
		return journal.Fact{Kind: journal.Transacted, App: "a",
			Request: &journal.Request{API: api, Sent: 3, Answered: 4, Outcome: outcome},
			Detail:  &journal.Transaction{TransactionalID: "tx", Commit: commit, Code: code}}
	}
	for _, c := range []struct {
		name           string
		facts          []journal.Fact
		taken, unknown bool
	}{
		{"committed", []journal.Fact{commits("tx"), ends("EndTxn", true, journal.Answered, 0)}, true, false},
		{"aborted", []journal.Fact{commits("tx"), ends("EndTxn", false, journal.Answered, 0)}, false, false},
		{"open", []journal.Fact{commits("tx")}, false, true},
		{"begun anew", []journal.Fact{commits("tx"), ends("InitProducerID", false, journal.Answered, 0)}, false, false},
		{"end without an answer", []journal.Fact{commits("tx"), ends("EndTxn", true, journal.Cut, 0)}, false, true},
		{"end said again", []journal.Fact{commits("tx"), ends("EndTxn", true, journal.Cut, 0),
			ends("EndTxn", true, journal.Answered, 0)}, true, false},
		{"end refused", []journal.Fact{commits("tx"), ends("EndTxn", true, journal.Answered, 47)}, false, true},
		{"end of another one", []journal.Fact{commits("other"), ends("EndTxn", true, journal.Answered, 0)}, false, true},
		{"refused", []journal.Fact{refused, ends("EndTxn", true, journal.Answered, 0)}, false, false},
		{"in none", []journal.Fact{commits("")}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := membership.Of(c.facts, "g", "orders", func(string) bool { return true })
			if len(h.Commits[0]) != 1 {
				t.Fatalf("got %d commits, want 1", len(h.Commits[0]))
			}
			got := h.Commits[0][0]
			if got.Taken != c.taken || got.Unknown != c.unknown {
				t.Errorf("got taken %v and unknown %v, want %v and %v", got.Taken, got.Unknown, c.taken, c.unknown)
			}
			if got.Taken && c.facts[0].Detail.(*journal.Commit).TransactionalID != "" && got.Answered != 4 {
				t.Errorf("got it in force at %d, want at the end of the transaction", got.Answered)
			}
		})
	}
}
