package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqHeadersDropped builds the headers of a dead letter anew and forgets those that were there.
func dlqHeadersDropped(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			bare := *r
			bare.Headers = nil
			return right(&bare, f, attempts)
		}
	})
}
