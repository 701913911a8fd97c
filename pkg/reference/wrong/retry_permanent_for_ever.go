package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryPermanentForEver sends a record that its topic refuses again and again: none behind it gets on.
func retryPermanentForEver(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		delay := p.Delay
		p.Again = func(error) bool {
			wait := time.NewTimer(delay(1))
			defer wait.Stop()
			select {
			case <-wait.C:
				return true
			case <-ctx.Done():
				return false
			}
		}
	})
}
