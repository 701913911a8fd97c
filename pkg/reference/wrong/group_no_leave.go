package wrong

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupNoLeave is a static member under an id that it will never use again, as where the id of a container is taken for
// one. Static members do not leave, so its partitions are nobody's until its session has timed out.
func groupNoLeave(ctx context.Context, env app.Env) error {
	return groupconsumer.RunWith(ctx, env, func(p *groupconsumer.Policy) {
		p.Sharing = append(p.Sharing, kgo.InstanceID(fmt.Sprintf("%s-%d", env.Name, time.Now().UnixNano())))
	})
}
