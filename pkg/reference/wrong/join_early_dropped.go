package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinEarlyDropped has nowhere to keep a payment whose user is not known yet.
func joinEarlyDropped(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Keep = func(_ *kgo.Record, known bool) bool { return known }
	})
}
