package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// latency compares the time from when a record was due to its being received, at fixed rates. A tenth of the events is
// warm-up.
func (s *suite) latency(ctx context.Context, backend cluster.Backend, others []peer) error {
	section := "Latency on " + backend.Describe().String()
	for _, rate := range []float64{10_000, 50_000} {
		events := int64(rate * pick(s, 5.0, 0.5))
		what := func(q string) string { return fmt.Sprintf("%s at %.0fk records/s", q, rate/1000) }
		sides := []struct {
			name string
			run  func(context.Context, place, float64, int64) (benchmark.Percentiles, error)
		}{{ours, latencyOurs}, {"bare franz-go", barePercentiles}}
		for _, side := range inTurns(s, sides) {
			err := s.onTopic(ctx, backend, func(p place) error {
				got, err := side.run(ctx, p, rate, events)
				if err == nil {
					s.table.add(section, what("p50"), side.name, "ms", milliseconds(got.P50))
					s.table.add(section, what("p99"), side.name, "ms", milliseconds(got.P99))
					s.table.add(section, what("p99.9"), side.name, "ms", milliseconds(got.P999))
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	if others == nil {
		return nil
	}
	return s.oneAtATime(ctx, backend, section)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func latencyOurs(ctx context.Context, p place, rate float64, events int64) (benchmark.Percentiles, error) {
	w := work{events, 100, "none"}
	load, in := w.load(p), w.intake(p)
	load.Rate, load.Linger, load.WarmUp, in.WarmUp = rate, 0, events/10, events/10
	var sending sync.WaitGroup
	var failed error
	sending.Go(func() { _, failed = benchmark.Produce(ctx, p.base, load, func(int64) {}) })
	got, err := benchmark.Consume(ctx, p.base, in, func(benchmark.Point) {})
	sending.Wait()
	if err == nil {
		err = failed
	}
	if err == nil {
		err = got.Findings.Err()
	}
	return got.Latency, err
}

func barePercentiles(ctx context.Context, p place, rate float64, events int64) (benchmark.Percentiles, error) {
	all, err := latencyBare(ctx, p, rate, events)
	if err != nil {
		return benchmark.Percentiles{}, err
	}
	all = all[events/10:]
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[min(int(q*float64(len(all))), len(all)-1)] }
	return benchmark.Percentiles{P50: at(0.5), P90: at(0.9), P99: at(0.99), P999: at(0.999), Max: at(1)}, nil
}
