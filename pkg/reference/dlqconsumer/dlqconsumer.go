// Package dlqconsumer is a consumer that sets aside the records it cannot process, and never loses one.
//
// The promise: every record is either processed or set aside, and its offset is committed only after that. Whatever
// ends the application, a record that was neither processed nor safely set aside has no committed offset and is read
// again. On a graceful handover (a rebalance, SIGTERM) nothing is read twice either, since all finished work is
// committed before the partition is given up. After a crash, after the group has declared this member dead, and
// behind a dead letter that was refused, the records since the last commit are processed again: at-least-once. Dead
// letters exactly once, whatever happens, need a transaction: see transactional.go.
//
// The rounds of run are the heart of it:
//
//  1. fetch some records, which from here on holds back any rebalance of the group;
//  2. process them, each partition in order and the partitions side by side; those that fail become dead letters,
//     which are on their way to their topic while processing goes on behind them;
//  3. wait until every dead letter is acknowledged by all in-sync replicas;
//  4. commit the offsets of what is now safe, and only then let a waiting rebalance take partitions away.
//
// A transient failure is retried in place, with exponential backoff, since setting the record aside would let later
// records of the same key overtake it. Other partitions go on meanwhile. A dead letter that cannot be written, and not
// for a passing reason, ends the application with an error that names the record: better no progress than a silent
// loss.
package dlqconsumer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Policy is what the application decides about records. The rest of the package only delivers them.
type Policy struct {
	// Process tries once to process a record; attempt counts from 1. It returns nil on success.
	Process func(r *kgo.Record, attempt int) *Failure
	// Retries is how many attempts follow the first one when failures are transient.
	Retries int
	// Letter makes the dead letter of a record that failed after so many attempts in this delivery.
	Letter func(r *kgo.Record, f *Failure, attempts int) *kgo.Record
	// After is the offset to commit when a record, and all before it, is finished.
	After func(finished *kgo.Record) kgo.EpochOffset
	// Around puts another client around the one that sends dead letters.
	Around produce.Around
}

// Run is the application dlq-consumer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	c := &consumer{settings: set, log: env.Log, group: env.Group, lanes: map[group.Place]*lane{},
		Policy: Policy{Process: set.process, Retries: set.Retries, Letter: set.letter, After: group.After}}
	change(&c.Policy)
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	run := c.run
	if set.Transactional {
		run = c.runTransactional
	}
	if err := run(ctx, append(base, c.clientOptions(env)...)); err != nil {
		return fmt.Errorf("dlq-consumer: %w", err)
	}
	return nil // told to stop: what could not be finished is not committed, and is read again
}

// consumer is one running dlq-consumer.
type consumer struct {
	settings settings
	Policy
	log    *slog.Logger
	group  string
	client *kgo.Client
	sender produce.Client // of dead letters
	topics map[string]topics.Topic
	lanes  map[group.Place]*lane // one per partition with unfinished records
	owed   group.Owed
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
		round, cancel := context.WithTimeout(ctx, c.settings.CommitEvery)
		c.work(round)
		cancel()
		if err := c.settle(ctx); err != nil {
			return err
		}
		client.AllowRebalance()
	}
	return nil
}

// open makes sure of the topics once the client is there.
func (c *consumer) open(ctx context.Context, client *kgo.Client) error {
	c.client, c.sender = client, c.Around.Client(client)
	var err error
	if c.topics, err = topics.Describe(ctx, client, c.settings.topics()...); err != nil && ctx.Err() == nil {
		return err
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
	ctx, cancel := c.owed.Hurry(ctx)
	defer cancel()
	fetches := c.client.PollRecords(ctx, c.settings.Batch)
	c.drop() // only now that nothing more can be taken away
	c.add(fetches)
	return group.FetchError(c.log, fetches)
}

// settle ends a round: every dead letter acknowledged, what is safe reported and committed, empty lanes removed.
func (c *consumer) settle(ctx context.Context) error {
	last, cancel := grace.Context(ctx)
	defer cancel()
	refused := c.flush(last)
	err := errors.Join(refused, c.commit(last)) // even then: records before the refused one are safe
	for at, l := range c.lanes {
		l.done = nil
		if len(l.waiting) == 0 {
			delete(c.lanes, at)
		}
	}
	return err
}

// commit reports and commits all that is finished: for each partition the offset behind the last record of its lane.
func (c *consumer) commit(ctx context.Context) error {
	c.report()
	offsets := c.owed.Take()
	for at, l := range c.lanes {
		if len(l.done) > 0 {
			offsets.Add(at, c.After(l.done[len(l.done)-1].record))
		}
	}
	if len(offsets) == 0 {
		return nil
	}
	taken, failed := group.Commit(ctx, c.client, c.log, offsets)
	for attempt := 0; attempt < c.settings.Retries && kerr.IsRetriable(failed) && !group.Refused(failed) &&
		grace.Pause(ctx, c.settings.RetryBackoff); attempt++ {
		// It may have been committed already: twice is as good as once.
		taken, failed = group.Commit(ctx, c.client, c.log, offsets)
	}
	switch { // the client joins again by itself
	case group.Refused(failed):
		c.owed.Owe(offsets, taken)
		c.log.Warn("warning", "error", failed, "text", group.CommittedLater)
	case failed != nil:
		return fmt.Errorf("commit offsets of group %s: %w", c.group, failed)
	}
	return nil
}

// changed is told by the client what this member was given and what was taken from it. It never runs between a fetch
// and the commit that ends the round, so a revoked partition is committed up to its last finished record by now; its
// unfinished records are the next owner's. A lost partition has another owner already: nothing may be committed.
func (c *consumer) changed(how string, _ *kgo.Client, partitions map[string][]int32) {
	c.owed.Told(how, partitions)
	group.Tell(c.log, how, partitions)
}

// drop forgets the unfinished records of partitions that were taken away, and what was to be committed of them.
func (c *consumer) drop() {
	for _, at := range c.owed.Drop() {
		delete(c.lanes, at)
	}
}

func (c *consumer) clientOptions(env app.Env) []kgo.Opt {
	return append(c.settings.Options(env, c.changed),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.DisableAutoCommit(),
		kgo.FetchMaxWait(500*time.Millisecond), // a partition that was paused waits as long for its next fetch
		// A dead letter is as important as its record: all in-sync replicas have it, and no retry writes it twice
		// (idempotence is on unless switched off). Retriable errors are retried for as long as they last.
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MetadataMinAge(250*time.Millisecond), // a retry waits for news of the leader, which the usual 5 s would delay
		// A dead letter may be as large as its topic allows; those that fit are not refused together with one that does
		// not. The client asks for "" before anything is known.
		kgo.ProducerBatchMaxBytesFn(func(topic string) int32 {
			return cmp.Or(c.topics[topic].MaxMessageBytes, topics.UsualLimit)
		}),
	)
}
