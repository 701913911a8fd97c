package wrong

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchVariants are those of bench-producer and bench-consumer.
func benchVariants() []Variant {
	return append(append(variants(benchmark.RunProducerWith, []mistake[benchmark.SendPlan]{
		{"bench-counts-enqueued", "events count as acknowledged when they are handed to the client: shows where the topic " +
			"refuses some", func(p *benchmark.SendPlan) { p.Around = around(countsEnqueued) }},
		// After a stall it goes on as if the time had not passed (coordinated omission).
		{"bench-omits-stalls", "at a fixed rate, a stall moves the schedule, and events carry the time they were sent: " +
			"shows in a stall", func(p *benchmark.SendPlan) {
			p.Pace = func(start int64, rate float64) benchmark.Pace {
				return &interval{next: start, nanos: int64(1e9 / rate)}
			}
		}},
		// It keeps to the schedule, but while the call that sends blocks, no clock runs.
		{"bench-since-send-returned", "events carry the time at which the call that sent the one before returned, not the " +
			"time they were due: shows in a stall", func(p *benchmark.SendPlan) {
			right := p.Pace
			p.Pace = func(start int64, rate float64) benchmark.Pace { return sendReturned{right(start, rate)} }
		}},
	}), variants(benchmark.RunConsumerWith, []mistake[benchmark.ReadPlan]{
		// With message.timestamp.type=LogAppendTime that is the broker's time of writing.
		{"bench-since-append", "latency counts from the record's timestamp and not from the time in the event",
			func(p *benchmark.ReadPlan) {
				p.Parse = func(event *kgo.Record) (sent, seq int64, ok bool) {
					_, seq, ok = benchmark.Parse(event)
					return event.Timestamp.UnixNano(), seq, ok
				}
			}},
		{"bench-warm-up-timed", "the events of the warm-up are timed as well",
			func(p *benchmark.ReadPlan) { p.WarmUp = 0 }},
	})...),
		Variant{"bench-gap-unnoticed", "an event that never came is not noticed",
			unnoticed(func(f *benchmark.Findings) { f.Lost = 0 })},
		Variant{"bench-repeat-unnoticed", "an event that came twice is not noticed",
			unnoticed(func(f *benchmark.Findings) { f.Repeated = 0 })},
		Variant{"bench-order-unnoticed", "an event that came late is not noticed",
			unnoticed(func(f *benchmark.Findings) { f.Reordered = 0 })})
}

// interval is a pace from one event to the next.
type interval struct{ next, nanos int64 }

func (i *interval) Due(_, now int64) int64 {
	due := max(i.next, now)
	i.next = due + i.nanos
	return due
}

// sendReturned is a pace by which nothing is ever late.
type sendReturned struct{ benchmark.Pace }

func (s sendReturned) Due(seq, now int64) int64 { return max(s.Pace.Due(seq, now), now) }

// unnoticed is a bench-consumer that passes over some of what is wrong.
func unnoticed(clear func(*benchmark.Findings)) app.Func {
	return func(ctx context.Context, env app.Env) error {
		err := benchmark.RunConsumer(ctx, env)
		var found *benchmark.FindingsError
		if errors.As(err, &found) {
			clear(&found.Findings)
			return found.Findings.Err()
		}
		return err
	}
}
