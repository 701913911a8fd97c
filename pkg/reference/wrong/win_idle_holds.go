package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winIdleHolds waits for partitions that have had nothing for long, or nothing ever.
func winIdleHolds(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		right := p.Watermark
		p.Watermark = func(all []stateful.Progress) int64 {
			for i := range all {
				all[i].AtEnd = false
			}
			return right(all)
		}
	})
}
