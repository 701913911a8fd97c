package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winOutOfOrderDropped takes every event for late that has an earlier time than one before it.
func winOutOfOrderDropped(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.Late = func(at, _, stream int64) bool { return at < stream }
	})
}
