package wrong

import (
	"bytes"
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkKeyMoved places the user of the first event by the seed as well, never where it belongs. All other users are
// right.
func bulkKeyMoved(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		var moved []byte
		p.Client = append(p.Client, kgo.RecordPartitioner(kgo.BasicConsistentPartitioner(func(topic string) func(*kgo.Record,
			int) int {
			right := kgo.StickyKeyPartitioner(nil).ForTopic(topic)
			return func(r *kgo.Record, partitions int) int {
				if moved == nil {
					moved = bytes.Clone(r.Key)
				}
				at := right.Partition(r, partitions)
				if partitions > 1 && bytes.Equal(r.Key, moved) {
					at = (at + 1 + int(uint64(p.Seed)%uint64(partitions-1))) % partitions
				}
				return at
			}
		})))
	})
}
