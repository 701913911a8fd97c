// Package groupconsumer is a member of a consumer group that hands its partitions over so that nothing is lost and
// nothing is done twice.
//
// It shows what to do when the group takes partitions away, for every way of sharing them: the classic protocol with an
// eager assignor (range, sticky) or a cooperative one (cooperative-sticky), and the protocol of KIP-848, in which the
// broker assigns.
//
// Each partition has a worker of its own, so that slow work on one does not hold up a rebalance of another. What a
// worker has finished it marks; marks are committed every now and then, and never what was only fetched. When a
// partition is
//
//   - assigned, it gets a worker, which begins where the group had committed;
//   - revoked, in a rebalance or because this member leaves, its worker finishes the record in hand and stops, and its
//     marks are committed
//     before the callback returns: until then the group gives it to nobody else;
//   - lost, since the group has declared this member dead, its worker stops and its marks are forgotten. The new owner
//     has gone on, and a
//     commit would set it back: brokers do not check who owns what.
//
// What is promised: between members that come and go every record is processed exactly once. After a crash, and of a
// member that hung for longer than its session timeout, the records since the last commit are processed again:
// at-least-once.
//
// What is not: to a member that hangs just while it joins a rebalance, the client (franz-go 1.22.2) does not tell that
// its partitions are lost. Where no commit is refused before, it commits them when they are revoked at last.
package groupconsumer

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/fetched"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Run is the application group-consumer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, nil) }

// RunWith is Run with another policy: change, when not nil, is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	c := &consumer{settings: set, policy: set.policy(), log: env.Log, workers: map[place]*worker{},
		marks: map[place]*mark{}}
	c.policy.Report = c.report
	if change != nil {
		change(&c.policy)
	}
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
	policy   Policy
	log      *slog.Logger
	client   *kgo.Client
	workers  map[place]*worker // of the partitions it owns; changed while no rebalance runs beside it

	committing sync.Mutex // held by a commit until it is answered: a partition is given up only after that
	// the group does not know this member: nothing is committed until it has been given partitions again
	disowned atomic.Bool

	mu    sync.Mutex
	marks map[place]*mark // of the partitions it owns
}

type place struct {
	topic     string
	partition int32
}

func (c *consumer) clientOptions(env app.Env) []kgo.Opt {
	options := []kgo.Opt{
		kgo.ConsumerGroup(env.Group),
		kgo.ConsumeTopics(env.Inputs...),
		kgo.SessionTimeout(c.settings.sessionTimeout), // not with KIP-848, where the group has one for all
		kgo.HeartbeatInterval(c.settings.heartbeatInterval),
		kgo.MetadataMaxAge(c.settings.metadataMaxAge), // how soon the classic protocol notices that a topic has grown
		kgo.MetadataMinAge(min(250*time.Millisecond, c.settings.metadataMaxAge)),
		kgo.DisableAutoCommit(),
		// Both: the first is for a group without a commit, the second for a committed offset that no longer exists.
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(500 * time.Millisecond),
		kgo.BlockRebalanceOnPoll(), // only from a fetch until its records are with the workers
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.assigned(p) }),
		kgo.OnPartitionsRevoked(func(ctx context.Context, _ *kgo.Client, p map[string][]int32) { c.revoked(ctx, p) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.lost(p) }),
	}
	if c.settings.instanceID != "" {
		options = append(options, kgo.InstanceID(c.settings.instanceID))
	}
	return append(options, c.policy.Sharing...)
}

func (c *consumer) run(ctx context.Context, options []kgo.Opt) error {
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	c.client = client
	defer c.policy.Leave(client)
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
		fetches := client.PollRecords(ctx, c.settings.batch)
		round := c.hand(fetches)
		client.AllowRebalance()
		if err := fetched.Error(c.log, fetches); err != nil {
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
		if w := c.workers[place{p.Topic, p.Partition}]; w != nil && len(p.Records) > 0 {
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
func (c *consumer) assigned(partitions map[string][]int32) {
	c.disowned.Store(false)
	c.policy.Report("assigned", partitions)
	for _, at := range places(partitions) {
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
func (c *consumer) revoked(ctx context.Context, partitions map[string][]int32) {
	all := places(partitions)
	if len(all) == 0 {
		return
	}
	c.policy.Revoke(
		func() { c.stop(all) },
		func() {
			late, cancel := context.WithTimeout(ctx, c.settings.revokeWithin)
			defer cancel()
			c.commit(late, all)
		},
		func() { c.forget(all) },
	)
	c.policy.Report("revoked", partitions)
}

// lost stops working on partitions that somebody else has by now, and forgets what was done on them. A commit that is
// on its way is waited for: the client would hold it back until this member has joined again, when the group would take
// it.
func (c *consumer) lost(partitions map[string][]int32) {
	all := places(partitions)
	c.stop(all)
	c.committing.Lock()
	c.policy.Lost(func() { c.forget(all) })
	c.committing.Unlock()
	c.policy.Report("lost", partitions)
}

// stop ends the workers of partitions and waits for the records they have in hand.
func (c *consumer) stop(all []place) {
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

func (c *consumer) report(how string, partitions map[string][]int32) {
	for topic, numbers := range partitions {
		slices.Sort(numbers)
		text := make([]string, len(numbers))
		for i, number := range numbers {
			text[i] = strconv.Itoa(int(number))
		}
		c.log.Info(how, "topic", topic, "partitions", strings.Join(text, ","))
	}
}

func places(partitions map[string][]int32) []place {
	var all []place
	for topic, numbers := range partitions {
		for _, number := range numbers {
			all = append(all, place{topic, number})
		}
	}
	return all
}
