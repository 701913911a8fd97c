package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupCommitBeforeStop commits while work goes on: the record that is in hand is finished, and the next owner does it
// again.
func groupCommitBeforeStop(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Revoke = func(stop, commit, forget func()) { commit(); stop(); forget() }
	})
}
