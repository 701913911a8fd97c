package cluster_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestEmbeddedSessionsAreClustersOfTheirOwn(t *testing.T) {
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	first, second := open(t, backend), open(t, backend)
	if got := createTopic(t, first, "orders", 3); got != "orders" {
		t.Errorf("got physical name %q, want the logical one", got)
	}
	topics, err := kadm.NewClient(client(t, second)).ListTopics(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if topics.Has("orders") {
		t.Error("got a topic of another scenario, want none")
	}
	if got, want := first.Describe().String(), "embedded (kfake), 1 broker"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEmbeddedGroupsAreQuick(t *testing.T) {
	for name, opts := range map[string][]kgo.Opt{
		"classic":  {kgo.SessionTimeout(500 * time.Millisecond), kgo.HeartbeatInterval(100 * time.Millisecond)},
		"consumer": {kgo.ServerSideBalancer()},
	} {
		t.Run(name, func(t *testing.T) {
			session := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}))
			topic := createTopic(t, session, "orders", 1)
			start := time.Now()
			roundTrip(t, session, topic, session.Names().Group("shipping"), opts...)
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("got a round trip in %v, want less than 3s", took)
			}
		})
	}
}

func TestEmbeddedCreatesNoTopicByUse(t *testing.T) {
	session := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}))
	producer := client(t, session, kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(0))
	err := producer.ProduceSync(within(t), &kgo.Record{Topic: "absent", Value: []byte("v")}).FirstErr()
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		t.Errorf("got error %v, want UNKNOWN_TOPIC_OR_PARTITION", err)
	}
}

func TestEmbeddedConfigsReachTheBroker(t *testing.T) {
	session := open(t,
		cluster.NewEmbedded(cluster.EmbeddedOptions{Configs: map[string]string{"message.max.bytes": "1234"}}))
	configs, err := kadm.NewClient(client(t, session)).DescribeBrokerConfigs(within(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, config := range configs[0].Configs {
		got[config.Key] = config.MaybeValue()
	}
	for key, want := range map[string]string{"message.max.bytes": "1234", "group.consumer.heartbeat.interval.ms": "100"} {
		if got[key] != want {
			t.Errorf("%s: got %q, want %q", key, got[key], want)
		}
	}
}

func TestEmbeddedMovesLeadersAndCoordinators(t *testing.T) {
	session := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{Brokers: 3}))
	topic := createTopic(t, session, "orders", 1)
	for broker := range int32(3) {
		if err := session.(cluster.LeaderMover).MoveLeader(within(t), topic, 0, broker); err != nil {
			t.Fatal(err)
		}
		if got := leader(t, session, topic, 0); got != broker {
			t.Errorf("got leader %d, want %d", got, broker)
		}
	}
	err := session.(cluster.LeaderMover).MoveLeader(within(t), topic, 0, 7)
	if err == nil || !strings.Contains(err.Error(), "brokers are 0 to 2") {
		t.Errorf("got error %v, want one that names the brokers", err)
	}

	before := coordinator(t, session, "shipping")
	if err := session.(cluster.CoordinatorMover).MoveCoordinator(within(t), "shipping"); err != nil {
		t.Fatal(err)
	}
	if after := coordinator(t, session, "shipping"); after == before {
		t.Errorf("got coordinator %d again, want another", after)
	}
}

func TestEmbeddedSaysWhatItCanNot(t *testing.T) {
	session := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}))
	if err := session.(cluster.CoordinatorMover).MoveCoordinator(within(t), "shipping"); !outcome.IsNotApplicable(err) {
		t.Errorf("got error %v, want outcome.NotApplicable", err)
	}
	if _, can := session.(cluster.BrokerController); can {
		t.Error("got a broker controller, want none: kfake cannot lose a broker")
	}
}

func TestEmbeddedCloseClosesClientsAndIsFinal(t *testing.T) {
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(within(t), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	topic := createTopic(t, session, "orders", 1)
	roundTrip(t, session, topic, "shipping")
	closed := client(t, session)
	closed.Close()
	start := time.Now()
	for range 2 {
		if err := session.Close(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("got closed in %v, want less than 1s", took)
	}
	if _, err := session.Client(); err == nil {
		t.Error("got a client of a closed session, want an error")
	}
}

// A step that is left behind gives its reader back while the session closes. The race detector sees a client that is
// closed by both.
func TestAReaderThatComesBackLateIsClosedOnce(t *testing.T) {
	for range 20 {
		session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(within(t), cluster.Needs{})
		if err != nil {
			t.Fatal(err)
		}
		topic := createTopic(t, session, "orders", 1)
		roundTrip(t, session, topic, "shipping")
		reader, err := session.Borrow(within(t), "reader", kgo.ConsumeTopics(topic))
		if err != nil {
			t.Fatal(err)
		}
		reader.PollFetches(within(t))
		var late sync.WaitGroup
		late.Go(func() { reader.Return(topic) })
		if err := session.Close(within(t)); err != nil {
			t.Error(err)
		}
		late.Wait()
	}
}

func BenchmarkEmbeddedOpenClose(b *testing.B) {
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	for b.Loop() {
		session, err := backend.Open(b.Context(), cluster.Needs{})
		if err != nil {
			b.Fatal(err)
		}
		if err := session.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func coordinator(t *testing.T, session cluster.Session, group string) int32 {
	t.Helper()
	coordinators := kadm.NewClient(client(t, session)).FindGroupCoordinators(within(t), group)
	if err := coordinators.Error(); err != nil {
		t.Fatal(err)
	}
	return coordinators[group].NodeID
}
