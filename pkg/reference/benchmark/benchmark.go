// Package benchmark is a pair of applications that measure a cluster: bench-producer sends numbered events that carry
// the time, bench-consumer checks and times each of them.
//
// The promise: the figures can be believed.
//
//   - A rate counts what the cluster has acknowledged, from the end of the warm-up to the last acknowledgement. What
//     was handed to the client is not yet anywhere.
//   - Latency runs from the time in the event to the moment the consumer's poll returned it: what an application waits
//     for. Neither the record's timestamp, which is the client's or the broker's, nor the time of the send call says
//     that.
//   - At a fixed rate an event carries the time at which it was due, also when it was sent late: a stall counts for
//     each event that should have been sent while it lasted. The time of sending would leave out just those
//     (coordinated omission).
//   - Each event is checked, since a benchmark that loses some is a fast one: one bit for each number says whether it
//     came, and the last number of each partition says whether it is in order.
//   - The warm-up, in which connections are made and buffers grow, is in no figure.
//   - Latencies go into an HDR histogram, which keeps three digits of each. No average of percentiles is ever taken.
//   - Memory does not grow with the number of events, but for their bit, and is used again: the garbage of a million
//     records would be measured as well.
//
// Producer i of n sends the events i, i+n, i+2n and so on, one partition after the other (sending.send). Consumers
// share the partitions, without a group (receiving.read).
package benchmark

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// RunProducer is the application bench-producer. The type Load lists what can be set.
func RunProducer(ctx context.Context, env app.Env) error {
	return RunProducerWith(ctx, env, func(*SendPlan) {})
}

// RunProducerWith is RunProducer with another plan: change is given the usual one.
func RunProducerWith(ctx context.Context, env app.Env, change func(*SendPlan)) error {
	load, err := readLoad(env)
	if err != nil {
		return fmt.Errorf("bench-producer: %w", err)
	}
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	plan := sendPlan(load)
	change(&plan)
	sent, err := produceBy(ctx, base, plan, func(acknowledged int64) {
		env.Log.Info("progress", "acknowledged", acknowledged)
	})
	if ctx.Err() != nil && err != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("bench-producer: %w", err)
	}
	kind := "done"
	if sent.Acknowledged+sent.Refused+sent.Unknown < load.Events {
		kind = "interrupted"
	}
	env.Log.Info(kind, "acknowledged", sent.Acknowledged, "refused", sent.Refused, "unknown", sent.Unknown,
		"warm-up", load.WarmUp, "seconds", fmt.Sprintf("%.3f", sent.Seconds), "rate", int64(sent.Rate),
		"behind", sent.Behind.Round(time.Microsecond))
	if err := sent.Err(); err != nil {
		return fmt.Errorf("bench-producer: %w", err)
	}
	return nil
}

// RunConsumer is the application bench-consumer. The type Intake lists what can be set.
func RunConsumer(ctx context.Context, env app.Env) error {
	return RunConsumerWith(ctx, env, func(*ReadPlan) {})
}

// RunConsumerWith is RunConsumer with another plan: change is given the usual one.
func RunConsumerWith(ctx context.Context, env app.Env, change func(*ReadPlan)) error {
	in, err := readIntake(env)
	if err != nil {
		return fmt.Errorf("bench-consumer: %w", err)
	}
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	plan := ReadPlan{in, Parse}
	change(&plan)
	got, err := consume(ctx, base, plan, func(p Point) {
		env.Log.Info("progress", append([]any{"at", p.At.Round(time.Millisecond), "received", p.Events},
			attributes(p.Percentiles)...)...)
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("bench-consumer: %w", err)
	}
	env.Log.Info("done", append([]any{"events", in.Events, "producers", in.Producers, "received", got.Events,
		"records", got.Records, "lost", got.Lost, "repeated", got.Repeated, "reordered", got.Reordered,
		"foreign", got.Foreign, "warm-up", in.WarmUp, "timed", got.Timed, "seconds", fmt.Sprintf("%.3f", got.Seconds),
		"rate", int64(got.Rate)}, attributes(got.Latency)...)...)
	if got.Negative > 0 {
		env.Log.Warn("warning", "count", got.Negative, "text",
			"latencies below zero: the clocks of producer and consumer differ")
	}
	if err := got.Findings.Err(); err != nil {
		return fmt.Errorf("bench-consumer: %w", err)
	}
	return nil
}

// attributes are the percentiles as a log line shows them.
func attributes(p Percentiles) []any {
	return []any{"p50", p.P50, "p90", p.P90, "p99", p.P99, "p99.9", p.P999, "max", p.Max}
}
