package groupconsumer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// settings is what can be set; readSettings has the names and defaults.
type settings struct {
	group    string
	inputs   []string
	protocol string // classic, or consumer for that of KIP-848
	assignor string // of the protocol, see balancers
	// of a static member, which may restart within its session timeout without a rebalance; empty for none
	instanceID string

	sessionTimeout, heartbeatInterval time.Duration
	metadataMaxAge                    time.Duration

	work         time.Duration // simulated, for each record
	batch        int           // records fetched at once at most
	commitEvery  time.Duration
	revokeWithin time.Duration // the longest time for the commit of what is given up
}

func readSettings(env app.Env) (settings, error) {
	s := env.Settings
	set := settings{
		group:          env.Group,
		inputs:         env.Inputs,
		protocol:       s.String("protocol", ""),
		assignor:       s.String("assignor", ""),
		instanceID:     s.String("instance-id", ""),
		sessionTimeout: s.Duration("session-timeout", 45*time.Second),
		metadataMaxAge: s.Duration("metadata-max-age", 5*time.Minute),
		work:           s.Duration("work", 0),
		batch:          int(s.Int("batch", 5000)),
		commitEvery:    s.Duration("commit-every", time.Second),
		revokeWithin:   s.Duration("revoke-within", 3*time.Second),
	}
	// as Kafka's defaults are, 3 s and 45 s
	set.heartbeatInterval = s.Duration("heartbeat-interval", set.sessionTimeout/15)
	if err := s.Err(); err != nil {
		return set, err
	}
	if set.protocol == "" { // that of the assignor
		set.protocol = "classic"
		if set.assignor == "uniform" {
			set.protocol = "consumer"
		}
	}
	if set.assignor == "" {
		set.assignor = map[string]string{"classic": "cooperative-sticky", "consumer": "uniform"}[set.protocol]
	}
	return set, set.check(env)
}

func (set *settings) check(env app.Env) error {
	assignors, known := balancers[set.protocol]
	switch {
	case len(env.Inputs) == 0:
		return fmt.Errorf("no input topic; name at least one to read")
	case env.Group == "":
		return fmt.Errorf("no group; name the consumer group to join")
	case !known:
		return fmt.Errorf("setting protocol: got %q, want classic or consumer", set.protocol)
	case assignors[set.assignor] == nil:
		return fmt.Errorf("setting assignor: got %q, want one of the protocol %s: %s", set.assignor, set.protocol,
			strings.Join(slices.Sorted(maps.Keys(assignors)), ", "))
	case set.batch <= 0 || set.commitEvery <= 0 || set.revokeWithin <= 0:
		return fmt.Errorf("got batch %d, commit-every %v, revoke-within %v, want all above zero", set.batch, set.commitEvery,
			set.revokeWithin)
	case set.heartbeatInterval >= set.sessionTimeout:
		return fmt.Errorf("got heartbeat-interval %v and session-timeout %v, want several heartbeats in a session; a third "+
			"is usual", set.heartbeatInterval, set.sessionTimeout)
	}
	return nil
}
