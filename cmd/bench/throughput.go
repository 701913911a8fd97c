package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// work is what a peer is asked to do.
type work struct {
	events int64
	size   int
	codec  string
}

func (w work) String() string { return fmt.Sprintf("%d B, %s", w.size, w.codec) }

// peer sends and receives. A rate is in records a second: of sending, from the first record handed over to the last
// acknowledgement; of receiving, from making the client to the last record, for Kafka's tool without the time to join
// its group.
type peer struct {
	name    string
	share   int64 // sends only one in so many of the events, as it is slow
	produce func(ctx context.Context, p place, w work) (rate float64, err error)
	consume func(ctx context.Context, p place, w work) (rate float64, err error)
}

// throughput compares sending, receiving, and both at once.
func (s *suite) throughput(ctx context.Context, backend cluster.Backend, others []peer) error {
	section := "Throughput on " + backend.Describe().String()
	all := append([]peer{{ours, 1, produceOurs, consumeOurs}, {"bare franz-go", 1, produceBare, consumeBare}}, others...)
	for _, w := range []work{{600_000, 100, "none"}, {600_000, 100, "lz4"}, {150_000, 1024, "none"},
		{150_000, 1024, "lz4"}} {
		w.events = pick(s, w.events, w.events/20)
		for _, one := range inTurns(s, all) {
			if err := s.sendAndReceive(ctx, backend, section, one, w); err != nil {
				s.table.leaveOut("%s, %s, on %s: %v", one.name, w, backend.Describe(), err)
			}
		}
	}
	return s.bothAtOnce(ctx, backend, section)
}

func (s *suite) sendAndReceive(ctx context.Context, backend cluster.Backend, section string, one peer, w work) error {
	w.events /= one.share
	return s.onTopic(ctx, backend, func(p place) error {
		runtime.GC()
		rate, err := one.produce(ctx, p, w)
		if err != nil {
			return err
		}
		s.table.add(section, "produce "+w.String(), one.name, "records/s", rate)
		if rate, err = one.consume(ctx, p, w); err != nil {
			return err
		}
		s.table.add(section, "consume "+w.String(), one.name, "records/s", rate)
		return nil
	})
}

// bothAtOnce sends and receives at the same time, as kafkaspec bench does: each event checked and timed, against
// nothing of that.
func (s *suite) bothAtOnce(ctx context.Context, backend cluster.Backend, section string) error {
	w := work{pick(s, int64(10_000_000), 100_000), 100, "none"}
	if backend.Describe().Kind != cluster.KindEmbedded {
		w.events = pick(s, int64(2_000_000), 50_000)
	}
	what := fmt.Sprintf("%s at once, %d events", w, w.events)
	for _, side := range inTurns(s, []peer{{ours, 1, produceOurs, consumeOurs},
		{"bare franz-go", 1, produceBare, consumeBare}, {"kafkaspec without latency", 1, produceOurs, consumeUntimed}}) {
		err := s.onTopic(ctx, backend, func(p place) error {
			runtime.GC()
			seconds, err := took(func() error {
				var produced, consumed error
				var both sync.WaitGroup
				both.Go(func() { _, produced = side.produce(ctx, p, w) })
				both.Go(func() { _, consumed = side.consume(ctx, p, w) })
				both.Wait()
				return errors.Join(produced, consumed)
			})
			if err == nil {
				s.table.add(section, what, side.name, "seconds", seconds)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w work) load(p place) benchmark.Load {
	return benchmark.Load{
		Topic: p.topic, Events: w.events, Size: w.size, Codec: w.codec, Acks: "all", Producers: 1,
		Linger: benchmark.DefaultLinger(0), Batch: benchmark.BatchBytes, Buffer: benchmark.DefaultBuffer,
		Progress: progressEvery,
	}
}

func (w work) intake(p place) benchmark.Intake {
	return benchmark.Intake{Topic: p.topic, Events: w.events, Producers: 1, Consumers: 1,
		Patience: benchmark.DefaultPatience, Progress: progressEvery}
}

func produceOurs(ctx context.Context, p place, w work) (float64, error) {
	sent, err := benchmark.Produce(ctx, p.base, w.load(p), func(int64) {})
	if err == nil {
		err = sent.Err()
	}
	return sent.Rate, err
}

func consumeOurs(ctx context.Context, p place, w work) (float64, error) {
	return consumeChecked(ctx, p, w.intake(p))
}

func consumeUntimed(ctx context.Context, p place, w work) (float64, error) {
	in := w.intake(p)
	in.Untimed = true
	return consumeChecked(ctx, p, in)
}

func consumeChecked(ctx context.Context, p place, in benchmark.Intake) (float64, error) {
	var got benchmark.Received
	seconds, err := took(func() (err error) {
		got, err = benchmark.Consume(ctx, p.base, in, func(benchmark.Point) {})
		return err
	})
	if err == nil {
		err = got.Findings.Err()
	}
	return float64(in.Events) / seconds, err
}
