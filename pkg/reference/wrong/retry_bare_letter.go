package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryBareLetter builds the headers of a dead letter anew and forgets those that were there.
func retryBareLetter(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, reason error, attempts int) *kgo.Record {
			bare := *r
			bare.Headers = nil
			return right(&bare, reason, attempts)
		}
	})
}
