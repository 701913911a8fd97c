package groupconsumer

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// mark is how far a partition is processed, and how much of that is committed.
type mark struct {
	next      kgo.EpochOffset // the offset to be read next; 0 while nothing is
	committed int64           // of that, 0 for nothing
}

// expect takes marks of a partition from now on.
func (c *consumer) expect(at group.Place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks[at] = &mark{}
}

// mark notes that all records of a partition up to this one are finished. What somebody else owns by now takes no
// marks.
func (c *consumer) mark(at group.Place, finished *kgo.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.marks[at]; m != nil {
		m.next = group.After(finished)
	}
}

// forget drops the marks of partitions, and takes no more.
func (c *consumer) forget(all []group.Place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range all {
		delete(c.marks, at)
	}
}

// marked are the marks that are not committed, of these partitions or, where nil, of all.
func (c *consumer) marked(only []group.Place) group.Offsets {
	c.mu.Lock()
	defer c.mu.Unlock()
	if only == nil {
		for at := range c.marks {
			only = append(only, at)
		}
	}
	found := group.Offsets{}
	for _, at := range only {
		if m := c.marks[at]; m != nil && m.next.Offset != m.committed {
			found.Add(at, m.next)
		}
	}
	return found
}

// commitEvery commits what is marked every now and then, so that not much is done again after a crash.
func (c *consumer) commitEvery(ctx context.Context) {
	tick := time.NewTicker(c.settings.CommitEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			late, cancel := context.WithTimeout(ctx, c.settings.RevokeWithin) // a rebalance may have to wait for it
			c.commit(late, nil)
			cancel()
		case <-ctx.Done():
			return
		}
	}
}

// commit commits the marks of these partitions, or of all. One that a rebalance gets in the way of is tried again: by
// the next tick, or, where partitions are being given up, at once for as long as the context lasts.
func (c *consumer) commit(ctx context.Context, only []group.Place) {
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
		if group.Unknown(err) {
			c.disowned.Store(true)
		}
		c.log.Warn("warning", "error", err, "text", "could not commit; what is not committed will be processed again if "+
			"this member goes")
		if only == nil || !group.Passing(err) || !grace.Pause(ctx, 20*time.Millisecond) {
			return
		}
	}
}

// send commits offsets and notes those that were taken.
func (c *consumer) send(ctx context.Context, offsets group.Offsets) error {
	taken, err := group.Commit(ctx, c.client, c.log, offsets)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range taken {
		if m := c.marks[at]; m != nil {
			m.committed = offsets[at.Topic][at.Partition].Offset
		}
	}
	return err
}
