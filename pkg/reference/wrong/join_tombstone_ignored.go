package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinTombstoneIgnored takes a record without a value for one that says nothing.
func joinTombstoneIgnored(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		right := p.Version
		p.Version = func(r *kgo.Record) (joiner.Version, bool) {
			v, ok := right(r)
			return v, ok && !v.Removed
		}
	})
}
