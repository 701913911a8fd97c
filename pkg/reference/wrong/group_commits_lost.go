package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupCommitsLost keeps what it has done on lost partitions, and commits it with all else when it is a member again.
// By then their new owner has gone on.
func groupCommitsLost(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Lost = func(func()) {}
	})
}
