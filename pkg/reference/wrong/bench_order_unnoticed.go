package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchOrderUnnoticed looks at numbers and not at their order.
func benchOrderUnnoticed(ctx context.Context, env app.Env) error {
	return benchmark.RunConsumerWith(ctx, env, benchmark.ReadPlan{
		Judge: func(found *benchmark.Findings) { found.Reordered = 0 },
	})
}
