package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaNewestAssumed reads every record as if the newest version had written it.
func schemaNewestAssumed(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.Writer = func(ctx context.Context, topic string, _ int) (*schema.Schema, error) {
			_, newest, err := p.Client.Version(ctx, schema.Subject(topic), schema.Latest)
			return newest, err
		}
	})
}
