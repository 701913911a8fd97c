package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupEager shares partitions evenly and keeps as many where they are as the cooperative assignor does; but all of
// them are given up first.
func groupEager(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Sharing = []kgo.Opt{kgo.Balancers(kgo.StickyBalancer())}
	})
}
