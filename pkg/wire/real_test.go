package wire

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	kafka "github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestRealBrokers runs what matters most on three brokers of Apache Kafka, which takes a while and a gigabyte: set
// KAFKASPEC_LOCAL=1.
func TestRealBrokers(t *testing.T) {
	backend := realBrokers(t, 3)
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			session, r := openReal(t, backend), new(recorder)
			names := session.Names()
			protocol.share(t, realWire(t, session, r.observe), r, names.Topic("orders"), names.Group("shipping"))
		})
	}
	t.Run("faults", func(t *testing.T) { testRealFaults(t, openReal(t, backend)) })
	t.Run("leader", func(t *testing.T) { testRealLeader(t, openReal(t, backend)) })
}

// realBrokers starts brokers of Apache Kafka, or skips the test.
func realBrokers(t testing.TB, n int) kafka.Backend {
	t.Helper()
	testenv.NeedLocal(t, "Apache Kafka and Java")
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	backend, err := kafka.StartLocal(ctx, kafka.LocalOptions{Brokers: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return backend
}

// openReal opens a session with the topic orders of six partitions.
func openReal(t testing.TB, backend kafka.Backend) kafka.Session {
	t.Helper()
	session := openSession(t, backend)
	admin, err := session.Client()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kadm.NewClient(admin).CreateTopic(deadline(t), 6, -1, nil, session.Names().Topic("orders")); err != nil {
		t.Fatal(err)
	}
	return session
}

func openSession(t testing.TB, backend kafka.Backend) kafka.Session {
	t.Helper()
	session, err := backend.Open(deadline(t), kafka.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return session
}

func realWire(t *testing.T, session kafka.Session, observe func(journal.Fact)) *Proxy {
	t.Helper()
	p, err := New(context.Background(), Options{
		Upstream: session.Bootstrap(), Access: session.Access(), Names: session.Names(), Observe: observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// testRealFaults sends one record under each fault; each must be there once.
func testRealFaults(t *testing.T, session kafka.Session) {
	r := new(recorder)
	p := realWire(t, session, r.observe)
	ctx, topic := deadline(t), session.Names().Topic("orders")
	actions := []Action{Reject(kerr.NotLeaderForPartition), ActThenReject(kerr.RequestTimedOut), CutBefore(), CutAfter(),
		Delay(50 * time.Millisecond)}
	producer := client(t, p, "app", kgo.RecordPartitioner(kgo.ManualPartitioner()))
	for i, record := range numbered(topic, len(actions)) {
		rule := On("Produce", actions[i])
		rule.Times = 1
		h := add(t, p, rule)
		if err := producer.ProduceSync(ctx, record).FirstErr(); err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		if h.Fired() != 1 {
			t.Errorf("%s: got fired %d, want 1", rule, h.Fired())
		}
	}
	consumer := client(t, p, "reader", kgo.ConsumeTopics(topic), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))
	wantOnce(t, read(ctx, t, consumer, len(actions)), len(actions))
	_, attempts := of[*journal.Attempt](r.all())
	if got, want := len(attempts), 2*len(actions)-1; got != want {
		t.Errorf("got %d attempts, want %d: all but the delayed were sent twice", got, want)
	}
	if unread := notes(r.all()); len(unread) > 0 {
		t.Errorf("got note %s, want everything read", unread[0].Text)
	}
}

// testRealLeader moves a leader: brokers name the new one in Produce answers (KIP-951), with an address to be
// rewritten.
func testRealLeader(t *testing.T, session kafka.Session) {
	r := new(recorder)
	p := realWire(t, session, r.observe)
	ctx, topic := deadline(t), session.Names().Topic("orders")
	producer := client(t, p, "app", kgo.RecordPartitioner(kgo.ManualPartitioner()))
	for broker := range int32(3) {
		if err := session.(kafka.LeaderMover).MoveLeader(ctx, topic, 0, broker); err != nil {
			t.Fatal(err)
		}
		if err := producer.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("v")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	events, attempts := of[*journal.Attempt](r.all())
	var brokers []int32
	for i, a := range attempts {
		if a.Code == 0 {
			brokers = append(brokers, events[i].Request.Broker)
		}
	}
	if !slices.Equal(brokers, []int32{0, 1, 2}) {
		t.Errorf("got records accepted by brokers %v, want 0, 1 and 2", brokers)
	}
}
