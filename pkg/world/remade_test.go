package world

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// again deletes the topic and makes it anew, as a program does that nobody sees.
func (t *Topic) again(test *testing.T, partitions int32) {
	test.Helper()
	admin := t.world.Admin()
	if _, err := admin.DeleteTopic(test.Context(), t.Physical); err != nil {
		test.Fatal(err)
	}
	if _, err := admin.CreateTopic(test.Context(), partitions, 1, nil, t.Physical); err != nil {
		test.Fatal(err)
	}
}

func processed(offset int64) journal.Fact {
	return journal.Fact{Kind: journal.Processed, Source: journal.SourceKafkaspec, App: "reader", Topic: "orders",
		Offset: offset}
}

// A topic that was made again is read from its own beginning, with its own partitions.
func TestATopicThatWasMadeAgain(t *testing.T) {
	topic, ctx := newTopic(t), t.Context()
	topic.put(t, "v0", "v1", "v2")
	if n, err := topic.Count(ctx); err != nil || n != 3 {
		t.Fatalf("got %d records and %v, want 3", n, err)
	}
	topic.again(t, 2)
	if n, err := topic.Count(ctx); err != nil || n != 0 || topic.Partitions != 2 {
		t.Errorf("got %d records of %d partitions and %v, want none of 2", n, topic.Partitions, err)
	}
	topic.again(t, 1)
	topic.put(t, "w0")
	in, gone := look(t, topic)
	if len(in) != 1 || len(gone) > 0 || len(topic.earlier) != 2 {
		t.Errorf("got %v in the log, %v gone and %d topics before, want offset 0, none and 2", in, gone, len(topic.earlier))
	}
}

// Only what was committed since counts. Who committed is not known where nobody was seen to.
func TestCommitsOfTheTopicBefore(t *testing.T) {
	topic, ctx := newTopic(t), t.Context()
	group, commit := topic.world.Group("shipping"), kadm.Offsets{}
	topic.put(t, "v0", "v1")
	topic.again(t, 1)
	topic.put(t, "w0", "w1")
	commit.AddOffset(topic.Physical, 0, 2, -1)
	if _, err := topic.world.Admin().CommitOffsets(ctx, group.Physical(), commit); err != nil {
		t.Fatal(err)
	}
	if err := group.NoLag(ctx, topic); !errors.Is(err, verdict.ErrInconclusive) {
		t.Errorf("nobody seen: got %v, want it to be inconclusive", err)
	}
	fact := journal.Fact{Kind: journal.GroupCommit, Source: journal.SourceWire, Group: "shipping", Topic: "orders",
		Offset: 2}
	topic.world.Journal.Add(fact)
	if err := group.NoLag(ctx, topic); err != nil {
		t.Errorf("committed since: got %v, want no lag", err)
	}
	topic.again(t, 1)
	topic.put(t, "x0", "x1")
	if err := group.NoLag(ctx, topic); err == nil || errors.Is(err, verdict.ErrInconclusive) {
		t.Errorf("committed before: got %v, want it to be behind", err)
	}
}

