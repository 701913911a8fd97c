package world

// What stands behind the broker steps: finding a broker, and the powers of the cluster.

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// applicable is nil where the cluster can do what the scenario's steps will ask of it, as far as that is known before
// any runs, and an *outcome.NotApplicable where it cannot: so nothing is started for it.
func (w *World) applicable() error {
	if err := w.HasBrokers(w.options.Needs.Brokers); err != nil {
		return err
	}
	if _, ok := w.Session.(cluster.BrokerController); w.options.Needs.Controls && !ok {
		return w.lacks("brokers cannot be stopped, killed or paused")
	}
	return nil
}

// HasBrokers is nil on a cluster with at least that many brokers, and an *outcome.NotApplicable on a smaller one.
func (w *World) HasBrokers(want int) error {
	there := w.Session.Describe()
	if there.Brokers >= want {
		return nil
	}
	return outcome.NotApplicablef("the scenario needs %s, and %s has fewer; run with --cluster local:3",
		words.Counted(want, "broker"), there)
}

// ChangeBroker does something to a broker, which is `that broker` from then on. The fact tells when it began: a broker that
// stops moves its leaders first.
func (w *World) ChangeBroker(ctx context.Context, id int32, change cluster.BrokerChange, about journal.Fact) error {
	brokers, ok := w.Session.(cluster.BrokerController)
	if !ok {
		return w.lacks("brokers cannot be stopped, killed or paused")
	}
	w.mu.Lock()
	w.broker = &id
	w.mu.Unlock()
	about.Detail = &journal.Broker{ID: id, Change: string(change)}
	w.upset(fmt.Sprintf("broker %d is %s", id, change), about)
	return w.power(brokers.ChangeBroker(ctx, id, change))
}

// MoveLeader makes a broker the leader of a partition.
func (t *Topic) MoveLeader(ctx context.Context, partition, broker int32) error {
	w := t.world
	mover, ok := w.Session.(cluster.LeaderMover)
	if !ok {
		return w.lacks("leaders cannot be moved")
	}
	w.upset(fmt.Sprintf("the leader moves to broker %d", broker),
		journal.Fact{Topic: t.Name, Partition: partition, Offset: -1})
	return w.power(mover.MoveLeader(ctx, t.Physical, partition, broker))
}

// MoveCoordinator makes another broker the coordinator of a group.
func (g *Group) MoveCoordinator(ctx context.Context) error {
	w := g.world
	mover, ok := w.Session.(cluster.CoordinatorMover)
	if !ok {
		return w.lacks("coordinators cannot be moved")
	}
	w.upset("the coordinator moves", journal.Fact{Group: g.Name, Partition: -1, Offset: -1})
	return w.power(mover.MoveCoordinator(ctx, g.Physical()))
}

// LastBroker is the one that a step did something to last; false while none has.
func (w *World) LastBroker() (id int32, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broker == nil {
		return 0, false
	}
	return *w.broker, true
}

// knownWithin is how long a broker may take to know a topic.
const knownWithin = 10 * time.Second

// Leader returns the broker that leads a partition now, and the others there are.
func (t *Topic) Leader(ctx context.Context, partition int32) (leader int32, others []int32, err error) {
	if partition < 0 || partition >= t.Partitions {
		return 0, nil, fmt.Errorf("topic %q has %s, so there is no partition %d", t.Name,
			words.Counted(t.Partitions, "partition"), partition)
	}
	admin := t.world.Admin()
	var metadata kadm.Metadata
	var found kadm.PartitionDetail
	// A broker that has just started may not know the topic yet.
	what := fmt.Sprintf("the leader of %q partition %d", t.Name, partition)
	options := await.Options{Within: knownWithin, What: what}
	err = await.Until(ctx, options, func(ctx context.Context) (known bool, err error) {
		if metadata, err = admin.Metadata(ctx, t.Physical); err != nil {
			return false, fmt.Errorf("could not look: %s: %w", what, err)
		}
		found, known = metadata.Topics[t.Physical].Partitions[partition]
		return known, nil
	})
	switch {
	case err != nil:
		return 0, nil, err
	case found.Leader < 0:
		return 0, nil, fmt.Errorf("%q partition %d has no leader now: %w", t.Name, partition, kerr.LeaderNotAvailable)
	}
	for _, id := range metadata.Brokers.NodeIDs() {
		if id != found.Leader {
			others = append(others, id)
		}
	}
	return found.Leader, others, nil
}

// Coordinator returns the broker that coordinates a group now.
func (g *Group) Coordinator(ctx context.Context) (int32, error) {
	admin := g.world.Admin()
	physical := g.Physical()
	found := admin.FindGroupCoordinators(ctx, physical)
	if err := found.Error(); err != nil {
		return 0, fmt.Errorf("could not look: the coordinator of group %q: %w", g.Name, err)
	}
	return found[physical].NodeID, nil
}

// upset makes the fact that the cluster itself is disturbed.
func (w *World) upset(text string, about journal.Fact) {
	about.Kind, about.Source, about.Text = journal.FaultFired, journal.SourceKafkaspec, text
	w.Journal.Add(about)
}

// lacks ends a scenario that needs what this kind of cluster cannot do, in words that are the same whatever its size:
// results are listed by them.
func (w *World) lacks(what string) error {
	return outcome.NotApplicablef("%s on an %s cluster; run with --cluster local:3", what,
		w.Session.Describe().Kind)
}

// power makes an error of one of the cluster's powers the scenario's own.
func (w *World) power(err error) error {
	if outcome.IsNotApplicable(err) {
		return err
	}
	return w.Named(err)
}
