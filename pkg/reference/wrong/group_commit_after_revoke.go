package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupCommitAfterRevoke does not hold up a rebalance for a commit: the next one that comes anyway will have it.
// Brokers take it, and it sets back what the new owner has committed.
func groupCommitAfterRevoke(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Revoke = func(stop, _, _ func()) { stop() }
	})
}
