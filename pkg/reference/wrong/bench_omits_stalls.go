package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchOmitsStalls waits between events: after a stall it goes on as if the time had not passed (coordinated omission).
func benchOmitsStalls(ctx context.Context, env app.Env) error {
	return benchmark.RunProducerWith(ctx, env, func(p *benchmark.SendPlan) {
		p.Pace = func(start int64, rate float64) benchmark.Pace {
			return &interval{next: start, nanos: int64(1e9 / rate)}
		}
	})
}

// interval is a pace from one event to the next.
type interval struct{ next, nanos int64 }

func (i *interval) Due(_, now int64) int64 {
	due := max(i.next, now)
	i.next = due + i.nanos
	return due
}
