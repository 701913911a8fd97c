package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// screen is what a command that still runs has shown.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// awaitText waits until the screen shows what the expression finds, and returns it.
func (s *screen) awaitText(ctx context.Context, t *testing.T, expression string) []string {
	t.Helper()
	var found []string
	err := await.Until(ctx, await.Options{Within: time.Minute, What: "the text " + expression},
		func(context.Context) (bool, error) {
			found = regexp.MustCompile(expression).FindStringSubmatch(s.String())
			return found != nil, nil
		})
	if err != nil {
		t.Fatalf("%v; got:\n%s", err, s)
	}
	return found
}

// TestBroker lets an ordinary client in, meets it with faults, and ends with the signal.
func TestBroker(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{
			"broker", "--listen", "127.0.0.1:0", "--brokers", "2", "--given", `topic "orders" with 2 partitions`,
			"--given", `the record "first" is in "orders"`, "--given",
			`the next 2 Produce requests from "client" to "orders" fail with NOT_LEADER_OR_FOLLOWER`,
		}, &console{ctx: ctx, stdout: out, stderr: problems})
	}()
	addresses := strings.Split(out.awaitText(ctx, t, `bootstrap.servers=(\S+);`)[1], ",")
	if len(addresses) != 2 {
		t.Errorf("got addresses %v, want those of two brokers", addresses)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(addresses...), kgo.ConsumeTopics("orders", "made-by-use"),
		kgo.AllowAutoTopicCreation(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.MetadataMinAge(20*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{"orders", "made-by-use"} {
		if err := client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("second")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	for got := 0; got < 3; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		got += fetches.NumRecords()
	}
	out.awaitText(ctx, t, `client +fault-fired +orders/\d +reject with NOT_LEADER_OR_FOLLOWER \(Produce, 2 of 2\)`)
	client.Close()
	stop()
	if code := <-ended; code != exitPassed || problems.String() != "" {
		t.Errorf("got exit code %d and %q, want 0 and nothing: a signal is how it ends", code, problems)
	}
}

// TestBrokerBeyondThisMachine tells clients, of every broker, the address by which they can reach it.
func TestBrokerBeyondThisMachine(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{"broker", "--listen", ":0", "--advertise", "localhost", "--brokers", "2", "--given",
			`topic "orders" with 2 partitions`}, &console{ctx: ctx, stdout: out, stderr: problems})
	}()
	addresses := strings.Split(out.awaitText(ctx, t, `bootstrap.servers=(\S+);`)[1], ",")
	client, err := kgo.NewClient(kgo.SeedBrokers(addresses...))
	if err != nil {
		t.Fatal(err)
	}
	brokers, err := kadm.NewClient(client).ListBrokers(ctx)
	client.Close()
	if err != nil || len(brokers) != 2 {
		t.Fatalf("got brokers %v and %v, want two", brokers, err)
	}
	for _, b := range brokers {
		if b.Host != "localhost" {
			t.Errorf("got broker %d at %s, want what was advertised", b.NodeID, b.Host)
		}
	}
	problems.awaitText(ctx, t, `warning: listens beyond this machine, at all its addresses, .*clients are told localhost`)
	stop()
	if code := <-ended; code != exitPassed {
		t.Errorf("got exit code %d, want %d", code, exitPassed)
	}
}

// TestBrokerAtFixedPorts lets two programs in, each at ports of its own for every broker, which stay what they are told
// there, and disturbs one of them.
func TestBrokerAtFixedPorts(t *testing.T) {
	ports, err := cluster.FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{"broker", "--listen", fmt.Sprintf("shipping=127.0.0.1:%d", ports[0]), "--listen",
			"127.0.0.1:0", "--brokers", "2", "--given", `topic "orders" with 2 partitions`, "--given",
			`every Produce request from "shipping" fails with TOPIC_AUTHORIZATION_FAILED`},
			&console{ctx: ctx, stdout: out, stderr: problems})
	}()
	shipping := out.awaitText(ctx, t, `for "shipping": bootstrap.servers=(\S+);`)[1]
	others := out.awaitText(ctx, t, `for any client: bootstrap.servers=(\S+);`)[1]
	if want := fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d", ports[0], ports[0]+1); shipping != want {
		t.Errorf("got addresses %s, want %s", shipping, want)
	}
	for addresses, fails := range map[string]bool{shipping: true, others: false} {
		client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(addresses, ",")...), kgo.RecordRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		known, err := kadm.NewClient(client).ListBrokers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, b := range known {
			told = append(told, fmt.Sprintf("%s:%d", b.Host, b.Port))
		}
		if strings.Join(told, ",") != addresses {
			t.Errorf("got brokers at %s, want the listeners themselves, %s", told, addresses)
		}
		err = client.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("x")}).FirstErr()
		if errors.Is(err, kerr.TopicAuthorizationFailed) != fails {
			t.Errorf("at %s: got %v, want a failure: %t", addresses, err, fails)
		}
		client.Close()
	}
	stop()
	if code := <-ended; code != exitPassed || problems.String() != "" {
		t.Errorf("got exit code %d and %q, want %d and nothing", code, problems, exitPassed)
	}
}

// TestBrokerAtATakenPort says which port is taken, of which listener.
func TestBrokerAtATakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	problems := new(screen)
	code := execute([]string{"broker", "--listen", "shipping=" + taken.Addr().String()},
		&console{ctx: t.Context(), stdout: new(screen), stderr: problems})
	want := fmt.Sprintf("port %d of listener \"shipping\" is taken: another program listens at %s; end it, or choose "+
		"another --listen", taken.Addr().(*net.TCPAddr).Port, taken.Addr())
	said := problems.String()
	if code != exitEnvironment || !strings.Contains(said, want) || strings.Contains(said, "wire") {
		t.Errorf("got exit code %d and %q, want %d and %q", code, said, exitEnvironment, want)
	}
}
