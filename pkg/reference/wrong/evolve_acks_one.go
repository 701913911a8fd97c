package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
)

// evolveAcksOne takes the leader's word for a record. Idempotence needs acks=all, so it goes as well.
func evolveAcksOne(ctx context.Context, env app.Env) error {
	return schemaproducer.RunWith(ctx, env, func(p *schemaproducer.Plan) {
		p.Client = append(p.Client, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	})
}
