package screen_test

import (
	"context"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/screen"
)

// BenchmarkScreen tells what the screen costs: the time of a request through it, as a ratio to the time of the same
// request without it, each the median. Requests are sent in turns, so that a busy machine slows both, and each comes
// first and second as often. The broker keeps no records.
func BenchmarkScreen(b *testing.B) {
	stamped := map[string]*string{"message.timestamp.type": kadm.StringPtr("LogAppendTime")}
	for name, c := range map[string]struct {
		records, bytes int // of one request
		settings       map[string]*string
	}{
		"small":         {1, 100, nil},
		"bulk":          {5000, 100, nil},
		"large":         {1, 900 << 10, nil},
		"LogAppendTime": {5000, 100, stamped},
	} {
		b.Run(name, func(b *testing.B) {
			direct := newProducer(b, net.Listen, c.settings)
			screened := newProducer(b, screen.New(screen.Options{}).Listen, c.settings)
			var without, with []time.Duration
			b.SetBytes(int64(4 * c.records * c.bytes))
			for b.Loop() {
				without = append(without, send(b, direct, c.records, c.bytes))
				with = append(with, send(b, screened, c.records, c.bytes), send(b, screened, c.records, c.bytes))
				without = append(without, send(b, direct, c.records, c.bytes))
			}
			slices.Sort(without)
			slices.Sort(with)
			middle := len(with) / 2
			b.ReportMetric(float64(with[middle])/float64(without[middle]), "ratio")
			b.ReportMetric(float64(with[middle].Microseconds()), "µs/request")
		})
	}
}

// newProducer sends to a broker behind a listener, each batch in one request.
func newProducer(b *testing.B, listen func(network, address string) (net.Listener, error),
	settings map[string]*string) *kgo.Client {
	b.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.BlackholeProduce(), kfake.ListenFn(listen))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.DefaultProduceTopic("t"),
		kgo.ProducerLinger(0), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.ProducerBatchMaxBytes(2<<20))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	if _, err := kadm.NewClient(client).CreateTopic(b.Context(), 1, 1, settings, "t"); err != nil {
		b.Fatal(err)
	}
	send(b, client, 1, 1) // connections and the producer id are there
	return client
}

// send sends records and tells how long it took until they were acknowledged.
func send(b *testing.B, client *kgo.Client, count, size int) time.Duration {
	b.Helper()
	records := make([]*kgo.Record, count)
	for i := range records {
		records[i] = &kgo.Record{Key: []byte("key"), Value: make([]byte, size)}
	}
	begin := time.Now()
	if err := client.ProduceSync(context.WithoutCancel(b.Context()), records...).FirstErr(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}
