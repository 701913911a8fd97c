package wrong

import (
	"cmp"
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// evolveIDBehind registers each version, and writes the id that it had before.
func evolveIDBehind(ctx context.Context, env app.Env) error {
	return schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		right, last := p.Register, 0
		p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
			id, err := right(ctx, s)
			if err != nil {
				return id, err
			}
			before := last
			last = id
			return cmp.Or(before, id), nil
		}
	})
}
