package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupStartsOver seeks to the beginning of each partition that it is given.
func groupStartsOver(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Sharing = append(p.Sharing, kgo.AdjustFetchOffsetsFn(func(_ context.Context,
			committed map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
			for _, partitions := range committed {
				for partition := range partitions {
					partitions[partition] = kgo.NewOffset().AtStart()
				}
			}
			return committed, nil
		}))
	})
}
