package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaIDIgnored reads every record as if its own version had written it.
func schemaIDIgnored(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.Writer = func(_ context.Context, topic string, _ int) (*schema.Schema, error) { return p.Reader(topic) }
	})
}
