package wrong

import (
	"bytes"
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinWaitingLost never writes down what waits, though its offsets are committed.
func joinWaitingLost(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Remember = func(key, _ []byte) bool { return !bytes.HasPrefix(key, []byte("payment/")) }
	})
}
