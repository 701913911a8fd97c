package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbErrorSwallowed logs what the database says and goes on with the next rows.
func dbErrorSwallowed(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) {
		p.Failed = func(err error) error {
			env.Log.Warn("warning", "error", err)
			return nil
		}
	})
}
