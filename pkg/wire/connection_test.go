package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
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
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// server accepts one connection and hands it to serve; the wire leads to it.
func server(t *testing.T, observe func(journal.Fact), serve func(net.Conn)) (application net.Conn) {
	t.Helper()
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := broker.Accept(); err == nil {
			serve(conn)
			_ = conn.Close()
		}
	}()
	p, err := New(t.Context(), Options{Upstream: []string{broker.Addr().String()}, Observe: observe})
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	application, err = net.Dial("tcp", l.Bootstrap()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(application.Close(), p.Close(), broker.Close()); err != nil {
			t.Error(err)
		}
		<-done
	})
	if err := application.SetDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	return application
}

// echo answers every request with its correlation id and nothing else.
func echo(conn net.Conn) {
	r := bufio.NewReader(conn)
	for {
		head, err := peekRequest(r)
		if err != nil {
			return
		}
		if copyFrame(io.Discard, r, head.size) != nil {
			return
		}
		if _, err := conn.Write(answerFrame(-1, 0, head.correlation, nil)); err != nil {
			return
		}
	}
}

func TestAnswersAfterTheApplicationClosedItsHalf(t *testing.T) {
	closed := make(chan struct{})
	application := server(t, nil, func(conn net.Conn) {
		all, _ := io.ReadAll(conn)
		close(closed)
		var answers []byte
		for range bytes.Count(all, []byte("app")) {
			answers = append(answers, answerFrame(kmsg.Heartbeat, 0, 7, nil)...)
		}
		_, _ = conn.Write(answers)
	})
	formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID("app"))
	var pipelined []byte
	for range 5 {
		pipelined = append(pipelined, formatter.AppendRequest(nil, kmsg.NewPtrHeartbeatRequest(), 7)...)
	}
	if _, err := application.Write(pipelined); err != nil {
		t.Fatal(err)
	}
	if err := application.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answers, err := io.ReadAll(application)
	if want := 5 * len(answerFrame(kmsg.Heartbeat, 0, 7, nil)); err != nil || len(answers) != want {
		t.Errorf("got %d bytes of answers, error %v, want %d", len(answers), err, want)
	}
	<-closed
}

func TestWhatNobodyKnowsIsPassedOn(t *testing.T) {
	application := server(t, nil, echo)
	unknown := []byte{0, 0, 0, 12, 3, 231, 0, 9, 0, 0, 0, 42, 'b', 'o', 'd', 'y'}              // API 999
	newer := []byte{0, 0, 0, 14, 0, 3, 0, 99, 0, 0, 0, 43, 0, 1, 'a', 0, 1, 2}                 // Metadata 99
	garbled := []byte{0, 0, 0, 16, 0, 3, 0, 9, 0, 0, 0, 44, 0, 1, 'a', 0xff, 0xff, 0xff, 1, 2} // Metadata 9
	answers := bufio.NewReader(application)
	for i, frame := range [][]byte{unknown, newer, garbled} {
		if _, err := application.Write(frame); err != nil {
			t.Fatal(err)
		}
		size, correlation, err := peekAnswer(answers)
		if err != nil || correlation != int32(42+i) {
			t.Fatalf("got correlation id %d, error %v, want %d", correlation, err, 42+i)
		}
		_, _ = answers.Discard(size)
	}
}

func TestWhatIsNotKafkaIsPassedOn(t *testing.T) {
	application := server(t, nil, func(conn net.Conn) {
		line, _ := bufio.NewReader(conn).ReadString('\n')
		_, _ = io.WriteString(conn, "echo "+line)
	})
	if _, err := io.WriteString(application, "\x00\x00\x00\x05token\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(application); err != nil || string(got) != "echo \x00\x00\x00\x05token\n" {
		t.Errorf("got %q, error %v, want the echo", got, err)
	}
}

