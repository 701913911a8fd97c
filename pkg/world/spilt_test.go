package world

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Of batches whose facts are not kept the offsets are known, if their transaction was committed; those of a topic that
// was made again since are the old one's.
func TestBatchesWithoutAFact(t *testing.T) {
	w := &World{Journal: journal.New()}
	topic := w.addTopic("orders", "orders", 1)
	answered := func(api string, at int) *journal.Request {
		return &journal.Request{API: api, Outcome: journal.Answered, Sent: 1, Answered: 2, Correlation: int32(at)}
	}
	next := int64(0)
	write := func(transaction string) {
		w.observe(journal.Fact{Kind: journal.ProduceAttempt, App: "a", Topic: "orders", Offset: next, Count: 1,
			Request: answered("Produce", int(next)), Detail: &journal.Attempt{TransactionalID: transaction}})
		next++
	}
	end := func(commit bool) {
		w.observe(journal.Fact{Kind: journal.Transacted, App: "a", Partition: -1, Offset: -1, Request: answered("EndTxn", 0),
			Detail: &journal.Transaction{TransactionalID: "x", Commit: commit}})
		next++ // its marker
	}
	for range firstSeen + 5 {
		write("")
	}
	write("x") // 1005
	end(true)
	write("x") // 1007
	end(false)
	write("x") // 1009, open
	known, taken := topic.known(), topic.taken()
	for offset, want := range map[int64][2]bool{0: {true, true}, 1004: {true, true}, 1005: {true, true},
		1006: {false, true}, 1007: {false, true}, 1008: {false, true}, 1009: {false, true}, 1011: {false, false}} {
		if got := [2]bool{known.has(place{0, offset}), taken.has(place{0, offset})}; got != want {
			t.Errorf("offset %d: got known and taken %v, want %v", offset, got, want)
		}
	}
	w.observe(journal.Fact{Kind: journal.TopicMade, App: "a", Topic: "orders", Partition: -1, Offset: -1,
		Request: answered("CreateTopics", 0)})
	since := cursor{}
	if w.spilt.of("orders", since); len(since[0]) > 0 {
		t.Errorf("got %v of the topic made again, want nothing", since)
	}
	before := cursor{}
	if w.spilt.earlier("orders", 1, before); !before.has(place{0, 1004}) || before.has(place{0, 1007}) {
		t.Errorf("got %v of the topic before, want offset 1004 and not 1007", before)
	}
}

// How a transaction ended is kept where something of it is, however many there are.
func TestEndsOfTransactionsThatAreKept(t *testing.T) {
	w := &World{Journal: journal.New(), options: Options{Needs: Needs{Members: true}}}
	request := &journal.Request{API: "EndTxn", Outcome: journal.Answered}
	for range 2 * firstSeen {
		w.observe(journal.Fact{Kind: journal.GroupCommit, App: "a", Topic: "orders", Request: request,
			Detail: &journal.Commit{TransactionalID: "x"}})
		w.observe(journal.Fact{Kind: journal.Transacted, App: "a", Request: request,
			Detail: &journal.Transaction{TransactionalID: "x", Commit: true}})
	}
	count := 0
	w.InForce(func(f *journal.Fact) bool { return f.Kind == journal.GroupCommit }, func(_, _ *journal.Fact) { count++ })
	if count != 2*firstSeen {
		t.Errorf("got %d commits in force, want %d", count, 2*firstSeen)
	}
}
