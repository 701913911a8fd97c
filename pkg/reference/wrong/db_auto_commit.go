package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbAutoCommit leaves the committing to the client, which commits what the application was handed.
func dbAutoCommit(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) { p.AutoCommit = true })
}
