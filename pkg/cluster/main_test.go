package cluster_test

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if behaviour := os.Getenv(fakeJava); behaviour != "" {
		syscall.Exit(beJava(behaviour, os.Args[1:])) // os.Exit waits a second under the race detector
	}
	if brokers := os.Getenv(parentRole); brokers != "" {
		beParent(brokers)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// patience bounds everything a test waits for on a busy machine.
const patience = 30 * time.Second

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func waitFor(t testing.TB, what string, look func() bool) {
	t.Helper()
	err := await.Until(within(t), await.Options{Within: patience, What: what},
		func(context.Context) (bool, error) { return look(), nil })
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a session that the test's end closes; closing must leave no error.
func open(t testing.TB, backend cluster.Backend) cluster.Session {
	t.Helper()
	session, err := backend.Open(within(t), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(within(t)); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return session
}

func client(t testing.TB, session cluster.Session, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := session.Client(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// createTopic makes a topic and returns its physical name.
func createTopic(t testing.TB, session cluster.Session, logical string, partitions int32) string {
	t.Helper()
	physical := session.Names().Topic(logical)
	admin := client(t, session)
	if _, err := kadm.NewClient(admin).CreateTopic(within(t), partitions, -1, nil, physical); err != nil {
		t.Fatal(err)
	}
	if err := cluster.AwaitTopics(within(t), admin, map[string]int32{physical: partitions}); err != nil {
		t.Fatal(err)
	}
	return physical
}

// roundTrip sends a record and reads it back in a group.
func roundTrip(t testing.TB, session cluster.Session, topic, group string, opts ...kgo.Opt) {
	t.Helper()
	producer := client(t, session)
	if err := producer.ProduceSync(within(t), &kgo.Record{Topic: topic, Value: []byte("v")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	opts = append([]kgo.Opt{kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())}, opts...)
	consumer := client(t, session, opts...)
	fetches := consumer.PollFetches(within(t))
	if err := fetches.Err(); err != nil {
		t.Fatal(err)
	}
	if got := fetches.NumRecords(); got != 1 {
		t.Fatalf("got %d records, want 1", got)
	}
	if err := consumer.CommitRecords(within(t), fetches.Records()...); err != nil {
		t.Fatal(err)
	}
}

func leader(t testing.TB, session cluster.Session, topic string, partition int32) int32 {
	t.Helper()
	details, err := kadm.NewClient(client(t, session)).ListTopics(within(t), topic)
	if err != nil {
		t.Fatal(err)
	}
	return details[topic].Partitions[partition].Leader
}
