package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryHalfBackoff waits half as long as it was told to: its waits grow as they should, and each comes early.
func retryHalfBackoff(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		right := p.Delay
		p.Delay = func(attempt int) time.Duration { return right(attempt) / 2 }
	})
}
