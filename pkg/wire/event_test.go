package wire

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// recorder keeps all events.
type recorder struct {
	mu     sync.Mutex
	events []journal.Fact
}

func (r *recorder) observe(e journal.Fact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *recorder) all() []journal.Fact {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// of are the events with a detail of this type.
func of[D journal.Detail](events []journal.Fact) (found []journal.Fact, details []D) {
	for _, e := range events {
		if d, ok := e.Detail.(D); ok {
			found, details = append(found, e), append(details, d)
		}
	}
	return found, details
}

// notes are what could not be read.
func notes(facts []journal.Fact) []journal.Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f journal.Fact) bool { return f.Kind != journal.Note })
}

// sees waits until the events satisfy a condition.
func (r *recorder) sees(ctx context.Context, t testing.TB, what string, condition func([]journal.Fact) bool) {
	t.Helper()
	err := await.Until(ctx, await.Options{Within: within, What: what}, func(context.Context) (bool, error) {
		return condition(r.all()), nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// suffixed is an Undo: physical names end in -ks.
type suffixed struct{}

func (suffixed) LogicalTopic(name string) (string, bool) { return strings.CutSuffix(name, "-ks") }
func (suffixed) LogicalGroup(name string) (string, bool) { return strings.CutSuffix(name, "-ks") }
func (suffixed) Undo(text string) string                 { return strings.ReplaceAll(text, "-ks", "") }

func TestProduceAttempts(t *testing.T) {
	cases := map[string]struct {
		options []kgo.Opt
		newest  *int16 // Produce version the broker offers
		want    journal.Attempt
		outcome journal.Outcome
	}{
		"idempotent": {
			want: journal.Attempt{Acks: -1, ProducerID: 0, Codec: "snappy"}, outcome: journal.Answered,
			options: []kgo.Opt{kgo.ProducerBatchCompression(kgo.SnappyCompression())},
		},
		"idempotent, without topic ids": {
			want: journal.Attempt{Acks: -1, ProducerID: 0, Codec: "none"}, outcome: journal.Answered, newest: ptr[int16](7),
			options: []kgo.Opt{kgo.ProducerBatchCompression(kgo.NoCompression())},
		},
		"acks 1": {
			want:    journal.Attempt{Acks: 1, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, Codec: "zstd"},
			outcome: journal.Answered,
			options: []kgo.Opt{kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite(),
				kgo.ProducerBatchCompression(kgo.ZstdCompression())},
		},
		"acks 0": {
			want:    journal.Attempt{Acks: 0, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, Codec: "lz4"},
			outcome: journal.Unanswered,
			options: []kgo.Opt{kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite(),
				kgo.ProducerBatchCompression(kgo.Lz4Compression())},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 1, kfake.SeedTopics(1, "orders-ks"))
			r := new(recorder)
			p := wired(t, c, Options{Observe: r.observe, Names: suffixed{}, Contents: true})
			if tc.newest != nil {
				tc.options = append(tc.options, kgo.MaxVersions(version(int16(kmsg.Produce), *tc.newest)))
			}
			ctx := deadline(t)
			value := []byte(strings.Repeat("x", 300))
			results := client(t, p, "app", tc.options...).ProduceSync(ctx, &kgo.Record{Topic: "orders-ks", Value: value})
			if err := results.FirstErr(); err != nil {
				t.Fatal(err)
			}
			r.sees(ctx, t, "one attempt", func(all []journal.Fact) bool {
				e, _ := of[*journal.Attempt](all)
				return len(e) == 1
			})
			events, attempts := of[*journal.Attempt](r.all())
			got, e := *attempts[0], events[0]
			if got.Bytes < batchHeader {
				t.Errorf("got %d bytes, want a batch", got.Bytes)
			}
			if tc.want.ProducerID == 0 && got.ProducerID > 0 {
				got.ProducerID = 0 // any
			}
			tc.want.Bytes = got.Bytes
			tc.want.Contents = []journal.Content{journal.ContentOf(nil, value)}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
			in := e.Request
			if e.App != "app" || in.ClientID != "app" || in.Broker != 0 || in.API != "Produce" || in.Outcome != tc.outcome ||
				e.Topic != "orders" || e.Count != 1 || in.Sent < 0 || in.Answered < in.Sent {
				t.Errorf("got %+v, want one of app, client app, at broker 0, %s", e, tc.outcome)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

func TestSequencesHaveNoGap(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(3, "orders"))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe})
	if err := client(t, p, "app", kgo.MaxBufferedRecords(100)).ProduceSync(deadline(t),
		numbered("orders", 3000)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	next, total := make(map[int32]int32), int32(0)
	facts, attempts := of[*journal.Attempt](r.all())
	for i, a := range attempts {
		partition, records := facts[i].Partition, int32(facts[i].Count)
		if a.FirstSequence != next[partition] {
			t.Errorf("partition %d: got sequence %d, want %d", partition, a.FirstSequence, next[partition])
		}
		next[partition] += records
		total += records
	}
	if total != 3000 {
		t.Errorf("got %d records in %d attempts, want 3000", total, len(attempts))
	}
}

func TestFetchesAndCommits(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders-ks"))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe, Names: suffixed{}})
	ctx := deadline(t)
	producer := client(t, p, "producer", kgo.TransactionalID("tx-ks"))
	if err := producer.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := producer.ProduceSync(ctx, numbered("orders-ks", 10)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := producer.EndTransaction(ctx, kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	consumer := client(t, p, "consumer", kgo.ConsumerGroup("shipping-ks"), kgo.ConsumeTopics("orders-ks"),
		kgo.DisableAutoCommit(),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))
	read(ctx, t, consumer, 10)
	if err := consumer.CommitUncommittedOffsets(ctx); err != nil {
		t.Fatal(err)
	}
	_, fetches := of[*journal.Fetch](r.all())
	filled := slices.IndexFunc(fetches, func(f *journal.Fetch) bool { return f.Bytes > 0 })
	if filled < 0 {
		t.Fatal("got no fetch with records, want one")
	}
	got := *fetches[filled]
	got.Bytes = 0
	want := journal.Fetch{HighWatermark: 11, LastStableOffset: 11, FirstOffset: 0, LastOffset: 10,
		ReadCommitted: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fetch: got +, want -:\n%s", diff)
	}
	facts, commits := of[*journal.Commit](r.all())
	if len(commits) != 1 {
		t.Fatalf("got %d commits, want 1", len(commits))
	}
	if f, c := facts[0], commits[0]; f.Group != "shipping" || f.Topic != "orders" || f.Offset != 10 || c.Member == "" ||
		c.Generation != 1 || c.Code != 0 {
		t.Errorf("got commit %+v, want offset 10 of orders by a member of shipping, generation 1", c)
	}
	events, transactions := of[*journal.Transaction](r.all())
	var seen []string
	for i, tx := range transactions {
		seen = append(seen, fmt.Sprint(events[i].Request.API, " ", tx.TransactionalID, " ", tx.Commit, " ", tx.Code))
	}
	wantSeen := []string{"InitProducerID tx false 0", "EndTxn tx true 0"}
	if !slices.Contains(seen, wantSeen[0]) || !slices.Contains(seen, wantSeen[1]) {
		t.Errorf("got transactions %q, want among them %q", seen, wantSeen)
	}
}

func TestClientsIntroduceThemselves(t *testing.T) {
	c := cluster(t, 1)
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe})
	app := client(t, p, "app", kgo.SoftwareNameAndVersion("shop", "v7"))
	if err := app.Ping(deadline(t)); err != nil {
		t.Fatal(err)
	}
	app.Close()
	r.sees(deadline(t), t, "the connection to close", func(all []journal.Fact) bool {
		_, changes := of[*journal.Connection](all)
		return len(changes) >= 2 && !changes[len(changes)-1].Open
	})
	_, software := of[*journal.Client](r.all())
	if len(software) == 0 || software[0].Name != "shop" || software[0].Version != "v7" {
		t.Errorf("got %+v, want shop v7", software)
	}
	_, changes := of[*journal.Connection](r.all())
	if !changes[0].Open || changes[0].Address != c.ListenAddrs()[0] {
		t.Errorf("got %+v, want a connection to %s", changes[0], c.ListenAddrs()[0])
	}
}

// A topic that an application made or deleted is told, and none that was refused, only tried out, or not there.
func TestTopicsThatAreMade(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "there-ks"))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe, Names: suffixed{}})
	admin := kadm.NewClient(client(t, p, "app"))
	ctx := deadline(t)
	if _, err := admin.ValidateCreateTopics(ctx, 2, 1, nil, "tried-ks"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreateTopics(ctx, 3, 1, nil, "made-ks", "there-ks"); err != nil {
		t.Fatal(err)
	}
	var made []journal.Fact
	r.sees(ctx, t, "a topic that was made", func(all []journal.Fact) bool {
		made = slices.DeleteFunc(all, func(f journal.Fact) bool { return f.Kind != journal.TopicMade })
		return len(made) > 0
	})
	if f := made[0]; len(made) != 1 || f.Topic != "made" || f.Count != 3 || f.App != "app" || f.Error != "" {
		t.Errorf("got %+v, want the topic made with 3 partitions by app", made)
	}
	if _, err := admin.DeleteTopics(ctx, "made-ks", "missing-ks"); err != nil {
		t.Fatal(err)
	}
	var deleted []journal.Fact
	r.sees(ctx, t, "a topic that was deleted", func(all []journal.Fact) bool {
		deleted = slices.DeleteFunc(all, func(f journal.Fact) bool { return f.Kind != journal.TopicDeleted })
		return len(deleted) > 0
	})
	if f := deleted[0]; len(deleted) != 1 || f.Topic != "made" || f.App != "app" {
		t.Errorf("got %+v, want made, and no topic that was not there", deleted)
	}
}

