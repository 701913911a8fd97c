package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupPolledCommitted commits behind the last record that was fetched, as clients do by themselves where nobody stops
// them. The next owner never sees those that were fetched and not processed.
func groupPolledCommitted(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Mark = func(fetched []*kgo.Record, _ int) *kgo.Record { return fetched[len(fetched)-1] }
	})
}
