package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
)

// schemaDropsUnreadable says of records it cannot read that they are set aside, and lets them go.
func schemaDropsUnreadable(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.Delivery.Send = func(_ context.Context, letter *kgo.Record,
			promise func(*kgo.Record, error)) {
			promise(letter, nil)
		}
	})
}
