package dlqconsumer

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// runTransactional is the same application with the promise of exactly-once: the dead letters of a round and the
// offsets it finished are one transaction, so a reader at read_committed never sees one without the other. After a
// crash, whoever starts with the same transactional id aborts what was open; until then, or until transaction-timeout,
// the group cannot learn the offsets that were pending, and waits. Then the records are dead-lettered anew.
//
// It differs from run in three ways. A rebalance is not held back but makes the round fail: the session aborts
// it when a partition was taken away meanwhile. A round cannot commit half its work, so it lasts until all its records
// are finished, retries included; keep batch times the longest retry below transaction-timeout. And records are
// reported after the commit: a line in the log is no part of the transaction, so a crash in between loses the
// lines, never the dead letters.
func (c *consumer) runTransactional(ctx context.Context, options []kgo.Opt) error {
	session, err := kgo.NewGroupTransactSession(append(options,
		kgo.TransactionalID(c.settings.TransactionalID), kgo.TransactionTimeout(c.settings.TransactionTimeout))...)
	if err != nil {
		return err
	}
	defer session.Close()
	if err := c.open(ctx, session.Client()); err != nil {
		return err
	}
	// Claim the transactional id now. The client would do so at the first dead letter, but there may never be one while
	// a transaction of our predecessor holds the offsets back.
	if _, _, err := c.client.ProducerID(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("claim transactional id %s: %w", c.settings.TransactionalID, err)
	}
	for ctx.Err() == nil {
		fetches := session.PollRecords(ctx, c.settings.Batch)
		if err := group.FetchError(c.log, fetches); err != nil {
			return err
		}
		if fetches.NumRecords() == 0 {
			continue
		}
		if err := c.transaction(ctx, session, fetches); err != nil {
			return err
		}
	}
	return nil
}

// transaction is one round.
func (c *consumer) transaction(ctx context.Context, session *kgo.GroupTransactSession, fetches kgo.Fetches) error {
	last, cancel := grace.Context(ctx)
	defer cancel()
	if err := session.Begin(); err != nil {
		return fmt.Errorf("begin transaction %s: %w", c.settings.TransactionalID, err)
	}
	c.add(fetches)
	defer clear(c.lanes) // an aborted round is fetched again
	c.work(ctx)
	refused := c.flush(last)
	whole := refused == nil && ctx.Err() == nil
	committed, err := session.End(last, kgo.TransactionEndTry(whole))
	switch {
	case refused != nil:
		return refused
	// told to stop while the group or the coordinator could not answer; nothing of it counts, which is as good as an abort
	case err != nil && last.Err() != nil:
		c.log.Warn("warning", "text", "stopped before the transaction ended: it is aborted at its timeout, and its records "+
			"will be read again", "error", err)
	case err != nil:
		return fmt.Errorf("end transaction %s: %w", c.settings.TransactionalID, err)
	case !committed && whole:
		c.log.Warn("warning", "text", "transaction aborted: the group changed meanwhile; its records will be read again")
	case committed:
		c.report()
		for at, l := range c.lanes {
			last := l.done[len(l.done)-1].record
			c.log.Info("committed", "topic", at.Topic, "partition", at.Partition, "offset", last.Offset+1)
		}
	}
	return nil
}
