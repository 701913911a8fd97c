package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupSilent leaves people to guess who works on what.
func groupSilent(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		right := p.Report
		p.Report = func(how string, partitions map[string][]int32) {
			if how != "assigned" {
				right(how, partitions)
			}
		}
	})
}
