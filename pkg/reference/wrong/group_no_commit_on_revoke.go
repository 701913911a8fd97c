package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupNoCommitOnRevoke relies on the commit every now and then. What was done since the last one is done again by the
// next owner.
func groupNoCommitOnRevoke(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Revoke = func(stop, _, forget func()) { stop(); forget() }
	})
}
