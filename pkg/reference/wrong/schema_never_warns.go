package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
)

// schemaNeverWarns sets records aside without a word about the field they lack.
func schemaNeverWarns(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.First = func(string, string, int) bool { return false }
	})
}
