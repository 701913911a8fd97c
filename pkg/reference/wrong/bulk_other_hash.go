package wrong

import (
	"context"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkOtherHash is consistent in itself, but a producer in Java puts the same user elsewhere.
func bulkOtherHash(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		p.Client = append(p.Client, kgo.RecordPartitioner(kgo.StickyKeyPartitioner(kgo.SaramaHasher(crc32.ChecksumIEEE))))
	})
}
