package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// evolveFirstID registers the first version, and takes its id for that of the topic.
func evolveFirstID(ctx context.Context, env app.Env) error {
	return schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		right, registered, first := p.Register, false, 0
		p.Register = func(ctx context.Context, s *schema.Schema) (int, error) {
			if registered {
				return first, nil
			}
			id, err := right(ctx, s)
			registered, first = err == nil, id
			return id, err
		}
	})
}
