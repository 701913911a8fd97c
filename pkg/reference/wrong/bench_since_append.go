package wrong

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// benchSinceAppend trusts the record's timestamp, which with message.timestamp.type=LogAppendTime is the broker's time
// of writing.
func benchSinceAppend(ctx context.Context, env app.Env) error {
	return benchmark.RunConsumerWith(ctx, env, benchmark.ReadPlan{
		Since: func(event *kgo.Record, _ int64) int64 { return event.Timestamp.UnixNano() },
	})
}
