package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryFixedBackoff always waits as after the first attempt.
func retryFixedBackoff(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		right := p.Delay
		p.Delay = func(int) time.Duration { return right(1) }
	})
}
