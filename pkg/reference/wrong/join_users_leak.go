package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinUsersLeak has one entry for all users whose keys begin alike.
func joinUsersLeak(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.User = func(key []byte) []byte { return key[:min(len(key), 6)] }
	})
}
