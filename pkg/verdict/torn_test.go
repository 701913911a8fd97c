package verdict

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// tornWorld is what a producer said, and what can be read.
type tornWorld struct {
	now      time.Duration
	facts    []*journal.Fact
	next     map[spotOf]int64
	readable []record.Record
	unread   map[spotOf]int64 // what stands behind the last stable offset
	starts   map[spotOf]int64
}

type spotOf struct {
	topic     string
	partition int32
}

func newTornWorld() *tornWorld {
	return &tornWorld{next: map[spotOf]int64{}, unread: map[spotOf]int64{}, starts: map[spotOf]int64{}}
}

func (w *tornWorld) request(api string, outcome journal.Outcome) *journal.Request {
	w.now += time.Second
	return &journal.Request{API: api, Sent: w.now, Outcome: outcome}
}

// write is a batch in a transaction; what can be read of it is said apart.
func (w *tornWorld) write(at spotOf, records int64) (offsets []record.Record) {
	w.facts = append(w.facts, &journal.Fact{Kind: journal.ProduceAttempt, Topic: at.topic, Partition: at.partition,
		Offset: w.next[at], Count: records, Detail: &journal.Attempt{TransactionalID: "t", Acks: -1},
		Request: w.request("Produce", journal.Answered)})
	for range records {
		offsets = append(offsets, record.Record{Topic: at.topic, Partition: at.partition, Offset: w.next[at]})
		w.next[at]++
	}
	return offsets
}

func (w *tornWorld) end(api string, commit bool, outcome journal.Outcome) {
	w.facts = append(w.facts, &journal.Fact{Kind: journal.Transacted, Request: w.request(api, outcome),
		Detail: &journal.Transaction{TransactionalID: "t", Commit: commit}})
	for at := range w.next {
		w.next[at]++ // the marker
	}
}

func (w *tornWorld) judge() Result {
	j := NewTorn("shipping")
	for _, f := range slices.Backward(w.facts) {
		j.Fact(f)
	}
	for i := range w.readable {
		j.Readable(&w.readable[i])
	}
	for at, next := range w.next {
		j.Bounds(at.topic, at.partition, w.starts[at], next-w.unread[at], next, false)
	}
	return j.Result()
}

// In random transactions over topics and partitions exactly the one that is planted as torn is found.
func TestTornFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newTornWorld()
		type one struct {
			records []record.Record
			how     string
		}
		var all []one
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			o := one{how: rapid.SampledFrom([]string{"committed", "aborted", "unknown", "fenced"}).Draw(t, "how")}
			for range rapid.IntRange(2, 4).Draw(t, "batches") {
				at := spotOf{rapid.SampledFrom([]string{"orders", "parcels"}).Draw(t, "topic"),
					rapid.Int32Range(0, 1).Draw(t, "partition")}
				o.records = append(o.records, w.write(at, rapid.Int64Range(1, 3).Draw(t, "records"))...)
			}
			visible := o.how == "committed"
			switch o.how {
			case "committed":
				if rapid.Bool().Draw(t, "asked twice") {
					w.end("EndTxn", true, journal.Cut)
				}
				w.end("EndTxn", true, journal.Answered)
			case "aborted":
				w.end("EndTxn", false, journal.Answered)
			case "unknown":
				w.end("EndTxn", true, journal.Cut)
				w.end("InitProducerID", false, journal.Answered)
				visible = rapid.Bool().Draw(t, "it was committed")
			case "fenced":
				w.end("InitProducerID", false, journal.Answered)
			}
			if visible {
				w.readable = append(w.readable, o.records...)
			}
			all = append(all, o)
		}
		wantFindings(t, w.judge())

		o := rapid.SampledFrom(all).Draw(t, "torn")
		k := rapid.IntRange(0, len(o.records)-1).Draw(t, "which")
		lost := o.records[k]
		isLost := func(r record.Record) bool {
			return r.Topic == lost.Topic && r.Partition == lost.Partition && r.Offset == lost.Offset
		}
		at := Finding{Topic: lost.Topic, Partition: lost.Partition, Offset: lost.Offset, Count: 1, Kind: TornTransaction}
		if o.how == "aborted" || o.how == "fenced" {
			w.readable = append(w.readable, lost)
			at.Kind = AbortedRead
			wantFindings(t, w.judge(), at)
			return
		}
		if !slices.ContainsFunc(w.readable, isLost) {
			return
		}
		w.readable = slices.DeleteFunc(w.readable, isLost)
		wantFindings(t, w.judge(), at)
		spot := spotOf{lost.Topic, lost.Partition}
		w.starts[spot] = lost.Offset + 1 // retention took it
		wantFindings(t, w.judge())
		w.starts[spot], w.unread[spot] = 0, w.next[spot]-lost.Offset // another transaction is open before it
		w.readable = slices.DeleteFunc(w.readable, func(r record.Record) bool {
			return r.Topic == lost.Topic && r.Partition == lost.Partition && r.Offset > lost.Offset
		})
		if r := w.judge(); r.Outcome == Fail {
			t.Fatalf("got %v, want no finding", r.Err())
		}
	})
}

func TestTornTellsWhatHappened(t *testing.T) {
	w := newTornWorld()
	wantInconclusive(t, w.judge(), "nothing was judged: no record was seen to be written in a transaction; "+
		"have shipping write with a transactional.id and through kafkaspec's addresses, and commit what it writes")
	w.readable = w.write(spotOf{"orders", 0}, 2)
	w.write(spotOf{"parcels", 0}, 1)
	wantInconclusive(t, w.judge(), "nothing was judged: no transaction that wrote something was seen to end; "+
		"look once one has been committed or aborted")
	w.end("EndTxn", true, journal.Answered)
	want := `torn transaction: parcels partition 0 offset 0: the transaction of "t" was committed, and only 2 of 3 records ` +
		"can be read"
	if err := w.judge().Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	parcels := spotOf{"parcels", 0}
	w.next[parcels] = 0 // the log lost its tail: nothing is waited for
	if err := w.judge().Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("behind the end of the log: got %v, want %s", err, want)
	}
	if got := fmt.Sprint(func() []string {
		j := NewTorn("x")
		for _, f := range w.facts {
			j.Fact(f)
		}
		return j.Topics()
	}()); got != "[orders parcels]" {
		t.Errorf("got the topics %s, want orders and parcels", got)
	}
}
