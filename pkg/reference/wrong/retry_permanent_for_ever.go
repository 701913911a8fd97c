package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryPermanentForEver sends a record that its topic refuses again and again: none behind it gets on.
func retryPermanentForEver(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		delay := p.Delay
		p.Again = func(error) bool { return grace.Pause(ctx, delay(1)) }
	})
}
