package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinMismatchIgnored brings partition 2 of three to partition 0 of two, where the users of its keys need not be.
func joinMismatchIgnored(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Mismatch = func(int32, int32) error { return nil }
		p.Place = func(r *kgo.Record, partitions int32) int32 { return r.Partition % partitions }
	})
}
