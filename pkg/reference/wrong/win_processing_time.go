package wrong

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winProcessingTime takes the time at which it reads an event for the time at which the event happened.
func winProcessingTime(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.Time = func(*kgo.Record) int64 { return time.Now().UnixMilli() }
	})
}
