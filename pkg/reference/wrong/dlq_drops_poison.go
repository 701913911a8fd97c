package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqDropsPoison says that a dead letter is acknowledged without having sent it.
func dlqDropsPoison(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		p.Send = func(_ context.Context, letter *kgo.Record, promise func(*kgo.Record, error)) { promise(letter, nil) }
	})
}
