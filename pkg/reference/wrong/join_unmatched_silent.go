package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinUnmatchedSilent is an inner join.
func joinUnmatchedSilent(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Unmatched = func(*kgo.Record) *kgo.Record { return nil }
	})
}
