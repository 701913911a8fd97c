package wrong

import (
	"context"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqPoisonBlocks takes every failure for a passing one and never gives up.
func dlqPoisonBlocks(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Process
		p.Retries = math.MaxInt
		p.Process = func(r *kgo.Record, attempt int) *dlqconsumer.Failure {
			f := right(r, attempt)
			if f != nil {
				f.Transient = true
			}
			return f
		}
	})
}
