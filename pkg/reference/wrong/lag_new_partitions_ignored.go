package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagNewPartitionsIgnored asks for the partitions of a topic once.
func lagNewPartitionsIgnored(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right, known := p.Lags, 0
		p.Lags = func(partitions []lagmonitor.Partition) []int64 {
			if known == 0 {
				known = len(partitions)
			}
			return right(partitions[:min(known, len(partitions))])
		}
	})
}
