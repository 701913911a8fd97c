// Package cluster gives scenarios a Kafka cluster: embedded in the process (kfake), Apache Kafka processes on this
// machine, or one that exists elsewhere.
//
// A Backend lives for a run, a Session for a scenario. Only this package knows which kind of cluster is behind them;
// what one kind can do beyond the rest is an optional interface of its Session.
package cluster

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
)

// Kinds of clusters.
const (
	KindEmbedded = "embedded"
	KindLocal    = "local"
	KindExternal = "external"
)

// Backend is a cluster for the length of a run.
type Backend interface {
	// Open gives a scenario its view of the cluster. What it needs is a wish: a cluster that cannot grow stays as it is,
	// and its session's description says so. It is safe for concurrent use.
	Open(ctx context.Context, needs Needs) (Session, error)
	Describe() Description
	// Close ends everything the backend started, also when ctx is done already, and reports what was left behind.
	Close(ctx context.Context) error
}

// Needs is what a scenario wants its cluster to have; the zero value is content with any.
type Needs struct {
	Brokers int    // at least so many
	Fixed   *Fixed // nil: names of its own, where the cluster is shared
}

// Session is the cluster as one scenario sees it.
type Session interface {
	Bootstrap() []string
	Access() access.Access
	Names() *Names
	// Client makes a client of this cluster. Close closes it if the caller has not.
	Client(opts ...kgo.Opt) (*kgo.Client, error)
	// Borrow is Client for one that a later scenario may use again, with its connections open, where the cluster outlives
	// the scenario. use names what it is for: all that borrow for one use give the same options. Its Return
	// gives it back.
	Borrow(ctx context.Context, use string, opts ...kgo.Opt) (*Borrowed, error)
	Describe() Description
	// Close closes the clients, then stops the cluster if it is the scenario's own, or else deletes the topics and
	// groups of the scenario. It can be called again and then does nothing.
	Close(ctx context.Context) error
}

// BrokerController is the power over broker processes. A stopped, killed or paused broker is brought back when the
// session closes. Brokers are shared by the sessions of a backend: use it in scenarios that run alone.
type BrokerController interface {
	// ChangeBroker does something to a broker. It waits until a stopped one has ended, and until one that was started or
	// resumed takes part again.
	ChangeBroker(ctx context.Context, id int32, change BrokerChange) error
}

// LeaderMover is the power to move the leader of a partition, named by its physical topic, to another broker. It
// returns once the new leader is in the cluster's metadata.
type LeaderMover interface {
	MoveLeader(ctx context.Context, topic string, partition, broker int32) error
}

// CoordinatorMover is the power to move the coordinator of a group, named physically, to some other broker.
type CoordinatorMover interface {
	MoveCoordinator(ctx context.Context, group string) error
}

// Compactor is the power to compact the logs of compacted topics at once, but for what was written last. Elsewhere the
// cluster's cleaner does so in its own time.
type Compactor interface {
	Compact(ctx context.Context) error
}

// HealthReporter is the power to notice that what scenarios share failed. Backends of local brokers have it, and so
// have registries and databases that kafkaspec started.
type HealthReporter interface {
	// Health is nil while all runs that should. The error is outcome.Environment, and names what ended, and what it wrote
	// last.
	Health() error
}

// Description says which cluster this is, for people.
type Description struct {
	Kind    string // KindEmbedded, KindLocal or KindExternal
	Name    string // "kfake", "Apache Kafka", or the name in the profile
	Version string // "" when unknown
	Brokers int
	Shared  bool // several scenarios use it, each with names of its own
}

// MayHaveBroker is false where there is no broker of that number. A cluster elsewhere numbers its brokers as it likes.
func (d Description) MayHaveBroker(id int32) bool {
	return d.Kind == KindExternal || int(id) < d.Brokers
}

// String is, for example, "embedded (kfake), 1 broker" or "local Apache Kafka 4.4.0, 3 brokers".
func (d Description) String() string {
	brokers := fmt.Sprintf("%d brokers", d.Brokers)
	if d.Brokers == 1 {
		brokers = "1 broker"
	}
	name := d.Name
	if d.Version != "" {
		name += " " + d.Version
	}
	if d.Kind == KindEmbedded {
		return fmt.Sprintf("%s (%s), %s", d.Kind, name, brokers)
	}
	return fmt.Sprintf("%s %s, %s", d.Kind, name, brokers)
}
