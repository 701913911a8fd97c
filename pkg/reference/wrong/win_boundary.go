package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winBoundary counts an event exactly on the end of a window in that window, as if windows took events up to and
// including their end.
func winBoundary(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		right := p.Start
		p.Start = func(at int64) int64 { return right(at - 1) }
	})
}
