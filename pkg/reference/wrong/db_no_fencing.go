package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbNoFencing writes rows and offset together, and does not look whose partition it is.
func dbNoFencing(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) { p.Fence = false })
}
