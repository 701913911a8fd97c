package benchmark_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/cputime"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// benchEvents is how many events each turn of the benchmarks moves: enough to be past the beginning, few enough for a
// turn of some seconds.
const benchEvents = 2_000_000

// BenchmarkAgainstBareLoop sends and receives events at once, checked and timed one by one, and as much with nothing
// but the client, in turns, on embedded clusters. It reports the rates and the median of the ratios of their times:
// above 1 the checked run is slower. The bare loop sends one value that was made beforehand and counts what comes.
func BenchmarkAgainstBareLoop(b *testing.B) {
	inTurns(b, "bare", turn(b, withBenchmark(false)), turn(b, withBareLoop))
}

// BenchmarkTiming compares a run that records each latency with one that records none.
func BenchmarkTiming(b *testing.B) {
	inTurns(b, "untimed", turn(b, withBenchmark(false)), turn(b, withBenchmark(true)))
}

// inTurns runs both, each first half of the time.
func inTurns(b *testing.B, other string, ours, theirs func() cost) {
	var mine, others, ratios, processors []float64
	theirs() // the first one pays for the memory
	for b.Loop() {
		var costs [2]cost
		for i := range 2 {
			which := (i + len(ratios)) % 2
			costs[which] = []func() cost{ours, theirs}[which]()
		}
		mine, others = append(mine, benchEvents/costs[0].seconds), append(others, benchEvents/costs[1].seconds)
		ratios, processors = append(ratios, costs[0].seconds/costs[1].seconds),
			append(processors, costs[0].processor/costs[1].processor)
	}
	b.ReportMetric(median(mine), "events/s")
	b.ReportMetric(median(others), other+"-events/s")
	b.ReportMetric(median(ratios), "ratio")
	// of processor time, the broker's included: what neighbours on the machine do shows less in it
	b.ReportMetric(median(processors), "cpu-ratio")
}

// cost is what a turn took.
type cost struct{ seconds, processor float64 }

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// turn runs on a fresh cluster.
func turn(b *testing.B, run func(b *testing.B, base []kgo.Opt)) func() cost {
	return func() cost {
		l := lab.New(b)
		defer l.Fake.Close() // before the memory of the next one is needed; closing twice is harmless
		l.Topic(b, "events", 12)
		runtime.GC()
		start, used := time.Now(), cputime.Own().Seconds()
		run(b, []kgo.Opt{kgo.SeedBrokers(l.Fake.ListenAddrs()...)})
		return cost{time.Since(start).Seconds(), cputime.Own().Seconds() - used}
	}
}

func withBenchmark(untimed bool) func(b *testing.B, base []kgo.Opt) {
	return func(b *testing.B, base []kgo.Opt) {
		load := benchmark.Load{Topic: "events", Events: benchEvents, Size: 100, Codec: "none", Acks: "all", Producers: 1,
			Linger: benchmark.DefaultLinger(0), Batch: benchmark.BatchBytes, Buffer: benchmark.DefaultBuffer,
			Progress: time.Second}
		in := benchmark.Intake{Topic: "events", Events: benchEvents, Producers: 1, Consumers: 1,
			Patience: benchmark.DefaultPatience, Untimed: untimed, Progress: time.Second}
		var both sync.WaitGroup
		both.Go(func() {
			if sent, err := benchmark.Produce(context.Background(), base, load, func(int64) {}); err != nil ||
				sent.Acknowledged != benchEvents {
				b.Errorf("got %+v (%v), want all acknowledged", sent, err)
			}
		})
		got, err := benchmark.Consume(context.Background(), base, in, func(benchmark.Point) {})
		if err != nil || got.Findings.Err() != nil {
			b.Errorf("got %v and %v, want neither", err, got.Findings.Err())
		}
		both.Wait()
	}
}

func withBareLoop(b *testing.B, base []kgo.Opt) {
	var both sync.WaitGroup
	both.Go(func() {
		client, err := kgo.NewClient(append(slices.Clone(base), kgo.DefaultProduceTopic("events"),
			kgo.ProducerBatchCompression(kgo.NoCompression()),
			kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MaxBufferedRecords(benchmark.DefaultBuffer),
			kgo.ProducerBatchMaxBytes(benchmark.BatchBytes))...)
		if err != nil {
			b.Error(err)
			return
		}
		defer client.Close()
		var acknowledged atomic.Int64
		count := func(_ *kgo.Record, err error) {
			if err == nil {
				acknowledged.Add(1)
			}
		}
		value := make([]byte, 100)
		for i := range benchEvents {
			client.Produce(context.Background(), &kgo.Record{Value: value, Partition: int32(i % 12)}, count)
		}
		if err := client.Flush(context.Background()); err != nil || acknowledged.Load() != benchEvents {
			b.Errorf("got %d acknowledged (%v), want all", acknowledged.Load(), err)
		}
	})
	client, err := kgo.NewClient(append(slices.Clone(base), kgo.ConsumeTopics("events"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	for got := 0; got < benchEvents; {
		fetches := client.PollFetches(context.Background())
		if err := fetches.Err(); err != nil {
			b.Fatal(err)
		}
		got += fetches.NumRecords()
	}
	both.Wait()
}
