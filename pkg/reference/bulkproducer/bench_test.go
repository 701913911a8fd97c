package bulkproducer_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

const benchEvents = 1_000_000

// BenchmarkAgainstBareLoop sends 1M events with bulk-producer and with nothing but the client, in turns, on embedded
// clusters. It reports both rates and the median of the ratios. The bare loop has
// its keys and values made beforehand and does nothing but count acknowledgements.
func BenchmarkAgainstBareLoop(b *testing.B) {
	for _, compression := range []string{"snappy", "none"} {
		b.Run(compression, func(b *testing.B) {
			var ratios, ours, bares []float64
			timed(b, compression, withBareLoop) // the first one pays for the memory
			for b.Loop() {
				seconds := [2]float64{}
				for turn := range 2 { // each goes first half of the time
					which := (turn + len(ratios)) % 2
					seconds[which] = timed(b, compression, []sender{withBulkProducer, withBareLoop}[which])
				}
				our, bare := seconds[0], seconds[1]
				ours, bares, ratios = append(ours, benchEvents/our), append(bares, benchEvents/bare), append(ratios, bare/our)
			}
			b.ReportMetric(median(ours), "events/s")
			b.ReportMetric(median(bares), "bare-events/s")
			b.ReportMetric(median(ratios), "ratio")
		})
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// sender sends all events and returns the seconds it took.
type sender func(b *testing.B, addresses []string, compression string) float64

// timed returns the seconds that send takes.
func timed(b *testing.B, compression string, send sender) float64 {
	l := lab.New(b)
	defer l.Fake.Close() // before the memory of the next one is needed; closing twice is harmless
	l.Topic(b, "events", 12)
	runtime.GC()
	return send(b, l.Fake.ListenAddrs(), compression)
}

func withBulkProducer(b *testing.B, addresses []string, compression string) float64 {
	start := time.Now()
	settings, err := app.ParseSettings([]byte("compression: "+compression), source.Place{File: "settings.yaml"})
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(app.NewLogHandler(io.Discard))
	if err := bulkproducer.Run(context.Background(), app.Env{Name: "bulk", Bootstrap: addresses,
		Outputs: []string{"events"}, Settings: settings, Log: log}); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}

func withBareLoop(b *testing.B, addresses []string, compression string) float64 {
	codec := map[string]kgo.CompressionCodec{"snappy": kgo.SnappyCompression(), "none": kgo.NoCompression()}[compression]
	client, err := kgo.NewClient(kgo.SeedBrokers(addresses...), kgo.DefaultProduceTopic("events"),
		kgo.ProducerBatchCompression(codec),
		kgo.MaxBufferedRecords(20_000)) // as bulk-producer has: it makes more of a difference than all else
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	keys, values := make([][]byte, 10_000), make([][]byte, 10_000)
	for i := range keys { // made beforehand: like the events of bulk-producer for the network and the codec
		keys[i] = fmt.Appendf(nil, "user-%06d", i)
		values[i] = fmt.Appendf(nil, `{"user_id":"user-%06d","seq":%d,"pad":"%s"}`, i, 500_000+49*i, strings.Repeat("x", 53))
		if len(values[i]) != 100 {
			b.Fatalf("got values of %d bytes, want 100", len(values[i]))
		}
	}
	start := time.Now()
	var acknowledged atomic.Int64
	count := func(_ *kgo.Record, err error) {
		if err == nil {
			acknowledged.Add(1)
		}
	}
	for i := range benchEvents {
		user := uint64(i) * 0x9e3779b97f4a7c15 >> 32 % 10_000
		client.Produce(context.Background(), &kgo.Record{Key: keys[user], Value: values[user]}, count)
	}
	if err := client.Flush(context.Background()); err != nil || acknowledged.Load() != benchEvents {
		b.Fatalf("got %d acknowledged (%v), want all", acknowledged.Load(), err)
	}
	return time.Since(start).Seconds()
}
