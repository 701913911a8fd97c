package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryNotIdempotent has acks=all and retries, but no producer id: the broker cannot tell a batch sent again from a new
// one.
func retryNotIdempotent(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		p.Client = append(p.Client, kgo.DisableIdempotentWrite())
	})
}
