package wire

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func add(t testing.TB, p *Proxy, r Rule) *Handle {
	t.Helper()
	h, err := p.Add(r)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestFaultsOfProducing(t *testing.T) {
	t.Parallel()
	notIdempotent := []kgo.Opt{kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MaxProduceRequestsInflightPerBroker(1)}
	type seen struct {
		outcome journal.Outcome
		code    int16
	}
	notLeader, timedOut := kerr.NotLeaderForPartition, kerr.RequestTimedOut
	intercepted, answered, cut := seen{journal.Intercepted, 0}, seen{journal.Answered, 0}, seen{journal.Cut, 0}
	rejected := seen{journal.Intercepted, notLeader.Code}
	cases := map[string]struct {
		action  Action
		times   int
		options []kgo.Opt
		seen    []seen // attempts, in order
		records int    // in the log
	}{
		"reject": {Reject(notLeader), 3, nil,
			[]seen{rejected, rejected, rejected, answered}, 1},
		"act then reject, idempotent": {ActThenReject(timedOut), 1, nil,
			[]seen{{journal.Answered, timedOut.Code}, answered}, 1},
		"act then reject, not idempotent": {ActThenReject(timedOut), 1, notIdempotent,
			[]seen{{journal.Answered, timedOut.Code}, answered}, 2},
		"cut before":                       {CutBefore(), 2, nil, []seen{intercepted, intercepted, answered}, 1},
		"lost acknowledgement, idempotent": {CutAfter(), 1, nil, []seen{cut, answered}, 1},
		"lost acknowledgement, duplicates": {CutAfter(), 1, notIdempotent, []seen{cut, answered}, 2},
		"permanent": {Reject(kerr.MessageTooLarge), 1, nil,
			[]seen{{journal.Intercepted, kerr.MessageTooLarge.Code}}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
			r := new(recorder)
			p := wired(t, c, Options{Observe: r.observe})
			ctx := deadline(t)
			producer := client(t, p, "app", tc.options...)
			rule := On("produce", tc.action)
			rule.App, rule.Topic, rule.Times = "app", "orders", tc.times
			h := add(t, p, rule)
			err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("v")}).FirstErr()
			if (err != nil) != (tc.records == 0) {
				t.Fatalf("got error %v, want one only if nothing is written", err)
			}
			if h.Fired() != tc.times {
				t.Errorf("got fired %d, want %d", h.Fired(), tc.times)
			}
			events, attempts := of[*journal.Attempt](r.all())
			var got []seen
			for i, a := range attempts {
				got = append(got, seen{events[i].Request.Outcome, a.Code})
				want := map[bool]string{true: "no answer"}[events[i].Request.Outcome != journal.Answered]
				if a.Code != 0 {
					want = errorName(a.Code)
				}
				if events[i].Error != want {
					t.Errorf("attempt %d: got error %q, want %q", i, events[i].Error, want)
				}
				if disturbed := events[i].Request.Fault != ""; disturbed != (i < tc.times) {
					t.Errorf("attempt %d: got fault %q, want one on the first %d", i, events[i].Request.Fault, tc.times)
				}
			}
			if !slices.Equal(got, tc.seen) {
				t.Errorf("got attempts %v, want %v", got, tc.seen)
			}
			if written := logged(ctx, t, c, "orders"); written != tc.records {
				t.Errorf("got %d records in the log, want %d", written, tc.records)
			}
			if _, faults := of[*journal.Fault](r.all()); len(faults) != tc.times {
				t.Errorf("got %d faults told, want %d", len(faults), tc.times)
			}
		})
	}
}

