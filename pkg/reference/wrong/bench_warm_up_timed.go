package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchWarmUpTimed times all events, also while connections are made.
func benchWarmUpTimed(ctx context.Context, env app.Env) error {
	return benchmark.RunConsumerWith(ctx, env, benchmark.ReadPlan{
		Timed: func(int64, int64) bool { return true },
	})
}
