package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchCountsEnqueued measures how fast it can fill the client's buffer, and never hears of a refusal.
func benchCountsEnqueued(ctx context.Context, env app.Env) error {
	return benchmark.RunProducerWith(ctx, env, func(p *benchmark.SendPlan) {
		p.Around = func(client benchmark.Send) benchmark.Send {
			return func(ctx context.Context, event *kgo.Record, promise func(*kgo.Record, error)) {
				own := copied(event)
				own.Partition = event.Partition
				client(ctx, own, nil)
				promise(event, nil)
			}
		}
	})
}
