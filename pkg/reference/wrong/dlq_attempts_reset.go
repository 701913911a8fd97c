package wrong

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqAttemptsReset counts only the attempts of this delivery, so that max-attempts of a redrive is never reached.
func dlqAttemptsReset(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			fresh := *r
			fresh.Headers = slices.DeleteFunc(slices.Clone(r.Headers),
				func(h kgo.RecordHeader) bool { return h.Key == dlqconsumer.HeaderAttempts })
			return right(&fresh, f, attempts)
		}
	})
}
