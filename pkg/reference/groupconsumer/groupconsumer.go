// Package groupconsumer is a member of a consumer group that hands its partitions over so that nothing is lost and
// nothing is done twice.
//
// The promise: between members that come and go every record is processed exactly once. After a crash, and of a member
// that hung for longer than its session timeout, the records since the last commit are processed again: at-least-once.
// It holds for every way of sharing partitions: the classic protocol with an eager assignor (range, sticky) or a
// cooperative one (cooperative-sticky), and the protocol of KIP-848, in which the broker assigns.
//
// Each partition has a worker of its own, so that slow work on one does not hold up a rebalance of another. What a
// worker has finished it marks. Marks are committed every now and then, and never what was only fetched. When a
// partition is
//
//   - assigned, it gets a worker, which begins where the group had committed;
//   - revoked, in a rebalance or because this member leaves, its worker finishes the record in hand and stops, and its
//     marks are committed before the callback returns: until then the group gives it to nobody else;
//   - lost, since the group has declared this member dead, its worker stops and its marks are forgotten. The new owner
//     has gone on, and a commit would set it back: brokers do not check who owns what.
//
// What is not promised: to a member that hangs just while it joins a rebalance, the client (franz-go 1.22.2) does not
// tell that its partitions are lost. Where no commit is refused before, it commits them when they are revoked at last.
package groupconsumer

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Policy is what the application decides about partitions and records. The rest of the package only carries it out.
type Policy struct {
	// Mark says up to which of the fetched records a partition may be committed when the i-th of them is processed.
	Mark func(fetched []*kgo.Record, i int) *kgo.Record
	// Revoke gives partitions up: stop ends the work on them, commit commits what was done, and forget drops the marks.
	// They are another member's when it returns.
	Revoke func(stop, commit, forget func())
	// Lost is called for partitions that are another member's already; forget drops what was done on them.
	Lost func(forget func())
	// Client are options of the client, over the usual ones.
	Client []kgo.Opt
}

// Run is the application group-consumer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the usual one.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	c := &consumer{settings: set, log: env.Log, workers: map[group.Place]*worker{}, marks: map[group.Place]*mark{},
		Policy: Policy{
			Mark:   func(fetched []*kgo.Record, i int) *kgo.Record { return fetched[i] },
			Revoke: func(stop, commit, forget func()) { stop(); commit(); forget() },
			Lost:   func(forget func()) { forget() },
		}}
	change(&c.Policy)
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	if err := c.run(ctx, append(base, c.clientOptions(env)...)); err != nil {
		return fmt.Errorf("group-consumer: %w", err)
	}
	return nil
}

// consumer is one running group-consumer.
type consumer struct {
	settings settings
	Policy
	log     *slog.Logger
	client  *kgo.Client
	workers map[group.Place]*worker // of the partitions it owns; changed while no rebalance runs beside it

	committing sync.Mutex // held by a commit until it is answered: a partition is given up only after that
	// the group does not know this member: nothing is committed until it has been given partitions again
	disowned atomic.Bool

	mu    sync.Mutex
	marks map[group.Place]*mark // of the partitions it owns
}

func (c *consumer) run(ctx context.Context, options []kgo.Opt) error {
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	c.client = client
	defer c.settings.leave(client)
	if _, err := topics.Describe(ctx, client, c.settings.inputs...); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	committer := sync.WaitGroup{}
	defer committer.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	committer.Go(func() { c.commitEvery(ctx) })
	for ctx.Err() == nil {
		fetches := client.PollRecords(ctx, c.settings.Batch)
		round := c.hand(fetches)
		client.AllowRebalance()
		if err := group.FetchError(c.log, fetches); err != nil {
			return err
		}
		select {
		case <-round: // only then more is fetched: what waits here is what a handover leaves to the next owner
		case <-ctx.Done():
		}
	}
	return nil
}

// hand gives fetched records to the workers. The channel is closed when they are done with them.
func (c *consumer) hand(fetches kgo.Fetches) <-chan struct{} {
	var round sync.WaitGroup
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		if w := c.workers[group.Place{Topic: p.Topic, Partition: p.Partition}]; w != nil && len(p.Records) > 0 {
			round.Add(1)
			w.batches <- batch{p.Records, round.Done}
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		round.Wait()
	}()
	return done
}

// assigned gives each new partition a worker. It is called at the end of each rebalance, also when there is none.
func (c *consumer) assigned(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	c.disowned.Store(false)
	group.Tell(c.log, "assigned", partitions)
	for _, at := range group.Places(partitions) {
		c.expect(at)
		w := &worker{batches: make(chan batch, 1), stop: make(chan struct{}), ended: make(chan struct{})}
		c.workers[at] = w
		go func() {
			defer close(w.ended)
			w.run(c, at)
		}()
	}
}

// revoked stops working on partitions that another member gets, and commits them. The context outlives the
// application's: the last commit is made when it has been told to stop.
func (c *consumer) revoked(ctx context.Context, _ *kgo.Client, partitions map[string][]int32) {
	all := group.Places(partitions)
	if len(all) == 0 {
		return
	}
	c.Revoke(
		func() { c.stop(all) },
		func() {
			late, cancel := context.WithTimeout(ctx, c.settings.RevokeWithin)
			defer cancel()
			c.commit(late, all)
		},
		func() { c.forget(all) },
	)
	group.Tell(c.log, "revoked", partitions)
}

// lost stops working on partitions that somebody else has by now, and forgets what was done on them. A commit that is
// on its way is waited for: the client would hold it back until this member has joined again, when the group would take
// it.
func (c *consumer) lost(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	all := group.Places(partitions)
	c.stop(all)
	c.committing.Lock()
	c.Lost(func() { c.forget(all) })
	c.committing.Unlock()
	group.Tell(c.log, "lost", partitions)
}

// stop ends the workers of partitions and waits for the records they have in hand.
func (c *consumer) stop(all []group.Place) {
	for _, at := range all {
		if w := c.workers[at]; w != nil {
			close(w.stop)
		}
	}
	for _, at := range all {
		if w := c.workers[at]; w != nil {
			<-w.ended
			delete(c.workers, at)
		}
	}
}

func (c *consumer) clientOptions(env app.Env) []kgo.Opt {
	options := append(c.settings.Options(env, nil),
		kgo.OnPartitionsAssigned(c.assigned),
		kgo.OnPartitionsRevoked(c.revoked),
		kgo.OnPartitionsLost(c.lost),
		kgo.MetadataMaxAge(c.settings.MetadataMaxAge), // how soon the classic protocol notices that a topic has grown
		kgo.MetadataMinAge(min(250*time.Millisecond, c.settings.MetadataMaxAge)),
		kgo.DisableAutoCommit(),
		kgo.FetchMaxWait(500*time.Millisecond),
		kgo.BlockRebalanceOnPoll(), // only from a fetch until its records are with the workers
	)
	options = append(options, c.settings.sharing()...)
	if c.settings.InstanceID != "" {
		options = append(options, kgo.InstanceID(c.settings.InstanceID))
	}
	return append(options, c.Client...)
}
