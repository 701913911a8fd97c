package wire

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// BenchmarkWire compares producing directly and through the wire with everything observed, alternating in one run: a machine
// is never the same for two runs. Each iteration is a round of 1M records of 100 bytes each way, and 1000 single records.
// It reports the median of direct time over wire time (1 is no loss), and by how much the median round trip grows.
// KAFKASPEC_LOCAL=1 adds a broker of Apache Kafka.
func BenchmarkWire(b *testing.B) {
	b.Run("kfake", func(b *testing.B) { compare(b, cluster(b, 1, kfake.SeedTopics(12, "orders")).ListenAddrs(), "orders") })
	b.Run("kafka", func(b *testing.B) {
		backend := realBrokers(b, 1)
		session := openReal(b, backend)
		compare(b, session.Bootstrap(), session.Names().Topic("orders"))
	})
}

func compare(b *testing.B, bootstrap []string, topic string) {
	const records, trips = 1_000_000, 1000
	p, err := New(context.Background(), Options{Upstream: bootstrap, Observe: func(Event) {}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.Close() })
	l, err := p.Application("app")
	if err != nil {
		b.Fatal(err)
	}
	produceAll(b, bootstrap, topic, records/10) // warms both up
	var ratios, longer []float64
	wireFirst := false
	for b.Loop() {
		var straight, through time.Duration
		if wireFirst = !wireFirst; wireFirst {
			through = produceAll(b, l.Bootstrap(), topic, records)
		}
		straight = produceAll(b, bootstrap, topic, records)
		if !wireFirst {
			through = produceAll(b, l.Bootstrap(), topic, records)
		}
		ratios = append(ratios, straight.Seconds()/through.Seconds())
		near, far := roundTrip(b, bootstrap, topic, trips), roundTrip(b, l.Bootstrap(), topic, trips)
		longer = append(longer, float64((far - near).Microseconds()))
	}
	slices.Sort(ratios)
	slices.Sort(longer)
	b.ReportMetric(ratios[len(ratios)/2], "direct/wire")
	b.ReportMetric(longer[len(longer)/2], "µs-longer-p50")
}

func produceAll(b *testing.B, bootstrap []string, topic string, n int) time.Duration {
	b.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...), kgo.DefaultProduceTopic(topic), kgo.MaxBufferedRecords(200_000))
	if err != nil {
		b.Fatal(err)
	}
	defer producer.Close()
	values, random := make([][]byte, 1000), rand.New(rand.NewPCG(1, 2))
	for i := range values { // random, so that they hardly compress: all bytes go over the wire
		values[i] = make([]byte, 100)
		for j := range values[i] {
			values[i][j] = byte(random.Uint32())
		}
	}
	ctx := context.Background()
	start := time.Now()
	for i := range n {
		producer.Produce(ctx, &kgo.Record{Value: values[i%len(values)]}, func(_ *kgo.Record, err error) {
			if err != nil {
				b.Error(err)
			}
		})
	}
	if err := producer.Flush(ctx); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// roundTrip is the median time of producing one record alone.
func roundTrip(b *testing.B, bootstrap []string, topic string, n int) time.Duration {
	b.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...), kgo.DefaultProduceTopic(topic), kgo.ProducerLinger(0))
	if err != nil {
		b.Fatal(err)
	}
	defer producer.Close()
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		if err := producer.ProduceSync(context.Background(), &kgo.Record{Value: make([]byte, 100)}).FirstErr(); err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[n/2]
}
