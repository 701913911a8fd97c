package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winEarly emits a window at its end, and does not wait for events that are out of order.
func winEarly(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		right := p.Closed
		p.Closed = func(end, watermark int64) bool { return watermark >= end || right(end, watermark) }
	})
}
