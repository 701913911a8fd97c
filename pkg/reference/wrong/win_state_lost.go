package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winStateLost does not take back what its changelog holds: the events of windows that were open at a restart are gone.
func winStateLost(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.Forget = true
	})
}
