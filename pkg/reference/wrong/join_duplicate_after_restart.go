package wrong

import (
	"bytes"
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinDuplicateAfterRestart forgets in memory only.
func joinDuplicateAfterRestart(ctx context.Context, env app.Env) error {
	return joiner.RunWith(ctx, env, func(p *joiner.Policy) {
		p.Remember = func(key, value []byte) bool { return value != nil || !bytes.HasPrefix(key, []byte("payment/")) }
	})
}
