package wrong

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagAtThreshold has >= where > belongs.
func lagAtThreshold(ctx context.Context, env app.Env) error {
	return lagmonitor.RunWith(ctx, env, func(p *lagmonitor.Policy) {
		right := p.Next
		p.Next = func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change { return right(a, lag+1, now) }
	})
}
