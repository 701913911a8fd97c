// Package dlqconsumer is a consumer that sets aside the records it cannot process, and never loses one.
//
// It shows how to consume in a group and keep a dead-letter topic so that every record is either processed or set
// aside, and its offset is committed only after that. The rounds of Run are the heart of it:
//
//  1. fetch some records, which from here on holds back any rebalance of the group;
//  2. process them, each partition in order and the partitions side by side; those that fail become dead letters,
//     which are on their way to their topic while processing goes on behind them;
//  3. wait until every dead letter is acknowledged by all in-sync replicas;
//  4. commit the offsets of what is now safe, and only then let a waiting rebalance take partitions away.
//
// What is promised. No record is ever skipped: whatever ends the application, a record that was neither processed nor
// safely set aside has no committed offset and is read again. On a graceful handover (a rebalance, SIGTERM) nothing is
// read twice either, since all finished work is committed before the partition is given up. After a crash, after the
// group has declared this member dead, and behind a dead letter that was refused, the records since the last commit
// are processed again: at-least-once. Dead letters exactly once, whatever happens, need a transaction: see
// transactional.go.
//
// A transient failure is retried in place, with exponential backoff, since setting the record aside would let later
// records of the same key overtake it. Other partitions go on meanwhile. A dead letter that cannot be written, and not
// for a passing reason, ends the application with an error that names the record: better no progress than a silent
// loss.
package dlqconsumer

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/fetched"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Run is the application dlq-consumer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, nil) }

// RunWith is Run with another policy: change, when not nil, is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	c := &consumer{settings: set, log: env.Log, group: env.Group, lanes: map[place]*lane{}}
	c.policy = c.defaultPolicy()
	if change != nil {
		change(&c.policy)
	}
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	run := c.run
	if set.transactional {
		run = c.runTransactional
	}
	if err := run(ctx, append(base, c.clientOptions(env)...)); err != nil {
		return fmt.Errorf("dlq-consumer: %w", err)
	}
	return nil // told to stop: what could not be finished is not committed, and is read again
}

// open makes sure of the topics once the client is there.
func (c *consumer) open(ctx context.Context, client *kgo.Client) error {
	c.client = client
	if c.policy.Send == nil {
		c.policy.Send = client.Produce
	}
	var err error
	if c.topics, err = topics.Describe(ctx, client, c.settings.topics()...); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// largestBatch lets a dead letter be as large as its topic allows, and keeps those that fit from being refused
// together with one that does not.
func (c *consumer) largestBatch(topic string) int32 {
	return cmp.Or(c.topics[topic].MaxMessageBytes, topics.UsualLimit) // the client asks for "" before anything is known
}

// consumer is one running dlq-consumer.
type consumer struct {
	settings settings
	policy   Policy
	log      *slog.Logger
	group    string
	client   *kgo.Client
	topics   map[string]topics.Topic
	lanes    map[place]*lane // one per partition with unfinished records

	mu   sync.Mutex
	gone []place // taken from this member since the last fetch
}

func (c *consumer) clientOptions(env app.Env) []kgo.Opt {
	return []kgo.Opt{
		kgo.ConsumerGroup(env.Group),
		kgo.ConsumeTopics(env.Inputs...),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.SessionTimeout(c.settings.sessionTimeout),
		kgo.HeartbeatInterval(c.settings.heartbeatInterval),
		kgo.RebalanceTimeout(c.settings.rebalanceTimeout),
		kgo.DisableAutoCommit(),
		// Both: the first is for a group without a commit, the second for a committed offset that no longer exists.
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(500 * time.Millisecond), // a partition that was paused waits as long for its next fetch
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.changed("assigned", p) }),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.changed("revoked", p) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.changed("lost", p) }),
		// A dead letter is as important as its record: all in-sync replicas have it, and no retry writes it twice
		// (idempotence is on unless switched off). Retriable errors are retried for as long as they last.
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MetadataMinAge(250 * time.Millisecond), // a retry waits for news of the leader, which the usual 5 s would delay
		kgo.ProducerBatchMaxBytesFn(c.largestBatch),
	}
}

func (c *consumer) run(ctx context.Context, options []kgo.Opt) error {
	client, err := kgo.NewClient(append(options, kgo.BlockRebalanceOnPoll())...)
	if err != nil {
		return err
	}
	defer client.CloseAllowingRebalance()
	if err := c.open(ctx, client); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := c.fetch(ctx); err != nil {
			return err
		}
		// A round ends after a while even if a retry is still waiting, so that finished work is committed and a
		// rebalance need not wait for it. What is unfinished stays in its lane.
		round, cancel := context.WithTimeout(ctx, c.settings.commitEvery)
		c.work(round)
		cancel()
		if err := c.settle(ctx); err != nil {
			return err
		}
		client.AllowRebalance()
	}
	return nil
}

// fetch adds new records to the lanes. When it returns, rebalances are held back.
func (c *consumer) fetch(ctx context.Context) error {
	if paused := c.client.PauseFetchPartitions(nil); len(paused) > 0 {
		c.client.ResumeFetchPartitions(paused)
	}
	if len(c.lanes) > 0 {
		c.client.PauseFetchPartitions(c.full())
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Millisecond) // there is work to do: only take what is there
		defer cancel()
	}
	fetches := c.client.PollRecords(ctx, c.settings.batch)
	c.drop() // only now that nothing more can be taken away
	c.add(fetches)
	return fetched.Error(c.log, fetches)
}

// drop forgets the unfinished records of partitions that were taken away.
func (c *consumer) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range c.gone {
		delete(c.lanes, at)
	}
	c.gone = nil
}

// changed is told by the client what this member was given and what was taken from it. It never runs between a fetch
// and the commit that ends the round, so a revoked partition is committed up to its last finished record by now; its
// unfinished records are the next owner's. A lost partition has another owner already: nothing may be committed.
func (c *consumer) changed(how string, partitions map[string][]int32) {
	for topic, numbers := range partitions {
		slices.Sort(numbers)
		text := make([]string, len(numbers))
		for i, number := range numbers {
			text[i] = strconv.Itoa(int(number))
			if how != "assigned" {
				c.mu.Lock()
				c.gone = append(c.gone, place{topic, number})
				c.mu.Unlock()
			}
		}
		c.log.Info(how, "topic", topic, "partitions", strings.Join(text, ","))
	}
}
