package wrong

import (
	"context"
	"database/sql"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbOffsetOutside has a transaction for the rows and another one for the offset. Between the two a crash leaves rows
// that are written again.
func dbOffsetOutside(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) {
		p.Transact = func(begin func(func(*sql.Tx) error) error, rows, offsets func(*sql.Tx) error,
			between func() error) error {
			if err := begin(rows); err != nil {
				return err
			}
			if err := between(); err != nil || offsets == nil {
				return err
			}
			return begin(offsets)
		}
	})
}
