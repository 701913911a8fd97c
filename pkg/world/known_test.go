package world

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// look is what a look at the one partition of a topic tells: which offsets are in the log, and which are gone with
// which value.
func look(t *testing.T, topic *Topic) (in []int64, gone map[int64]string) {
	t.Helper()
	gone = map[int64]string{}
	if err := topic.ScanKnown(t.Context(), func(r *record.Record) { in = append(in, r.Offset) },
		However(func(r *record.Record) { gone[r.Offset] = string(r.Value) })); err != nil {
		t.Fatal(err)
	}
	return in, gone
}

func newTopic(t *testing.T) *Topic {
	t.Helper()
	ctx := context.Background()
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(ctx, cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	return topicIn(t, Options{Session: session})
}

// topicIn makes a world that ends with the test, with the topic "orders" of one partition.
func topicIn(t *testing.T, o Options) *Topic {
	t.Helper()
	ctx := context.Background()
	w, err := New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := w.CreateTopic(ctx, "orders", 1, -1, Settings{}); err != nil {
		t.Fatal(err)
	}
	return w.topics["orders"]
}

func (t *Topic) put(test *testing.T, values ...string) {
	test.Helper()
	var records []record.Record
	for _, v := range values {
		records = append(records, record.Record{Partition: 0, Offset: -1, Key: []byte("a"), Value: []byte(v)})
	}
	if err := t.Send(test.Context(), records); err != nil {
		test.Fatal(err)
	}
}

// cut deletes the records before an offset, as retention does.
func (t *Topic) cut(test *testing.T, before int64) {
	test.Helper()
	var offsets kadm.Offsets
	offsets.AddOffset(t.Physical, 0, before, -1)
	if _, err := t.world.Admin().DeleteRecords(test.Context(), offsets); err != nil {
		test.Fatal(err)
	}
}

func TestScanKnownTellsWhatIsGone(t *testing.T) {
	topic := newTopic(t)
	if in, gone := look(t, topic); len(in)+len(gone) > 0 {
		t.Fatalf("got %v and %v of an empty topic, want nothing", in, gone)
	}
	topic.put(t, "v0", "v1", "v2", "v3")
	if in, gone := look(t, topic); len(in) != 4 || len(gone) > 0 {
		t.Fatalf("got %v and %v, want 4 records", in, gone)
	}
	topic.cut(t, 3)
	in, gone := look(t, topic)
	if diff := cmp.Diff(map[int64]string{0: "v0", 1: "v1", 2: "v2"}, gone); diff != "" || !slices.Equal(in, []int64{3}) {
		t.Errorf("got %v in the log and gone (-want +got):\n%s", in, diff)
	}
}

// A record is known to have been in the log until the last time that the log was seen to begin before it.
func TestUntilWhenARecordWasThere(t *testing.T) {
	topic := newTopic(t)
	topic.put(t, "v0", "v1", "v2")
	until := func() map[int64]time.Duration {
		all := map[int64]time.Duration{}
		if err := topic.ScanKnown(t.Context(), func(*record.Record) {}, func(r *record.Record, how verdict.Cleaned) {
			all[r.Offset] = how.Until
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	topic.cut(t, 1)
	if got := until(); !maps.Equal(got, map[int64]time.Duration{0: 0}) {
		t.Errorf("got %v of a log that nobody had seen before, want 0: 0", got)
	}
	until()
	seen := topic.world.Journal.Since(time.Now())
	topic.cut(t, 2)
	if got := until(); got[0] != 0 || got[1] == 0 || got[1] > seen || len(got) != 2 {
		t.Errorf("got %v, want nothing known of 0, and of 1 the last look before %v", got, seen)
	}
}

// What was aborted was never in the topic, and what was deleted before anybody read is what the scenario began with.
func TestScanKnownLeavesOutWhatNeverWas(t *testing.T) {
	topic, ctx := newTopic(t), t.Context()
	for _, commit := range []bool{false, true} { // offsets 0 and 1, a marker, 3 and 4, a marker
		if err := topic.OpenTransaction(ctx, 0, 2); err != nil {
			t.Fatal(err)
		}
		if err := topic.world.EndTransaction(ctx, commit); err != nil {
			t.Fatal(err)
		}
	}
	topic.put(t, "v6")
	topic.cut(t, 4)
	in, gone := look(t, topic)
	if !slices.Equal(in, []int64{4, 6}) || !maps.Equal(gone, map[int64]string{3: "1"}) {
		t.Errorf("got %v in the log and %v gone, want 4 and 6, and 3", in, gone)
	}
	topic.world.applications = map[string]*Application{"idle": {Inputs: []string{"orders"}}}
	topic.Deleted(0, 4)
	if _, gone := look(t, topic); len(gone) > 0 {
		t.Errorf("got %v gone before anybody was started, want none", gone)
	}
	topic.cut(t, 6)
	topic.world.applications["reader"] = &Application{Inputs: []string{"orders"}, Running: &app.App{}}
	topic.Deleted(0, 6)
	_, gone = look(t, topic)
	topic.world.applications = nil
	if !maps.Equal(gone, map[int64]string{4: "2"}) {
		t.Errorf("got %v gone, want 4", gone)
	}
}

// What applications had acknowledged is known from the wire: not what failed, and of a transaction only what was
// committed.
func TestWrittenByApplications(t *testing.T) {
	w := &World{Journal: journal.New()}
	attempt := func(offset int64, id string, code int16) {
		w.Journal.Add(journal.Fact{Kind: journal.ProduceAttempt, Topic: "orders", Offset: offset, Count: 2,
			Request: &journal.Request{API: "Produce", Outcome: journal.Answered},
			Detail:  &journal.Attempt{TransactionalID: id, Code: code}})
	}
	end := func(api, id string, commit bool) {
		w.Journal.Add(journal.Fact{Kind: journal.Transacted, Partition: -1, Offset: -1,
			Request: &journal.Request{API: api, Outcome: journal.Answered},
			Detail:  &journal.Transaction{TransactionalID: id, Commit: commit}})
	}
	attempt(0, "", 0)
	attempt(2, "", 10)
	attempt(10, "t", 0)
	end("AddPartitionsToTxn", "t", false)
	attempt(12, "t", 0)
	end("EndTxn", "t", true)
	attempt(20, "t", 0)
	end("EndTxn", "t", false)
	attempt(30, "t", 0)
	end("InitProducerID", "t", false)
	attempt(40, "t", 0)
	var got []int64
	w.written("orders", func(f *journal.Fact) { got = append(got, f.Offset) })
	if !slices.Equal(got, []int64{0, 10, 12}) {
		t.Errorf("got batches at %v, want 0, 10, 12", got)
	}
	w.written("others", func(f *journal.Fact) { t.Errorf("got %v of another topic", f) })
}

// Commits count when the end of their transaction was sent, whichever answer came first. What a producer left behind
// that begins anew never counts.
func TestInForceAsSent(t *testing.T) {
	w := &World{Journal: journal.New()}
	sent := func(at time.Duration, api, id string, offset int64) {
		request := &journal.Request{API: api, Sent: at, Outcome: journal.Answered}
		if api == "TxnOffsetCommit" {
			w.Journal.Add(journal.Fact{Kind: journal.GroupCommit, Topic: "orders", Offset: offset, Request: request,
				Detail: &journal.Commit{TransactionalID: id}})
			return
		}
		w.Journal.Add(journal.Fact{Kind: journal.Transacted, Partition: -1, Offset: -1, Request: request,
			Detail: &journal.Transaction{TransactionalID: id, Commit: api == "EndTxn"}})
	}
	sent(1, "TxnOffsetCommit", "left", 9)
	sent(2, "InitProducerID", "left", 0)
	sent(5, "EndTxn", "t", 0) // answered before the other, sent after it
	sent(4, "TxnOffsetCommit", "t", 3)
	sent(6, "TxnOffsetCommit", "left", 4)
	sent(7, "EndTxn", "left", 0)
	sent(8, "TxnOffsetCommit", "open", 8)
	var got []int64
	w.InForceAsSent(func(f *journal.Fact) bool { return f.Kind == journal.GroupCommit },
		func(f, _ *journal.Fact) { got = append(got, f.Offset) })
	if !slices.Equal(got, []int64{3, 4}) {
		t.Errorf("got commits of %v in force, want 3, 4", got)
	}
}

func TestScanAllNeedsTheContentOfWhatIsGone(t *testing.T) {
	topic := newTopic(t)
	topic.put(t, "v0", "v1", "v2")
	topic.cut(t, 2)
	var gone []string
	feed := Feed{Topic: topic, See: func(*record.Record) {},
		Gone: func(r *record.Record) { gone = append(gone, string(r.Value)) }}
	if err := ScanAll(t.Context(), feed); err != nil || !slices.Equal(gone, []string{"v0", "v1"}) {
		t.Errorf("got %v (%v) gone, want v0 and v1", gone, err)
	}
	delete(topic.sent.content, place{0, 1})
	if err := ScanAll(t.Context(), feed); !errors.Is(err, verdict.ErrInconclusive) {
		t.Errorf("got %v without the content of one, want that to be inconclusive", err)
	}
}
