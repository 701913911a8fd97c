package wrong

import (
	"context"
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkRandomPartitioner spreads events evenly and tears the events of a user apart.
func bulkRandomPartitioner(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		dice := rand.New(rand.NewPCG(uint64(p.Seed), 0))
		p.Client = append(p.Client, kgo.RecordPartitioner(kgo.BasicConsistentPartitioner(func(string) func(*kgo.Record,
			int) int {
			return func(_ *kgo.Record, partitions int) int { return dice.IntN(partitions) }
		})))
	})
}
