package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
)

// schemaOutageDeadLettered sets records aside because the registry does not answer.
func schemaOutageDeadLettered(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		right := p.Failure
		p.Failure = func(err error) *dlqconsumer.Failure {
			f := right(err)
			f.Transient = false
			return f
		}
	})
}
