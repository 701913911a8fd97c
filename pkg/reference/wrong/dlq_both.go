package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqBoth goes on with a record after it has set it aside.
func dlqBoth(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "key", string(r.Key))
			return right(r, f, attempts)
		}
	})
}
