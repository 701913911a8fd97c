package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryLetterLost goes on when a dead letter cannot be written, and ends as if nothing was missing.
func retryLetterLost(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		p.Undelivered = func(error) error { return nil }
	})
}
