package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkSkewed has one user with half of all events.
func bulkSkewed(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		right := p.User
		p.User = func(seq int64) int64 {
			if seq%2 == 0 {
				return 0
			}
			return right(seq)
		}
	})
}
