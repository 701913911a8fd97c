package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagForIgnored alerts at the first look that sees a breach, however short it is.
func lagForIgnored(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Next
		p.Next = func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
			a.For = 0
			return right(a, lag, now)
		}
	})
}
