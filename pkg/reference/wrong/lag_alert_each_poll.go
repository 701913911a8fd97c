package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagAlertEachPoll says at each look what it said at the one before.
func lagAlertEachPoll(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Next
		p.Next = func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
			change := right(a, lag, now)
			if a.Raised {
				return lagmonitor.Raised
			}
			return change
		}
	})
}
