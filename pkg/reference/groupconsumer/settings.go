package groupconsumer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// settings is what can be set.
type settings struct {
	Protocol string `setting:"protocol"` // classic, or consumer for that of KIP-848; that of the assignor
	Assignor string `setting:"assignor"` // of the protocol, see balancers
	// InstanceID is that of a static member, which may restart within its session timeout without a rebalance; "": none.
	InstanceID string `setting:"instance-id"`

	group.Member                 // the session timeout is not used with KIP-848, where the group has one for all
	MetadataMaxAge time.Duration `setting:"metadata-max-age=5m"`

	Work         time.Duration `setting:"work=0s"`    // simulated, for each record
	Batch        int           `setting:"batch=5000"` // records fetched at once at most
	CommitEvery  time.Duration `setting:"commit-every=1s"`
	RevokeWithin time.Duration `setting:"revoke-within=3s"` // the longest time for the commit of what is given up

	group  string
	inputs []string
}

func readSettings(env app.Env) (settings, error) {
	set := settings{group: env.Group, inputs: env.Inputs}
	env.Settings.Read(&set)
	set.Member = group.ReadMember(env)
	if err := cmp.Or(env.Settings.Err(), group.Check(env)); err != nil {
		return set, err
	}
	if set.Protocol == "" { // that of the assignor
		set.Protocol = "classic"
		if set.Assignor == "uniform" {
			set.Protocol = "consumer"
		}
	}
	if set.Assignor == "" {
		set.Assignor = map[string]string{"classic": "cooperative-sticky", "consumer": "uniform"}[set.Protocol]
	}
	return set, set.check()
}

func (set *settings) check() error {
	assignors, known := balancers[set.Protocol]
	switch {
	case !known:
		return fmt.Errorf("setting protocol: got %q, want classic or consumer", set.Protocol)
	case assignors[set.Assignor] == nil:
		return fmt.Errorf("setting assignor: got %q, want one of the protocol %s: %s", set.Assignor, set.Protocol,
			strings.Join(slices.Sorted(maps.Keys(assignors)), ", "))
	case set.Batch <= 0 || set.CommitEvery <= 0 || set.RevokeWithin <= 0:
		return fmt.Errorf("got batch %d, commit-every %v, revoke-within %v, want all above zero", set.Batch, set.CommitEvery,
			set.RevokeWithin)
	case set.HeartbeatInterval >= set.SessionTimeout:
		return fmt.Errorf("got heartbeat-interval %v and session-timeout %v, want several heartbeats in a session; a third "+
			"is usual", set.HeartbeatInterval, set.SessionTimeout)
	}
	return nil
}
