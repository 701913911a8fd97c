package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchSinceSendReturned keeps to the schedule, but takes the time when the client is free to send: while the call
// blocks, no clock runs.
func benchSinceSendReturned(ctx context.Context, env app.Env) error {
	return benchmark.RunProducerWith(ctx, env, func(p *benchmark.SendPlan) {
		p.Stamp = func(_, now int64) int64 { return now }
	})
}