// logged is how many records a topic of one partition holds.
func logged(ctx context.Context, t testing.TB, c *kfake.Cluster, topic string) int {
	t.Helper()
	p := wired(t, c, Options{})
	if err := client(t, p, "end").ProduceSync(ctx, &kgo.Record{Topic: topic,
		Value: []byte("end")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	reader, n := client(t, p, "reader", kgo.ConsumeTopics(topic), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart())), 0
	for {
		fetches := reader.PollFetches(ctx)
		if ctx.Err() != nil {
			t.Fatal("got no end of the log, want one")
		}
		for record := range fetches.RecordsAll() {
			if string(record.Value) == "end" {
				return n
			}
			n++
		}
	}
}

func TestOneTopicOfARequestIsRejected(t *testing.T) {
	for outcome, kind := range map[journal.Outcome]func(*kerr.Error) Action{
		journal.Intercepted: Reject, journal.Answered: ActThenReject,
	} {
		c := cluster(t, 1, kfake.SeedTopics(1, "orders", "payments"))
		r := new(recorder)
		p := wired(t, c, Options{Observe: r.observe})
		ctx := deadline(t)
		producer := client(t, p, "app", kgo.ProducerLinger(50*time.Millisecond))
		rule := On("Produce", kind(kerr.NotEnoughReplicas))
		rule.Topic, rule.Times = "orders", 1
		add(t, p, rule)
		err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("o")},
			&kgo.Record{Topic: "payments", Value: []byte("p")}).FirstErr()
		if err != nil {
			t.Fatal(err)
		}
		_, faults := of[*journal.Fault](r.all())
		want := []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}
		if len(faults) != 1 || !cmp.Equal(faults[0].Topics, want) {
			t.Errorf("got faults %+v, want one of %v", faults, want)
		}
		codes := make(map[string][]int16)
		events, attempts := of[*journal.Attempt](r.all())
		for i, a := range attempts {
			topic := events[i].Topic
			codes[topic] = append(codes[topic], a.Code)
			want := map[bool]journal.Outcome{true: outcome, false: journal.Answered}[a.Code != 0]
			if events[i].Request.Outcome != want {
				t.Errorf("%s with code %d: got %s, want %s", topic, a.Code, events[i].Request.Outcome, want)
			}
		}
		if !slices.Equal(codes["orders"], []int16{kerr.NotEnoughReplicas.Code, 0}) ||
			!slices.Equal(codes["payments"], []int16{0}) {
			t.Errorf("got codes %v, want orders refused once and payments never", codes)
		}
		if got := logged(ctx, t, c, "orders") + logged(ctx, t, c, "payments"); got != 2 {
			t.Errorf("got %d records, want 2", got)
		}
	}
}

func TestFetchIsRejectedInItsSession(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(2, "orders", "payments"))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe})
	ctx := deadline(t)
	consumer := client(t, p, "consumer", kgo.ConsumeTopics("orders", "payments"),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))
	producer := client(t, p, "producer")
	if err := producer.ProduceSync(ctx, append(numbered("orders", 50),
		numbered("payments", 50)...)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	read(ctx, t, consumer, 100) // the session is there now
	rule := On("Fetch", Reject(kerr.NotLeaderForPartition))
	rule.Topic, rule.Times = "orders", 2
	awaitFired(ctx, t, add(t, p, rule), 2)
	if err := producer.ProduceSync(ctx, append(numbered("orders", 50),
		numbered("payments", 50)...)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	read(ctx, t, consumer, 100)
	facts, attempts := of[*journal.Fetch](r.all())
	refused := make(map[string]int)
	for i, a := range attempts {
		if a.Code == kerr.NotLeaderForPartition.Code {
			refused[facts[i].Topic]++
		}
	}
	if refused["orders"] < 2 || refused["payments"] != 0 {
		t.Errorf("got refused %v, want orders only, twice at least", refused)
	}
}

func TestDelayHoldThrottle(t *testing.T) {
	t.Parallel()
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	producer := client(t, p, "app", kgo.ProducerBatchCompression(kgo.NoCompression()))
	send := func(size int) time.Duration {
		start := time.Now()
		if err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: make([]byte, size)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	send(1)
	delayed := add(t, p, On("Produce", Delay(150*time.Millisecond)))
	if took := send(1); took < 150*time.Millisecond {
		t.Errorf("delay: took %v, want at least 150ms", took)
	}
	delayed.Remove()
	throttled := add(t, p, On("Produce", Throttle(200_000)))
	if took := send(50_000); took < 200*time.Millisecond {
		t.Errorf("throttle: took %v, want at least 200ms", took)
	}
	throttled.Remove()
	held := add(t, p, On("Produce", Hold()))
	done := make(chan error, 1)
	producer.Produce(ctx, &kgo.Record{Topic: "orders", Value: []byte("held")},
		func(_ *kgo.Record, err error) { done <- err })
	awaitFired(ctx, t, held, 1)
	err := await.Never(ctx, 100*time.Millisecond, await.Options{What: "the held record"},
		func(context.Context) (bool, error) { return len(done) > 0, nil })
	if err != nil {
		t.Fatal(err)
	}
	held.Remove()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
