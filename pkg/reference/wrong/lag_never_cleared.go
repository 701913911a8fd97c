package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagNeverCleared lets people find out by themselves that all is well again.
func lagNeverCleared(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Next
		p.Next = func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
			if change := right(a, lag, now); change != lagmonitor.Cleared {
				return change
			}
			return lagmonitor.None
		}
	})
}
