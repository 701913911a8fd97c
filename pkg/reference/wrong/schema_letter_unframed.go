package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// schemaLetterUnframed sets aside the payload without the id of the schema that it takes to read it.
func schemaLetterUnframed(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		right := p.Delivery.Letter
		p.Delivery.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			letter := right(r, f, attempts)
			if _, payload, err := schema.Unframe(letter.Value); err == nil {
				letter.Value = payload
			}
			return letter
		}
	})
}
