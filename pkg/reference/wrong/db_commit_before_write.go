package wrong

import (
	"context"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dbwriter"
)

// dbCommitBeforeWrite commits first. Between that and the write a crash loses the rows.
func dbCommitBeforeWrite(ctx context.Context, env app.Env) error {
	return dbwriter.RunWith(ctx, env, func(p *dbwriter.Policy) {
		p.Order = func(write, commit func() error) error {
			if err := commit(); err != nil {
				return err
			}
			return write()
		}
	})
}
