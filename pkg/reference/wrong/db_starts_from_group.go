package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbStartsFromGroup keeps the offset with the rows, and starts from the one that was committed to the group, which may
// be older.
func dbStartsFromGroup(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) { p.StartFromDatabase, p.Fence = false, false })
}
