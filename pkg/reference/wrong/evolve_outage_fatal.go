package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
)

// evolveOutageFatal asks the registry once.
func evolveOutageFatal(ctx context.Context, env app.Env) error {
	return schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		p.Again = func(error) bool { return false }
	})
}
