package wrong

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqTimestampNow leaves the timestamp to the client, which takes the current time.
func dlqTimestampNow(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			letter := right(r, f, attempts)
			letter.Timestamp = time.Time{}
			return letter
		}
	})
}