func TestABrokerAtANewAddress(t *testing.T) {
	c := cluster(t, 2, kfake.SeedTopics(2, "orders"))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	app := client(t, p, "app", kgo.RecordPartitioner(kgo.RoundRobinPartitioner()),
		kgo.MetadataMaxAge(100*time.Millisecond))
	if err := app.ProduceSync(ctx, numbered("orders", 10)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	node, port, err := c.AddNode(-1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.MoveTopicPartition("orders", 0, node); err != nil {
		t.Fatal(err)
	}
	if err := app.ProduceSync(ctx, numbered("orders", 10)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if address, _ := p.directory.address(node); !strings.HasSuffix(address, ":"+strconv.Itoa(port)) {
		t.Errorf("got broker %d at %s, want port %d", node, address, port)
	}
	// The same node id elsewhere.
	if err := c.RemoveNode(node); err != nil {
		t.Fatal(err)
	}
	// A stopped broker's connections end; kfake keeps them.
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	open := slices.Collect(maps.Keys(l.connections))
	l.mu.Unlock()
	for _, connection := range open {
		connection.cut()
	}
	if _, port, err = c.AddNode(node, 0); err != nil {
		t.Fatal(err)
	}
	if err := c.MoveTopicPartition("orders", 0, node); err != nil {
		t.Fatal(err)
	}
	err = await.Until(ctx, await.Options{Within: within, What: "the new address"},
		func(ctx context.Context) (bool, error) {
			address, _ := p.directory.address(node)
			return strings.HasSuffix(address, ":"+strconv.Itoa(port)), app.ProduceSync(ctx, numbered("orders", 2)...).FirstErr()
		})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAuthentication(t *testing.T) {
	c := cluster(t, 1, kfake.EnableSASL(), kfake.Superuser("PLAIN", "admin", "secret"),
		kfake.Superuser("SCRAM-SHA-256", "admin", "secret"))
	own := kgo.SASL(plain.Auth{User: "admin", Pass: "secret"}.AsMechanism())
	login := func(mechanism, password string) access.Access {
		return access.Access{SASL: &access.SASL{Mechanism: mechanism, Username: "admin", Password: password}}
	}
	cases := map[string]struct {
		access  access.Access
		options []kgo.Opt
		want    bool
	}{
		"the wire's, PLAIN":                  {login("PLAIN", "secret"), nil, true},
		"the wire's, SCRAM":                  {login("SCRAM-SHA-256", "secret"), nil, true},
		"the wire's, wrong":                  {login("PLAIN", "wrong"), nil, false},
		"the application's own":              {access.Access{}, []kgo.Opt{own}, true},
		"nobody's":                           {access.Access{}, nil, false},
		"both: the application's is refused": {login("PLAIN", "secret"), []kgo.Opt{own}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := wired(t, c, Options{Access: tc.access})
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := kadm.NewClient(client(t, p, "app", tc.options...)).ListBrokers(ctx)
			if (err == nil) != tc.want {
				t.Errorf("got error %v, want success %v", err, tc.want)
			}
		})
	}
}

func TestTheWireEndsWithItsContext(t *testing.T) {
	c := cluster(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	p, err := New(ctx, Options{Upstream: c.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	app := client(t, p, "app")
	if err := app.Ping(deadline(t)); err != nil {
		t.Fatal(err)
	}
	app.Close()
	link, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := errors.Join(p.Close(), link.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Application("app"); err == nil {
		t.Error("got a link of a closed wire, want an error")
	}
}

// TestABrokerThatCannotBeListenedFor holds that an application never gets past the wire unnoticed.
func TestABrokerThatCannotBeListenedFor(t *testing.T) {
	c := cluster(t, 1)
	r := new(recorder)
	p, err := New(t.Context(), Options{Upstream: c.ListenAddrs(), Observe: r.observe})
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	l.place.Listen = "192.0.2.1" // for documentation only (RFC 5737): no machine has it
	request := kmsg.NewPtrMetadataRequest()
	request.Version = 9
	response, _ := ask(t, l.Bootstrap()[0], request).(*kmsg.MetadataResponse)
	if len(response.Brokers) != 1 || response.Brokers[0].Port != unreachable {
		t.Errorf("got brokers %+v, want one that cannot be reached", response.Brokers)
	}
	if told := notes(r.all()); len(told) != 1 || !strings.Contains(told[0].Text, `out of reach for application "app"`) {
		t.Errorf("got notes %v, want one about the broker", told)
	}
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "cannot listen") {
		t.Errorf("close: got %v, want why the broker was out of reach", err)
	}
}
