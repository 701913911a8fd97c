package screen_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/screen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// broker is an embedded broker behind a screen, and what the screen said.
type broker struct {
	address string
	mu      sync.Mutex
	said    []string
}

func start(t testing.TB, options ...kfake.Opt) *broker {
	t.Helper()
	b := &broker{}
	fake, err := kfake.NewCluster(append(options, kfake.NumBrokers(1), kfake.ListenFn(
		screen.New(screen.Options{Refused: func(reason string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.said = append(b.said, reason)
		}}).Listen))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	b.address = fake.ListenAddrs()[0]
	return b
}

func (b *broker) client(t testing.TB, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(options, kgo.SeedBrokers(b.address))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// works sends a record and reads it back.
func (b *broker) works(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := b.client(t, kgo.ConsumeTopics("works"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if _, err := kadm.NewClient(c).CreateTopic(ctx, 1, 1, nil, "works"); err != nil &&
		!errors.Is(err, kerr.TopicAlreadyExists) {
		t.Fatal(err)
	}
	if err := c.ProduceSync(ctx, &kgo.Record{Topic: "works", Value: []byte("x")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if f := c.PollRecords(ctx, 1); f.Err() != nil || f.NumRecords() != 1 {
		t.Fatalf("got %d records and %v, want the one that was sent", f.NumRecords(), f.Err())
	}
}

// answers waits until the broker has room for another connection.
func (b *broker) answers(t testing.TB) {
	t.Helper()
	err := await.Until(t.Context(), await.Options{Within: 20 * time.Second, What: "an answer"},
		func(context.Context) (bool, error) {
			conn, err := net.Dial("tcp", b.address)
			if err != nil {
				return false, err
			}
			defer func() { _ = conn.Close() }()
			if _, err := conn.Write(frame(18, 0, 0xff, 0xff)); err != nil {
				return false, err
			}
			_, err = io.ReadFull(conn, make([]byte, 4))
			return err == nil, err
		})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *broker) dial(t testing.TB) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", b.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func frame(key, version int16, rest ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(rest)))
	b = binary.BigEndian.AppendUint16(b, uint16(key))
	b = binary.BigEndian.AppendUint16(b, uint16(version))
	return append(binary.BigEndian.AppendUint32(b, 1), rest...)
}

// Bytes that would end the process or hold it up close their connection, and nothing else.
func TestBadFramesCloseTheirConnection(t *testing.T) {
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"seven bytes":           {[]byte{0, 0, 0, 3, 0, 0, 0}, "got a frame of 3 bytes"},
		"an unknown API":        {frame(999, 0, 0xff, 0xff), "got API key 999 in version 0"},
		"a negative API":        {frame(-1, 0, 0xff, 0xff), "got API key -1 in version 0"},
		"a negative version":    {frame(3, -1, 0xff, 0xff), "got API key 3 in version -1"},
		"a version of tomorrow": {frame(3, 999, 0xff, 0xff), "got API key 3 in version 999"},
		"curl":                  {[]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "got a frame of 1195725856 bytes"},
		"TLS":                   {[]byte{0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3}, "got a frame of 369295618 bytes"},
		"the largest length":    {[]byte{0xff, 0xff, 0xff, 0xff}, "got a frame of 4294967295 bytes"},
		"tags of the header": {frame(12, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f),
			"it has a tagged field that cannot be read"},
		"tags of the body": {frame(12, 4, 0xff, 0xff, 0, 2, 'g', 0, 0, 0, 0, 2, 'm', 0, 0xff, 0xff, 0xff, 0xff, 0x0f),
			"damaged Heartbeat"},
		"two billion topics":   {frame(3, 0, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff), "it ends before its last field does"},
		"an endless client id": {frame(3, 0, 0x7f, 0xff), "it ends before its last field does"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			conn := b.dial(t)
			if _, err := conn.Write(c.bytes); err != nil {
				t.Fatal(err)
			}
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			if got, err := io.ReadAll(conn); len(got) > 0 || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %x and %v, want the connection to be closed", got, err)
			}
			b.works(t)
			b.mu.Lock()
			defer b.mu.Unlock()
			if len(b.said) != 1 || !strings.Contains(b.said[0], c.want) ||
				!strings.Contains(b.said[0], conn.LocalAddr().String()) {
				t.Errorf("got %q, want one line with %q and the client's address", b.said, c.want)
			}
		})
	}
}

// A newer client is told which versions there are, whatever its request holds.
func TestANewerApiVersionsIsAnswered(t *testing.T) {
	b := start(t)
	conn := b.dial(t)
	if _, err := conn.Write(frame(18, 77, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 10)
	if _, err := io.ReadFull(conn, head); err != nil {
		t.Fatal(err)
	}
	if code := int16(binary.BigEndian.Uint16(head[8:])); code != kerr.UnsupportedVersion.Code {
		t.Errorf("got code %d, want UNSUPPORTED_VERSION", code)
	}
}

func TestTooManyPartitionsAreRefused(t *testing.T) {
	b := start(t)
	admin := kadm.NewClient(b.client(t))
	got, err := admin.CreateTopics(t.Context(), 1_000_000_000, 1, nil, "huge")
	if err != nil || !errors.Is(got["huge"].Err, kerr.PolicyViolation) {
		t.Errorf("got %v and %v, want POLICY_VIOLATION", got["huge"].Err, err)
	}
	if _, err := admin.CreateTopic(t.Context(), 3, 1, nil, "usual"); err != nil {
		t.Fatal(err)
	}
	more, err := admin.UpdatePartitions(t.Context(), 1_000_000_000, "usual")
	if err != nil || !errors.Is(more["usual"].Err, kerr.PolicyViolation) {
		t.Errorf("got %v and %v, want POLICY_VIOLATION", more["usual"].Err, err)
	}
	b.works(t)
}

// What only Java's Admin stumbles over: it reads lists that a broker must not leave null.
func TestListsAreNotNull(t *testing.T) {
	b := start(t)
	c := b.client(t)
	create := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = "t", 1, 1
	create.Topics = append(create.Topics, topic)
	created, err := create.RequestWith(t.Context(), c)
	if err != nil || len(created.Topics) != 1 || created.Topics[0].Configs == nil {
		t.Errorf("got %+v and %v, want settings that are not null", created, err)
	}
	describe := kmsg.NewPtrDescribeTopicPartitionsRequest()
	describe.Topics = append(describe.Topics, kmsg.DescribeTopicPartitionsRequestTopic{Topic: "t"})
	described, err := describe.RequestWith(t.Context(), c)
	if err != nil || len(described.Topics) != 1 || len(described.Topics[0].Partitions) != 1 {
		t.Fatalf("got %+v and %v, want one partition", described, err)
	}
	if p := described.Topics[0].Partitions[0]; p.EligibleLeaderReplicas == nil || p.LastKnownELR == nil {
		t.Errorf("got %+v, want lists that are not null", p)
	}
}

func TestOffsetsOfAnUnknownGroup(t *testing.T) {
	b := start(t, kfake.SeedTopics(2, "t"))
	c := b.client(t)
	for version := int16(1); version <= 9; version++ {
		request := kmsg.NewPtrOffsetFetchRequest()
		request.Group = "nobody"
		request.Topics = []kmsg.OffsetFetchRequestTopic{{Topic: "t", Partitions: []int32{0, 1}}}
		request.Groups = []kmsg.OffsetFetchRequestGroup{{Group: "nobody", MemberEpoch: -1,
			Topics: []kmsg.OffsetFetchRequestGroupTopic{{Topic: "t", Partitions: []int32{0, 1}}}}}
		request.Version = version
		answer, err := c.Broker(0).Request(t.Context(), pinned{request, version})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%+v", answer)
		if strings.Count(got, "Offset:-1") != 2 || strings.Contains(got,
			fmt.Sprint("ErrorCode:", kerr.GroupIDNotFound.Code)) {
			t.Errorf("version %d: got %s, want offset -1 twice and no error", version, got)
		}
	}
}

// pinned is a request that is sent in one version.
type pinned struct {
	kmsg.Request
	version int16
}

func (p pinned) MaxVersion() int16 { return p.version }

// The broker outlives a flood of random frames and of connections that stay open, in bounded memory, and serves the
// next client. KAFKASPEC_MEMORY=1 makes it a million frames and nine thousand connections.
func TestFlood(t *testing.T) {
	frames, connections := 10_000, 200
	if testenv.Memory() {
		frames, connections = 1_000_000, 9_000
	}
	b := start(t)
	r := rand.New(rand.NewPCG(5, 6))
	for sent := 0; sent < frames; {
		conn := b.dial(t)
		for range 50 {
			rest := make([]byte, r.IntN(64))
			for i := range rest {
				if r.IntN(2) == 0 {
					rest[i] = byte(r.Uint32())
				}
			}
			sent++
			if _, err := conn.Write(frame(int16(r.IntN(95)), int16(r.IntN(5)), rest...)); err != nil {
				break
			}
		}
		_ = conn.Close()
	}
	open := make([]net.Conn, connections)
	for i := range open {
		open[i] = b.dial(t)
		_, _ = open[i].Write([]byte{0x06, 0x40, 0, 0, 0, 0, 0, 9}) // the head of a Produce request of 100 MiB
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	for _, conn := range open {
		_ = conn.Close()
	}
	b.answers(t)
	b.works(t)
	if used := memory.Sys >> 20; used > 400 {
		t.Errorf("got %d MiB in use, want at most 400", used)
	}
	t.Logf("%d MiB after %d frames and %d connections", memory.Sys>>20, frames, connections)
}
