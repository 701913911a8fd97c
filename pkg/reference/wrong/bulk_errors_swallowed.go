package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkErrorsSwallowed has a promise that looks at successes only.
func bulkErrorsSwallowed(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		p.Failed = func(*kgo.Record, error) {}
	})
}