func TestUnansweredBecauseCut(t *testing.T) {
	r := new(recorder)
	application := server(t, r.observe, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 100)) })
	frame := kmsg.NewRequestFormatter().AppendRequest(nil, kmsg.NewPtrHeartbeatRequest(), 7)
	if _, err := application.Write(frame); err != nil {
		t.Fatal(err)
	}
	r.sees(deadline(t), t, "a heartbeat that was cut", func(all []journal.Fact) bool {
		events, _ := of[*journal.Membership](all)
		return len(events) == 1 && events[0].Request.Outcome == journal.Cut
	})
}

func TestWhatCannotBeReadIsNoted(t *testing.T) {
	r := new(recorder)
	application := server(t, r.observe, echo)
	garbled := []byte{0, 0, 0, 16, 0, 12, 0, 4, 0, 0, 0, 44, 0, 1, 'a', 0, 0xff, 0xff, 1, 2} // Heartbeat 4
	newer := []byte{0, 0, 0, 11, 0, 0, 0, 99, 0, 0, 0, 45, 0, 1, 'a'}                        // Produce 99
	if _, err := application.Write(append(garbled, newer...)); err != nil {
		t.Fatal(err)
	}
	r.sees(deadline(t), t, "two notes", func(all []journal.Fact) bool { return len(notes(all)) >= 2 })
}
