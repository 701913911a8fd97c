package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagSummed watches the lag of the group as one number: a partition that is well is called behind because others are.
func lagSummed(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Lags
		p.Lags = func(partitions []lagmonitor.Partition) []int64 {
			found := right(partitions)
			var sum int64
			for _, lag := range found {
				sum += lag
			}
			for i := range found {
				found[i] = sum
			}
			return found
		}
	})
}
