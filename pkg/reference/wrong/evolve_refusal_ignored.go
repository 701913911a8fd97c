package wrong

import (
	"context"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// evolveRefusalIgnored writes a version that was refused under the last id, and complains in the end.
func evolveRefusalIgnored(ctx context.Context, env app.Env) error {
	var refused error
	err := schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		right, last := p.Register, 0
		p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
			id, err := right(ctx, s)
			if errors.Is(err, schema.ErrRefused) {
				refused = err
				return last, nil
			}
			last = id
			return id, err
		}
	})
	return errors.Join(err, refused)
}
