package groupconsumer

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// mark is how far a partition is processed, and how much of that is committed.
type mark struct {
	next      kgo.EpochOffset // the offset to be read next; 0 while nothing is
	committed int64           // of that, 0 for nothing
}

// expect takes marks of a partition from now on.
func (c *consumer) expect(at place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks[at] = &mark{}
}

// mark notes that all records of a partition up to this one are finished. What somebody else owns by now takes no
// marks.
func (c *consumer) mark(at place, finished *kgo.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.marks[at]; m != nil {
		m.next = kgo.EpochOffset{Epoch: finished.LeaderEpoch, Offset: finished.Offset + 1}
	}
}

// forget drops the marks of partitions, and takes no more.
func (c *consumer) forget(all []place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range all {
		delete(c.marks, at)
	}
}

// marked are the marks that are not committed, of these partitions or, where nil, of all.
func (c *consumer) marked(only []place) map[string]map[int32]kgo.EpochOffset {
	c.mu.Lock()
	defer c.mu.Unlock()
	if only == nil {
		for at := range c.marks {
			only = append(only, at)
		}
	}
	found := map[string]map[int32]kgo.EpochOffset{}
	for _, at := range only {
		m := c.marks[at]
		if m == nil || m.next.Offset == m.committed {
			continue
		}
		if found[at.topic] == nil {
			found[at.topic] = map[int32]kgo.EpochOffset{}
		}
		found[at.topic][at.partition] = m.next
	}
	return found
}

// commitEvery commits what is marked every now and then, so that not much is done again after a crash.
func (c *consumer) commitEvery(ctx context.Context) {
	tick := time.NewTicker(c.settings.commitEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			late, cancel := context.WithTimeout(ctx, c.settings.revokeWithin) // a rebalance may have to wait for it
			c.commit(late, nil)
			cancel()
		case <-ctx.Done():
			return
		}
	}
}

// commit commits the marks of these partitions, or of all. One that a rebalance gets in the way of is tried again: by
// the next tick, or, where partitions are being given up, at once for as long as the context lasts.
func (c *consumer) commit(ctx context.Context, only []place) {
	c.committing.Lock()
	defer c.committing.Unlock()
	for {
		offsets := c.marked(only)
		if len(offsets) == 0 || c.disowned.Load() {
			return
		}
		err := c.send(ctx, offsets)
		if err == nil || ctx.Err() != nil && only == nil {
			return
		}
		if unknown(err) {
			c.disowned.Store(true)
		}
		c.log.Warn("warning", "error", err, "text", "could not commit; what is not committed will be processed again if "+
			"this member goes")
		if only == nil || !passing(err) {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

// send commits offsets and notes those that were taken.
func (c *consumer) send(ctx context.Context, offsets map[string]map[int32]kgo.EpochOffset) error {
	var failed error
	c.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest,
		answer *kmsg.OffsetCommitResponse, err error) {
		if failed = err; err != nil {
			return
		}
		for _, t := range answer.Topics {
			for _, p := range t.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					failed = err
					continue
				}
				offset := offsets[t.Topic][p.Partition].Offset
				c.log.Info("committed", "topic", t.Topic, "partition", p.Partition, "offset", offset)
				c.mu.Lock()
				if m := c.marks[place{t.Topic, p.Partition}]; m != nil {
					m.committed = offset
				}
				c.mu.Unlock()
			}
		}
	})
	return failed
}

// unknown tells errors by which the group says that it has gone on without this member. It may be the first that is
// heard of that, and the client does not always call the partitions lost then, but joins again and goes on with them
// until it is given others.
func unknown(err error) bool {
	return errors.Is(err, kerr.UnknownMemberID) || errors.Is(err, kerr.FencedInstanceID) ||
		errors.Is(err, kerr.FencedMemberEpoch)
}

// passing tells errors that a member gets while the group moves on to another generation, which it is part of.
func passing(err error) bool {
	return errors.Is(err, kerr.RebalanceInProgress) || errors.Is(err, kerr.StaleMemberEpoch) ||
		errors.Is(err, kerr.IllegalGeneration)
}
