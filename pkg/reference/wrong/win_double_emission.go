package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winDoubleEmission leaves the windows it has emitted in its changelog: after a restart they are open, and are emitted
// again.
func winDoubleEmission(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.Remember = true
	})
}
