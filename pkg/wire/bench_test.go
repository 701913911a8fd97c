package wire

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// BenchmarkWire compares producing directly and through the wire with everything observed, alternating in one run: a
// machine is never the same for two runs. A turn is 2M records of 100 bytes each way, and 1000 single records each way;
// an iteration is seven turns. It reports the median of direct time over wire time (1 is no loss, at least 0.85 is
// wanted), by how much the median round trip grows (at most 200 µs), and by how much the memory in use has grown over
// all turns, where the broker is another process. KAFKASPEC_LOCAL=1 adds a broker of Apache Kafka.
func BenchmarkWire(b *testing.B) {
	b.Run("kfake", func(b *testing.B) {
		compare(b, cluster(b, 1, kfake.SeedTopics(12, "orders")).ListenAddrs(),
			"orders")
	})
	b.Run("kafka", func(b *testing.B) {
		backend := realBrokers(b, 1)
		session := openReal(b, backend)
		compare(b, session.Bootstrap(), session.Names().Topic("orders"))
	})
}

func compare(b *testing.B, bootstrap []string, topic string) {
	const records, trips, turns = 2_000_000, 1000, 7
	p, err := New(context.Background(), Options{Upstream: bootstrap, Observe: func(journal.Fact) {}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.Close() })
	l, err := p.Application("app")
	if err != nil {
		b.Fatal(err)
	}
	cleaner := direct(b, bootstrap)
	for _, way := range [][]string{bootstrap, l.Bootstrap()} { // warms both up
		produceAll(b, way, topic, records/10)
	}
	var ratios, longer []float64
	before := inUse()
	for b.Loop() {
		for turn := range turns {
			var straight, through time.Duration
			if turn%2 == 0 {
				through = produceAll(b, l.Bootstrap(), topic, records)
			}
			straight = produceAll(b, bootstrap, topic, records)
			if turn%2 == 1 {
				through = produceAll(b, l.Bootstrap(), topic, records)
			}
			ratios = append(ratios, straight.Seconds()/through.Seconds())
			near, far := roundTrip(b, bootstrap, topic, trips), roundTrip(b, l.Bootstrap(), topic, trips)
			longer = append(longer, float64((far - near).Microseconds()))
			empty(b, cleaner, topic)
		}
	}
	slices.Sort(ratios)
	slices.Sort(longer)
	b.Logf("direct/wire by turn %.2f, µs longer by turn %.0f", ratios, longer)
	b.ReportMetric(ratios[len(ratios)/2], "direct/wire")
	b.ReportMetric(longer[len(longer)/2], "µs-longer-p50")
	b.ReportMetric((inUse()-before)/1024, "KiB-grown")
}

// inUse is the memory that is still needed, in bytes.
func inUse() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// empty deletes the records, so that an embedded broker does not fill the memory.
func empty(b *testing.B, client *kgo.Client, topic string) {
	b.Helper()
	admin, ctx := kadm.NewClient(client), context.Background()
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := admin.DeleteRecords(ctx, ends.Offsets()); err != nil {
		b.Fatal(err)
	}
}

func produceAll(b *testing.B, bootstrap []string, topic string, n int) time.Duration {
	b.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...), kgo.DefaultProduceTopic(topic),
		kgo.MaxBufferedRecords(200_000),
		kgo.ProducerBatchCompression(kgo.NoCompression())) // all bytes go over the wire
	if err != nil {
		b.Fatal(err)
	}
	defer producer.Close()
	values, random := make([][]byte, 1000), rand.New(rand.NewPCG(1, 2))
	for i := range values {
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
