package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchRepeatUnnoticed counts numbers and not records.
func benchRepeatUnnoticed(ctx context.Context, env app.Env) error {
	return benchmark.RunConsumerWith(ctx, env, benchmark.ReadPlan{
		Judge: func(found *benchmark.Findings) { found.Repeated = 0 },
	})
}
