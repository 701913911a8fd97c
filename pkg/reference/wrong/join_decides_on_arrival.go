package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinDecidesOnArrival lets the order of arrival decide.
func joinDecidesOnArrival(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Due = func(int64, int64) bool { return true }
	})
}
