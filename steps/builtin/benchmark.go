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
	s.Then("the {quantile} latency of {app} is {span}", latencyIs, steps.With(world.MeasuresSpeed))
	s.Then("{app} is at most {percent} worse than the baseline {string}", asGoodAsBaseline, steps.Checked(baselineIsKnown),
		steps.With(world.MeasuresSpeed))
	s.Then("{app} {pace}", keptPace, steps.With(world.MeasuresSpeed))
}

// benchmarkParts are how fast applications are.
func benchmarkParts(s *steps.Registry) {
	steps.AddPart[pace](s, "pace", "how many records a second an application had to do with",
		steps.Form("produced at least {rate}", produced),
		steps.Form("consumed at least {rate}", consumed))
	steps.AddPart[span](s, "span", "how long something took",
		steps.Form("below {duration}", below),
		steps.Form("at least {duration}", noShorter))
}

// pace is how many records a second an application reports at least: the field that counts them, and the word for it.
type pace struct {
	field, verb string
	least       float64
}

// keptPace holds a rate that an application reports, after its warm-up, against a floor: what its line of the kind
// "done" gives as rate, over the time that the application itself has measured, and not over the step's. The figure
// goes into the report, with the cluster it was taken on. Not looked at: whether the application counted truly: see the
// rate at which a topic received records.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events  | 10_000 |
//	  | warm-up | 1_000  |
//	When application "load" has finished
//	Then "load" produced at least 100 records/s
func keptPace(ctx context.Context, a *world.Application, p pace) error {
	return rateAtLeast(world.FromContext(ctx), a, p.field, p.verb, p.least)
}

// span judges how long something took.
type span func(w *world.World, a *world.Application, percentile string, got time.Duration) error

// latencyIs holds a percentile of the latencies that an application measured against a bound: from the time in each
// event, at a fixed rate the time it was due, to the moment the application had it. Not looked at: other percentiles,
// and whether the application measured truly.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	  | rate   | 2_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1_000 |
//	When application "meter" has finished
//	Then the p99 latency of "meter" is below 30s
func latencyIs(ctx context.Context, percentile string, a *world.Application, want span) error {
	w := world.FromContext(ctx)
	got, err := latency(w, a, percentile)
	if err != nil {
		return err
	}
	if err := want(w, a, percentile, got); err != nil {
		return world.Final(err)
	}
	return nil
}

// produced counts what the cluster acknowledged of what an application sent.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events  | 10_000 |
//	  | warm-up | 1_000  |
//	When application "load" has finished
//	Then "load" produced at least 100 records/s
func produced(least float64) pace { return pace{"acknowledged", "produced", least} }

// consumed counts the events that an application received.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 10_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 10_000 |
//	When application "meter" has finished
//	Then "meter" consumed at least 100 records/s
func consumed(least float64) pace { return pace{"received", "consumed", least} }

// below is a ceiling.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	  | rate   | 2_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1_000 |
//	When application "meter" has finished
//	Then the p99 latency of "meter" is below 30s
func below(most time.Duration) span {
	return func(w *world.World, a *world.Application, percentile string, got time.Duration) error {
		if got < most {
			return nil
		}
		return fmt.Errorf("application %q: got a %s latency of %s, want below %s, on %s", a.Name, percentile, got, most,
			w.Session.Describe())
	}
}

// noShorter is a floor, for stalls that a scenario makes: a measurement that does not show them measures something
// else.
//
//	Given topic "events" with 1 partition
//	And the record "{\"sent\":1700000000000000000,\"seq\":0}" is in "events"
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1 |
//	When application "meter" has finished
//	Then the p50 latency of "meter" is at least 1h
func noShorter(least time.Duration) span {
	return func(_ *world.World, a *world.Application, percentile string, got time.Duration) error {
		if got >= least {
			return nil
		}
		return fmt.Errorf("application %q: got a %s latency of %s, want at least %s: it does not count from "+
			"when events were due", a.Name, percentile, got, least)
	}
}

// asGoodAsBaseline holds the rate, and the p99 latency where there is one, against a result that kafkaspec bench --json
// wrote, in the file baselines/NAME.json beside the feature. With 20%, a rate must be at least 80% of the baseline's,
// and the baseline's latency at least 80% of the one measured. A baseline of another kind of cluster makes the scenario
// not applicable. Not looked at: the machine, but for the kind of cluster.
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
// found nothing wrong with it. Not looked at: how long each took.
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
	held, gone, err := judgeEvents(w, ctx, topic, max(producers, 1))
	if err != nil {
		return err
	}
	for _, figure := range []struct {
		field string
		want  int64
		more  int64 // that it may be, as so many may be gone
	}{{"received", held, gone.Unknown()}, {"records", held, gone.Unknown()}, {"lost", 0, 0}, {"repeated", 0, 0},
		{"reordered", 0, 0}, {"foreign", 0, 0}} {
		got, err := reported(w, a, figure.field)
		if err != nil {
			return err
		}
		if got < figure.want || got > figure.want+figure.more {
			return world.Final(fmt.Errorf("application %q reported %s=%d, want %s: %q holds %d events, each once and in order",
				a.Name, figure.field, got, upTo(figure.want, figure.more), topic.Name, held))
		}
	}
	return gone.Err()
}

// upTo is a number, or it and so many more.
func upTo(least, more int64) string {
	if more == 0 {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d to %d", least, least+more)
}

// judgeEvents judges a topic of numbered events and returns how many it held, of those that are known, and which are
// gone. Producer i of n has the numbers i, i+n, i+2n and so on.
func judgeEvents(w *world.World, ctx context.Context, topic *world.Topic, producers int64) (held int64,
	gone *world.GoneError, err error) {
	count := func(*record.Record) { held++ }
	if gone, err = whatIsLeft(topic.ScanWhole(ctx, count, count)); err != nil {
		return 0, nil, err
	}
	total := held + gone.Unknown()
	judges := make([]*verdict.Sequence, producers)
	for i := range judges {
		judges[i] = verdict.NewSequence(topic.Name, "seq", 0, (total-int64(i)+producers-1)/producers-1)
	}
	number := verdict.Number("seq")
	see := func(r *record.Record) {
		n, err := number(r)
		if err != nil || n < 0 {
			judges[0].Observe(r) // which says what is wrong with it
			return
		}
		judges[n%producers].ObserveNumber(n/producers, r)
	}
	again, err := whatIsLeft(topic.ScanWhole(ctx, see, see))
	if err != nil {
		return 0, nil, err
	}
	if gone.Unknown() != again.Unknown() {
		return 0, nil, fmt.Errorf("could not look: records of %q were taken from the log while it was read", topic.Name)
	}
	if again != nil {
		again.Certain = verdict.AllBut(verdict.LostWrite)
	}
	for _, judge := range judges {
		if err := again.Judged(judge.Result()); err != nil {
			return 0, nil, err
		}
	}
	return held, again, world.Settled(ctx, topic)
}
