package builtin

// Benchmarks: rates and latencies that an application reports in its line of the kind "done" (rate, p50, p90, p99,
// p99.9, max, timed), held against floors, ceilings and baselines; and whether what it measured is true. A rate seen
// from the cluster is in the family of throughput.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func benchmarkSteps(s *steps.Registry) {
	s.Then("every event of {topic} was received by {app} once and in order", everyEventReceived,
		steps.Claims(steps.InTheEnd))
	s.Then("the {quantile} latency of {app} is at least {duration}", latencyAtLeast,
		steps.With(world.MeasuresSpeed))
	s.Then("the {quantile} latency of {app} is below {duration}", latencyBelow, steps.With(world.MeasuresSpeed))
	s.Then("{app} consumed at least {rate}", consumedAtLeast, steps.With(world.MeasuresSpeed))
	s.Then("{app} is at most {percent} worse than the baseline {string}", asGoodAsBaseline, steps.Checked(baselineIsKnown),
		steps.With(world.MeasuresSpeed))
	s.Then("{app} produced at least {rate}", producedAtLeast, steps.With(world.MeasuresSpeed))
	s.Then("{app} timed exactly {count} event(s)", timedExactly, steps.Claims(steps.InTheEnd))
}

// producedAtLeast holds the rate at which the cluster acknowledged what an application sent, after its warm-up, against
// a floor. The figure goes into the report, with the cluster it was taken on.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events  | 10_000 |
//	  | warm-up | 1_000  |
//	When application "load" has finished
//	Then "load" produced at least 100 records/s
func producedAtLeast(ctx context.Context, a *world.Application, want float64) error {
	return rateAtLeast(world.FromContext(ctx), a, "acknowledged", "produced", want)
}

// consumedAtLeast holds the rate at which an application received events, after its warm-up, against a floor.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 10_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 10_000 |
//	When application "meter" has finished
//	Then "meter" consumed at least 100 records/s
func consumedAtLeast(ctx context.Context, a *world.Application, want float64) error {
	return rateAtLeast(world.FromContext(ctx), a, "received", "consumed", want)
}

// latencyBelow holds a percentile of the latencies that an application measured against a ceiling: from the time in
// each event, at a fixed rate the time it was due, to the moment the application had it.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	  | rate   | 2_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1_000 |
//	When application "meter" has finished
//	Then the p99 latency of "meter" is below 30s
func latencyBelow(ctx context.Context, percentile string, a *world.Application, want time.Duration) error {
	got, err := latency(world.FromContext(ctx), a, percentile)
	if err == nil && got >= want {
		return world.Final(fmt.Errorf("application %q: got a %s latency of %s, want below %s, on %s", a.Name, percentile, got,
			want, world.FromContext(ctx).Session.Describe()))
	}
	return err
}

// latencyAtLeast is for stalls that a scenario makes: a measurement that does not show them measures something else.
//
//	Given topic "events" with 1 partition
//	And the record "{\"sent\":1700000000000000000,\"seq\":0}" is in "events"
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1 |
//	When application "meter" has finished
//	Then the p50 latency of "meter" is at least 1h
func latencyAtLeast(ctx context.Context, percentile string, a *world.Application, want time.Duration) error {
	got, err := latency(world.FromContext(ctx), a, percentile)
	if err == nil && got < want {
		return world.Final(fmt.Errorf("application %q: got a %s latency of %s, want at least %s: it does not count from "+
			"when events were due", a.Name, percentile, got, want))
	}
	return err
}

// timedExactly counts the events that an application timed: those after the warm-up.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events  | 1_000 |
//	  | warm-up | 100   |
//	When application "meter" has finished
//	Then "meter" timed exactly 900 events
func timedExactly(ctx context.Context, a *world.Application, want int64) error {
	got, err := reported(world.FromContext(ctx), a, "timed")
	if err == nil && got != want {
		return world.Final(fmt.Errorf("application %q: got %d timed events, want exactly %d", a.Name, got, want))
	}
	return err
}

