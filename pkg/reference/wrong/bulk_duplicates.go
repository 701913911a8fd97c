package wrong

import (
	"bytes"
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/bulkproducer"
)

// bulkDuplicates does not trust the client to retry, and sends some events again: idempotence covers the client's own
// retries only.
func bulkDuplicates(ctx context.Context, env app.Env) error {
	return bulkproducer.RunWith(ctx, env, func(p *bulkproducer.Plan) {
		p.Around = func(client bulkproducer.Send) bulkproducer.Send {
			sent := 0
			return func(ctx context.Context, event *kgo.Record, promise func(*kgo.Record, error)) {
				if sent++; sent%1000 == 1 {
					client(ctx, copied(event), nil)
				}
				client(ctx, event, promise)
			}
		}
	})
}

// copied is an event with memory of its own, which outlives the promise.
func copied(event *kgo.Record) *kgo.Record {
	return &kgo.Record{Key: bytes.Clone(event.Key), Value: bytes.Clone(event.Value), Timestamp: event.Timestamp}
}
