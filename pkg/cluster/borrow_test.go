package cluster_test

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestBorrowedClientsServeOneScenarioAfterTheOther(t *testing.T) {
	backend := connect(t, fake(t, kfake.SeedTopics(1, "one", "two")).ListenAddrs(), access.Access{})
	first, second, third := open(t, backend), open(t, backend), open(t, backend)
	mine := borrow(t, first, "sending")
	if mine.Used || borrow(t, second, "sending").Used {
		t.Error("got a client that was used before, want new ones while the first is lent")
	}
	if err := mine.ProduceSync(within(t), &kgo.Record{Topic: "one", Value: []byte("1")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	mine.Return("one")
	if borrow(t, third, "reading").Used {
		t.Error("got the client for sending, want another for reading")
	}
	again := borrow(t, third, "sending")
	if !again.Used || again.Client != mine.Client {
		t.Error("got another client, want the one that was returned")
	}
	if err := again.ProduceSync(within(t), &kgo.Record{Topic: "two", Value: []byte("1")}).FirstErr(); err != nil {
		t.Errorf("got %v from a client that was lent again, want none", err)
	}
}

// A client that reads one topic after the other hands on nothing of the one before.
func TestBorrowedReadersForget(t *testing.T) {
	backend := connect(t, fake(t, kfake.SeedTopics(1, "one", "two")).ListenAddrs(), access.Access{})
	session := open(t, backend)
	sender := borrow(t, session, "sending")
	for _, topic := range []string{"one", "one", "two"} {
		record := &kgo.Record{Topic: topic, Value: []byte(topic)}
		if err := sender.ProduceSync(within(t), record).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	for _, topic := range []string{"one", "two", "one"} {
		from := map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}
		reader := borrow(t, session, "reading", kgo.ConsumePartitions(from))
		if reader.Used {
			reader.AddConsumePartitions(from)
		}
		read := reader.PollRecords(within(t), 1).Records()
		if len(read) != 1 || string(read[0].Value) != topic || read[0].Offset != 0 {
			t.Errorf("got %v, want the first record of %s", read, topic)
		}
		reader.Return(topic)
	}
}

func TestClientsThatCannotBeLentAgainAreClosed(t *testing.T) {
	backend := connect(t, fake(t, kfake.SeedTopics(1, "one")).ListenAddrs(), access.Access{})
	session := open(t, backend)
	unsent := borrow(t, session, "sending", kgo.ProducerLinger(time.Minute))
	unsent.Produce(context.Background(), &kgo.Record{Topic: "one"}, nil)
	unsent.Return("one")
	if borrow(t, session, "sending").Used {
		t.Error("got a client that has something to send, want a new one")
	}
}

// What a kept client goes on with is nothing that the scenario left behind.
func TestBorrowedClientCarriesNobodysLabel(t *testing.T) {
	backend := connect(t, fake(t, kfake.SeedTopics(1, "one")).ListenAddrs(), access.Access{})
	pprof.Do(within(t), pprof.Labels("scenario", "lender"), func(ctx context.Context) {
		client := borrow(t, open(t, backend), "sending")
		if err := client.ProduceSync(ctx, &kgo.Record{Topic: "one"}).FirstErr(); err != nil {
			t.Fatal(err)
		}
		client.Return("one")
		var labelled string
		err := await.Until(ctx, await.Options{What: "no goroutine of the client to have the label"},
			func(context.Context) (bool, error) {
				var profile bytes.Buffer
				err := pprof.Lookup("goroutine").WriteTo(&profile, 1)
				for stack := range strings.SplitSeq(profile.String(), "\n\n") {
					if strings.Contains(stack, `"scenario":"lender"`) && strings.Contains(stack, "kgo.") {
						labelled = stack
						return false, err
					}
				}
				return true, err
			})
		if err != nil {
			t.Errorf("%v:\n%s", err, labelled)
		}
	})
}

func borrow(t *testing.T, session cluster.Session, use string, opts ...kgo.Opt) *cluster.Borrowed {
	t.Helper()
	client, err := session.Borrow(within(t), use, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}
