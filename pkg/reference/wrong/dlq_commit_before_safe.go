package wrong

import (
	"context"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
)

// dlqCommitBeforeSafe commits first and waits for the dead letters afterwards. When one is refused, its record is
// already behind the committed offset: nobody will read it again.
func dlqCommitBeforeSafe(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		p.Settle = func(flush, commit func() error) error {
			committed := commit()
			return errors.Join(committed, flush())
		}
	})
}
