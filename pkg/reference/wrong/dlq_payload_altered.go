package wrong

import (
	"context"
	"encoding/json"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqPayloadAltered wraps the payload into JSON together with the error, which many homemade dead-letter queues do: the
// bytes that were the problem cannot be had back for certain.
func dlqPayloadAltered(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			letter := right(r, f, attempts)
			// strings always encode
			letter.Value, _ = json.Marshal(map[string]string{"error": f.Message, "payload": string(r.Value)})
			return letter
		}
	})
}
