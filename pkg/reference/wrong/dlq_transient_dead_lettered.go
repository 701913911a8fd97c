package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqTransientDeadLettered makes no difference between failures, so it sets aside what another attempt would have
// healed.
func dlqTransientDeadLettered(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Process
		p.Process = func(r *kgo.Record, attempt int) *dlqconsumer.Failure {
			f := right(r, attempt)
			if f != nil {
				f.Transient = false
			}
			return f
		}
	})
}