// What was acknowledged before is lost unless it was processed by then, or set aside.
func TestRecordsOfTheTopicBefore(t *testing.T) {
	for name, c := range map[string]struct {
		before, since []int64 // offsets that were processed
		aside         int64
		want          string // in the error; empty: none
	}{
		"all processed":             {[]int64{0, 1}, nil, -1, ""},
		"one set aside":             {[]int64{0}, nil, 1, ""},
		"none processed":            {nil, nil, -1, "never processed: partition 0 offset 0, partition 0 offset 1"},
		"only those of the new one": {nil, []int64{0, 1}, -1, "2 records of the one before were never processed"},
		"one perhaps late":          {[]int64{0}, []int64{0, 1, 1}, -1, "may be of either"},
	} {
		t.Run(name, func(t *testing.T) {
			topic, ctx := newTopic(t), t.Context()
			w := topic.world
			w.applications = map[string]*Application{"reader": {Name: "reader", Inputs: []string{"orders"}, world: w,
				Running: &app.App{}}}
			defer func() { w.applications = nil }() // there is none to be ended
			topic.put(t, "v0", "v1")
			for _, o := range c.before {
				w.Journal.Add(processed(o))
			}
			if _, err := topic.Count(ctx); err != nil {
				t.Fatal(err)
			}
			topic.again(t, 1)
			topic.put(t, "w0", "w1")
			for _, o := range c.since {
				w.Journal.Add(processed(o))
			}
			if err := topic.ScanKnown(ctx, func(*record.Record) {}, func(*record.Record, verdict.Cleaned) {}); err != nil {
				t.Fatal(err)
			}
			err := topic.EarlierDone(ctx, "reader", func(f *journal.Fact) bool { return f.App == "reader" },
				func(_ int32, o int64) bool { return o == c.aside })
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Where nobody was seen to make it again, what was said about then may be of either.
func TestNobodyWasSeenToMakeItAgain(t *testing.T) {
	topic, ctx := newTopic(t), t.Context()
	topic.put(t, "v0")
	topic.again(t, 1)
	topic.world.Journal.Add(processed(0))
	err := topic.ScanKnown(ctx, func(*record.Record) {}, func(*record.Record, verdict.Cleaned) {})
	if !errors.Is(err, verdict.ErrInconclusive) || !strings.Contains(err.Error(), "nobody was seen") {
		t.Errorf("got %v, want it to be inconclusive", err)
	}
}

// Where it was made again several times between two looks, a broker may tell the id of one between for a while: that is
// no other topic again.
func TestABrokerTellsOfATopicBetween(t *testing.T) {
	topic, ctx := newTopic(t), t.Context()
	told := topic.ID
	between := func(skipped time.Time) int {
		topic.ID, topic.earlier, topic.skipped = [16]byte{1}, []life{{id: [16]byte{2}}, {}}, skipped
		if err := topic.identify(ctx); err != nil || topic.ID != told {
			t.Errorf("got %v and id %v, want %v", err, topic.ID, told)
		}
		return len(topic.earlier)
	}
	if got := between(time.Now()); got != 2 {
		t.Errorf("a moment later: got %d topics before, want 2", got)
	}
	if got := between(time.Now().Add(-identifyWithin)); got != 3 {
		t.Errorf("long after: got %d topics before, want 3", got)
	}
	topic.world.Journal.Add(journal.Fact{Kind: journal.TopicMade, App: "a", Topic: "orders", Partition: -1, Offset: -1,
		Request: &journal.Request{}})
	if got := between(time.Now()); got != 3 {
		t.Errorf("made again since: got %d topics before, want 3", got)
	}
}

// metadataAsked counts the Metadata requests of a client.
type metadataAsked struct{ atomic.Int32 }

func (m *metadataAsked) OnBrokerWrite(_ kgo.BrokerMetadata, key int16, _ int, _, _ time.Duration, _ error) {
	if key == kmsg.Metadata.Int16() {
		m.Add(1)
	}
}

// Each broker is asked once, also the one that tells which brokers there are.
func TestEachBrokerIsAskedOnceWhichTopicItIs(t *testing.T) {
	const brokers = 3
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(t.Context(), cluster.Needs{Brokers: brokers})
	if err != nil {
		t.Fatal(err)
	}
	topic, asked := topicIn(t, Options{Session: session}), &metadataAsked{}
	client, err := session.Client(kgo.WithHooks(asked))
	if err != nil {
		t.Fatal(err)
	}
	topic.world.client.Client = client // the session closes the one that was there
	for range 2 * brokers {
		asked.Store(0)
		if err := topic.identifyEverywhere(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := asked.Load(); got != brokers {
			t.Errorf("got %d requests, want one for each of %d brokers", got, brokers)
		}
	}
}
