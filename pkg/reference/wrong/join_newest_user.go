package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinNewestUser keeps the last version of each user only, as a table without time would.
func joinNewestUser(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.InForce = func(versions []joiner.Version, _ int64) (joiner.Version, bool) {
			return versions[len(versions)-1], true
		}
	})
}
