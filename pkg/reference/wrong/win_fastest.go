package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winFastest closes windows when the fastest partition has passed their end, so that the others bring theirs too late
// or not at all.
func winFastest(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.Watermark = func(all []stateful.Progress) int64 {
			fastest := int64(windower.NoTime)
			for _, one := range all {
				fastest = max(fastest, windower.StreamTime(one))
			}
			return fastest
		}
	})
}