// asGoodAsBaseline holds the rate, and the p99 latency where there is one, against a result that kafkaspec bench --json
// wrote, in the file baselines/NAME.json beside the feature. With 20%, a rate must be at least 80% of the baseline's,
// and the baseline's latency at least 80% of the one measured. A baseline of another kind of cluster makes the scenario
// not applicable.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 50_000 |
//	When application "load" has finished
//	Then "load" is at most 99% worse than the baseline "embedded"
func asGoodAsBaseline(ctx context.Context, a *world.Application, tolerance float64, figures string) error {
	w := world.FromContext(ctx)
	if tolerance >= 1 {
		return world.Final(fmt.Errorf("got a tolerance of %.0f%%, want less than 100%%", 100*tolerance))
	}
	base, err := findBaseline(w.Fixtures, figures)
	if err != nil {
		return world.Final(err)
	}
	if here := w.Session.Describe(); base.Cluster.Kind != here.Kind {
		return outcome.NotApplicablef("the baseline %q was taken on %s, this is %s", figures, base.Cluster, here)
	}
	done, err := done(w, a)
	if err != nil {
		return err
	}
	var errs []error
	if _, consumes := done.Fields()["received"]; !consumes {
		rate, err := reported(w, a, "rate")
		return world.Final(errors.Join(err, baseline.Faster("producing", base.Producer.Rate, float64(rate), tolerance)))
	}
	rate, err := reported(w, a, "rate")
	errs = append(errs, err, baseline.Faster("consuming", base.Consumer.Rate, float64(rate), tolerance))
	if p99, err := latency(w, a, "p99"); err == nil {
		errs = append(errs, baseline.Sooner(base.Consumer.Latency.P99, p99, tolerance))
	}
	return world.Final(errors.Join(errs...))
}

// everyEventReceived judges the topic itself, whose events are numbered in the field seq from 0, each number once and
// rising on each partition for each producer; and then that the application received just what the topic holds, and
// found nothing wrong with it.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events    | 1_000 |
//	  | producers | 2     |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events    | 1_000 |
//	  | producers | 2     |
//	When application "meter" has finished
//	Then every event of "events" was received by "meter" once and in order
func everyEventReceived(ctx context.Context, topic *world.Topic, a *world.Application) error {
	w := world.FromContext(ctx)
	producers, err := reported(w, a, "producers")
	if err != nil {
		return err
	}
	held, err := judgeEvents(w, ctx, topic, max(producers, 1))
	if err != nil {
		return err
	}
	for _, figure := range []struct {
		field string
		want  int64
	}{{"received", held}, {"records", held}, {"lost", 0}, {"repeated", 0}, {"reordered", 0}, {"foreign", 0}} {
		got, err := reported(w, a, figure.field)
		if err != nil {
			return err
		}
		if got != figure.want {
			return world.Final(fmt.Errorf("application %q reported %s=%d, want %d: %q holds %d events, each once and in order",
				a.Name, figure.field, got, figure.want, topic.Name, held))
		}
	}
	return nil
}

// judgeEvents judges a topic of numbered events and returns how many it holds. Producer i of n has the numbers i, i+n,
// i+2n and so on.
func judgeEvents(w *world.World, ctx context.Context, topic *world.Topic, producers int64) (int64, error) {
	held, err := topic.Count(ctx)
	if err != nil {
		return 0, err
	}
	judges := make([]*verdict.Sequence, producers)
	for i := range judges {
		judges[i] = verdict.NewSequence(topic.Name, "seq", 0, (held-int64(i)+producers-1)/producers-1)
	}
	number := verdict.Number("seq")
	err = topic.Scan(ctx, func(r *record.Record) {
		n, err := number(r)
		if err != nil || n < 0 {
			judges[0].Observe(r) // which says what is wrong with it
			return
		}
		judges[n%producers].ObserveNumber(n/producers, r)
	})
	if err != nil {
		return 0, err
	}
	for _, judge := range judges {
		if err := world.Judged(judge.Result()); err != nil {
			return 0, err
		}
	}
	return held, nil
}
