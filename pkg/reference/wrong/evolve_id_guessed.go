package wrong

import (
	"context"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// evolveIDGuessed takes ids for numbers that follow each other, and so does not need the registry.
func evolveIDGuessed(ctx context.Context, env app.Env) error {
	return schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		right, last := p.Register, 0
		p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
			id, err := right(ctx, s)
			if errors.Is(err, schema.ErrUnavailable) {
				id, err = last+1, nil
			}
			last = id
			return id, err
		}
	})
}
