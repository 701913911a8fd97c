package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinInstantMissed compares with less instead of less or equal.
func joinInstantMissed(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		right := p.InForce
		p.InForce = func(versions []joiner.Version, at int64) (joiner.Version, bool) { return right(versions, at-1) }
	})
}
