package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
)

// schemaWarnsEachRecord warns of a missing field for every record that lacks it.
func schemaWarnsEachRecord(ctx context.Context, env app.Env) error {
	return schemaconsumer.RunWith(ctx, env, func(p *schemaconsumer.Policy) {
		p.First = func(string, string, int) bool { return true }
	})
}
