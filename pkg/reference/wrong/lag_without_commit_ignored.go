package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagWithoutCommitIgnored takes a partition on which the group never committed for one that has nothing to do.
func lagWithoutCommitIgnored(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Lags
		p.Lags = func(partitions []lagmonitor.Partition) []int64 {
			found := right(partitions)
			for i, seen := range partitions {
				if seen.Committed < 0 {
					found[i] = 0
				}
			}
			return found
		}
	})
}
