package wrong

import (
	"context"
	"math"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinBufferUnbounded grows with whatever waits.
func joinBufferUnbounded(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Buffer = math.MaxInt
	})
}
