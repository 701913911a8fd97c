package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winLateDropped drops what comes too late.
func winLateDropped(ctx context.Context, env app.Env) error {
	return windower.RunWith(ctx, env, func(p *windower.Policy) {
		p.SetAside = func(*kgo.Record, *stateful.Emitter) {}
	})
}
