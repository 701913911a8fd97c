package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkCountsEnqueued measures how fast it can fill the client's buffer, and never hears of a refusal.
func bulkCountsEnqueued(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		p.Around = func(client bulkproducer.Send) bulkproducer.Send {
			return func(ctx context.Context, event *kgo.Record, promise func(*kgo.Record, error)) {
				client(ctx, copied(event), nil)
				promise(event, nil)
			}
		}
	})
}
