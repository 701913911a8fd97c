package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagTruncationIgnored counts records that are no longer there: those between a commit and the start of a truncated
// log.
func lagTruncationIgnored(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		p.Lags = func(partitions []lagmonitor.Partition) []int64 {
			var found []int64
			for _, seen := range partitions {
				found = append(found, max(0, seen.End-max(0, seen.Committed)))
			}
			return found
		}
	})
}
