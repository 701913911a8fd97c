package wire

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func TestIsolation(t *testing.T) {
	c := cluster(t, 2, kfake.SeedTopics(1, "orders"))
	p := wired(t, c, Options{})
	app, other := client(t, p, "app"), client(t, p, "other")
	ctx := deadline(t)
	if err := errors.Join(app.Ping(ctx), other.Ping(ctx)); err != nil {
		t.Fatal(err)
	}
	h := add(t, p, Rule{Selection: Selection{App: "app", Partition: -1, Broker: -1}, Action: Isolate()})
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if err := app.Ping(short); err == nil {
		t.Error("got an answer, want none while isolated")
	}
	if err := other.Ping(ctx); err != nil {
		t.Errorf("another application: %v", err)
	}
	if h.Fired() == 0 {
		t.Error("got no connection cut, want one at least")
	}
	h.Remove()
	if err := app.ProduceSync(ctx, numbered("orders", 1)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func TestClosingWhileRulesHold(t *testing.T) {
	c := cluster(t, 1)
	p := wired(t, c, Options{}) // its closing is timed
	h := add(t, p, On("", Hold()))
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", l.Bootstrap()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, kmsg.NewPtrHeartbeatRequest(), 7)); err != nil {
		t.Fatal(err)
	}
	awaitFired(deadline(t), t, h, 1)
}

func TestResetEndsIdleConnectionsToo(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	p := wired(t, c, Options{})
	producer, other := client(t, p, "app"), client(t, p, "other")
	for _, idle := range []*kgo.Client{producer, other} {
		if err := idle.ProduceSync(deadline(t), &kgo.Record{Topic: "orders", Value: []byte("v")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	if ended := p.Reset("app"); ended == 0 {
		t.Error("got no connection ended, want those of the application")
	}
	if ended := p.Reset("nobody"); ended != 0 {
		t.Errorf("got %d connections of nobody ended, want none", ended)
	}
	if err := producer.ProduceSync(deadline(t), &kgo.Record{Topic: "orders", Value: []byte("w")}).FirstErr(); err != nil {
		t.Errorf("got %v, want a new connection to be made", err)
	}
}

// A broker that is gone looks like one that is down, and what waited for it goes on when it is there again.
func TestABrokerThatComesBackIsFoundAgain(t *testing.T) {
	t.Parallel()
	data := kfake.DataDir(t.TempDir())
	first := cluster(t, 1, kfake.SeedTopics(1, "orders"), data)
	r := new(recorder)
	p := wired(t, first, Options{Observe: r.observe})
	producer, ctx, sent := client(t, p, "app"), deadline(t), make(chan error, 1)
	if err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("v")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(first.ListenAddrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	go func() { sent <- producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("w")}).FirstErr() }()
	r.sees(ctx, t, "an attempt to connect to the broker that is gone", func(all []journal.Fact) bool {
		changes, _ := of[*journal.Connection](all)
		return slices.ContainsFunc(changes, func(f journal.Fact) bool { return f.Error != "" })
	})
	cluster(t, 1, kfake.Ports(number), data)
	if err := <-sent; err != nil {
		t.Errorf("got %v, want the record to be written once the broker is there again", err)
	}
}

// TestHeldRequestsEndWithTheirApplication drops what is held of an application that has ended, and of no other.
func TestHeldRequestsEndWithTheirApplication(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	var r recorder
	p := wired(t, c, Options{Observe: r.observe})
	ctx := deadline(t)
	h := add(t, p, On("Produce", Hold()))
	sent := make(chan error, 2)
	for _, name := range []string{"app", "other"} {
		producer := client(t, p, name, kgo.DisableIdempotentWrite(), kgo.RecordRetries(0))
		go func() { sent <- producer.ProduceSync(ctx, numbered("orders", 1)...).FirstErr() }()
	}
	awaitFired(ctx, t, h, 2)
	p.Ended("app")
	if err := <-sent; err == nil {
		t.Error("got an answer to the held request of an application that has ended, want its connection closed")
	}
	r.sees(ctx, t, "that the request was dropped", func(facts []journal.Fact) bool {
		return slices.ContainsFunc(facts, func(f journal.Fact) bool {
			return f.App == "app" && strings.Contains(f.Text, "dropped a held Produce request")
		})
	})
	h.Remove()
	if err := <-sent; err != nil {
		t.Errorf("another application: %v", err)
	}
	ends, err := kadm.NewClient(direct(t, c.ListenAddrs())).ListEndOffsets(ctx, "orders")
	if end, _ := ends.Lookup("orders", 0); err != nil || end.Offset != 1 {
		t.Errorf("got %d records (%v), want that of the other application", end.Offset, err)
	}
}
