package wire

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

func TestSeveralClientsAndCodecsAtOnce(t *testing.T) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	const records = 2000
	c := cluster(t, 3, kfake.SeedTopics(3, "none", "gzip", "snappy", "lz4", "zstd"))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	var clients sync.WaitGroup
	for topic, codec := range codecs {
		producer := client(t, p, "producer-"+topic, kgo.ProducerBatchCompression(codec))
		consumer := client(t, p, "consumer-"+topic, kgo.ConsumeTopics(topic))
		clients.Go(func() {
			if err := producer.ProduceSync(ctx, numbered(topic, records)...).FirstErr(); err != nil {
				t.Errorf("%s: %v", topic, err)
			}
		})
		clients.Go(func() { wantOnce(t, read(ctx, t, consumer, records), records) })
	}
	clients.Wait()
}

func TestEveryBrokerIsReachedThroughTheWire(t *testing.T) {
	c := cluster(t, 3, kfake.SeedTopics(3, "orders"))
	p := wired(t, c, Options{})
	admin := kadm.NewClient(client(t, p, "app"))
	brokers, err := admin.ListBrokers(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	var addresses []string
	for _, b := range brokers {
		addresses = append(addresses, net.JoinHostPort(b.Host, fmt.Sprint(b.Port)))
	}
	if len(slices.Compact(slices.Sorted(slices.Values(addresses)))) != 3 {
		t.Errorf("got addresses %v, want three different ones", addresses)
	}
	for _, own := range c.ListenAddrs() {
		if slices.Contains(addresses, own) {
			t.Errorf("got the broker's own address %s, want one of the wire", own)
		}
	}
}

func TestGroupsMoveThroughTheWire(t *testing.T) {
	protocols := map[string][]kgo.Opt{
		"cooperative": {kgo.Balancers(kgo.CooperativeStickyBalancer())},
		"eager":       {kgo.Balancers(kgo.RangeBalancer())},
	}
	const records = 600
	for name, options := range protocols {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 3, kfake.SeedTopics(6, "orders"))
			p := wired(t, c, Options{})
			ctx := deadline(t)
			options := append(slices.Clone(options), kgo.ConsumerGroup("shipping"), kgo.ConsumeTopics("orders"),
				kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.HeartbeatInterval(50*time.Millisecond))
			if err := client(t, p, "producer").ProduceSync(ctx, numbered("orders", records)...).FirstErr(); err != nil {
				t.Fatal(err)
			}
			first := client(t, p, "first", options...)
			wantOnce(t, read(ctx, t, first, records), records)
			if err := first.CommitUncommittedOffsets(ctx); err != nil {
				t.Fatal(err)
			}
			first.CloseAllowingRebalance()
			if err := client(t, p, "producer").ProduceSync(ctx, numbered("orders", records)...).FirstErr(); err != nil {
				t.Fatal(err)
			}
			second := client(t, p, "second", options...)
			wantOnce(t, read(ctx, t, second, records), records)
		})
	}
}

func TestTransactionsPassTheWire(t *testing.T) {
	c := cluster(t, 3, kfake.SeedTopics(3, "orders"))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	producer := client(t, p, "producer", kgo.TransactionalID("tx"))
	for i, end := range []kgo.TransactionEndTry{kgo.TryAbort, kgo.TryCommit} {
		if err := producer.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		if err := producer.ProduceSync(ctx, numbered("orders", 100*(i+1))...).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if err := producer.EndTransaction(ctx, end); err != nil {
			t.Fatal(err)
		}
	}
	consumer := client(t, p, "consumer", kgo.ConsumeTopics("orders"), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	wantOnce(t, read(ctx, t, consumer, 200), 200)
}

func TestProducingWithoutAcknowledgement(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	// Metadata requests on the same connection would get the wrong answers if the wire awaited one for Produce.
	producer := client(t, p, "producer", kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	for _, r := range numbered("orders", 100) {
		if err := producer.ProduceSync(ctx, r).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if err := producer.Ping(ctx); err != nil {
			t.Fatal(err)
		}
	}
	wantOnce(t, read(ctx, t, client(t, p, "consumer", kgo.ConsumeTopics("orders")), 100), 100)
}

func TestALargeFrame(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	const size = 100 << 20
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"),
		kfake.BrokerConfigs(map[string]string{"message.max.bytes": fmt.Sprint(size + 1<<20)}))
	p := wired(t, c, Options{})
	ctx := deadline(t)
	producer := client(t, p, "producer", kgo.ProducerBatchMaxBytes(size+1<<20), kgo.BrokerMaxWriteBytes(size+2<<20),
		kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.MaxBufferedBytes(2*size))
	if err := producer.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: make([]byte, size)}).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func TestVersionsAreCapped(t *testing.T) {
	c := cluster(t, 1)
	c.ControlKey(int16(kmsg.ApiVersions), func(request kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		response := request.ResponseKind().(*kmsg.ApiVersionsResponse)
		for _, versions := range [][3]int16{
			{int16(kmsg.Produce), 3, 99}, {int16(kmsg.Fetch), 4, 16}, {int16(kmsg.SASLHandshake), 0, 1}, {999, 0, 7},
		} {
			key := kmsg.NewApiVersionsResponseApiKey()
			key.ApiKey, key.MinVersion, key.MaxVersion = versions[0], versions[1], versions[2]
			response.ApiKeys = append(response.ApiKeys, key)
		}
		return response, nil, true
	})
	p := wired(t, c, Options{})
	request := kmsg.NewPtrApiVersionsRequest()
	request.Version, request.ClientSoftwareName, request.ClientSoftwareVersion = 3, "test", "1"
	l, err := p.Application("app")
	if err != nil {
		t.Fatal(err)
	}
	response, _ := ask(t, l.Bootstrap()[0], request).(*kmsg.ApiVersionsResponse)
	var got []string
	for _, key := range response.ApiKeys {
		got = append(got, fmt.Sprint(key.ApiKey, key.MinVersion, key.MaxVersion))
	}
	if want := "0 3 13,1 4 16,17 1 1,999 0 7"; strings.Join(got, ",") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ","), want)
	}
}

// ask sends one request on a connection of its own.
func ask(t testing.TB, address string, request kmsg.Request) kmsg.Response {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	answer, err := newDialogue(conn).Request(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
