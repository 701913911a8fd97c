package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryTransientDeadLettered gives up after the first attempt, whatever the error.
func retryTransientDeadLettered(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		p.Client = append(p.Client, kgo.RecordRetries(0))
	})
}
