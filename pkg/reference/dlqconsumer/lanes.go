package dlqconsumer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// lane is one partition's work. Its records are finished strictly in order.
type lane struct {
	waiting []*kgo.Record // not finished yet
	tried   int           // failed attempts at the first of them
	due     time.Time     // when its next attempt may start
	done    []finished    // in this round
}

// finished is a record that was processed, or whose dead letter was sent.
type finished struct {
	record   *kgo.Record
	failure  *Failure   // nil: processed
	attempts int        // in this delivery
	outcome  chan error // gets one value when the fate of the dead letter is known; nil: processed
}

// errUnknown is the outcome of a dead letter that was given up before the broker answered.
var errUnknown = errors.New("not acknowledged before the application had to stop")

func (c *consumer) add(fetches kgo.Fetches) {
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		if len(p.Records) == 0 {
			return
		}
		at := group.Place{Topic: p.Topic, Partition: p.Partition}
		if c.lanes[at] == nil {
			c.lanes[at] = &lane{}
		}
		c.lanes[at].waiting = append(c.lanes[at].waiting, p.Records...)
	})
}

// full returns the partitions with so many unfinished records that no more should be fetched.
func (c *consumer) full() map[string][]int32 {
	full := map[string][]int32{}
	for at, l := range c.lanes {
		if len(l.waiting) >= c.settings.Batch {
			full[at.Topic] = append(full[at.Topic], at.Partition)
		}
	}
	return full
}

// work goes on with every lane until it is empty or ctx ends.
func (c *consumer) work(ctx context.Context) {
	var all sync.WaitGroup
	for _, l := range c.lanes {
		all.Go(func() {
			for len(l.waiting) > 0 && ctx.Err() == nil && waitUntil(ctx, l.due) {
				c.attempt(ctx, l)
			}
		})
	}
	all.Wait()
}

// attempt tries the first record of a lane once: afterwards it is finished, or due again later.
func (c *consumer) attempt(ctx context.Context, l *lane) {
	record := l.waiting[0]
	l.tried++
	f := c.Process(record, l.tried)
	if f != nil && f.Transient && l.tried <= c.Retries {
		delay := c.settings.backoff(l.tried)
		l.due = time.Now().Add(delay)
		c.log.Info("retrying", "topic", record.Topic, "partition", record.Partition, "offset", record.Offset,
			"attempt", l.tried, "delay", delay, "error", f.Message)
		return
	}
	if f != nil && f.Transient {
		f = exhausted(f, l.tried)
	}
	item := finished{record: record, failure: f, attempts: l.tried}
	if f != nil {
		outcome := make(chan error, 1)
		item.outcome = outcome
		// The stop of the application must not take back what is on its way: settle waits for it.
		c.sender.Produce(context.WithoutCancel(ctx), c.Letter(record, f, l.tried),
			func(_ *kgo.Record, err error) { outcome <- err })
	}
	l.done = append(l.done, item)
	l.waiting, l.tried, l.due = l.waiting[1:], 0, time.Time{}
}

// waitUntil returns false when ctx ended first.
func waitUntil(ctx context.Context, due time.Time) bool {
	wait := time.Until(due)
	return due.IsZero() || wait <= 0 || grace.Pause(ctx, wait)
}

// flush waits for the dead letters of this round. It cuts each lane before its first dead letter that is not safe, and
// returns an error when one was refused.
func (c *consumer) flush(ctx context.Context) error {
	_ = c.sender.Flush(ctx) // its only error is that ctx ended, which shows in the outcomes
	var refused error
	for _, l := range c.lanes {
		for i, item := range l.done {
			err := item.wait()
			if err == nil {
				continue
			}
			r := item.record
			c.log.Error("refused", append(about(r), "error", err)...)
			if !errors.Is(err, errUnknown) {
				refused = errors.Join(refused, fmt.Errorf("dead letter of topic %s partition %d offset %d to %s: %w; make that "+
					"topic accept it, then start again",
					r.Topic, r.Partition, r.Offset, c.settings.letterTopics[r.Topic], err))
			}
			l.done = l.done[:i]
			break
		}
	}
	return refused
}

// wait returns the outcome of the item's dead letter; it does not wait for one that flush gave up.
func (f finished) wait() error {
	if f.outcome == nil {
		return nil
	}
	select {
	case err := <-f.outcome:
		return err
	default:
		return errUnknown
	}
}

// report says what became of each record.
func (c *consumer) report() {
	for _, l := range c.lanes {
		for _, item := range l.done {
			if f := item.failure; f != nil {
				c.log.Info("dead-lettered", append(about(item.record), "class", f.Class, "error", f.Message,
					"attempts", item.attempts)...)
			} else {
				c.log.Info("processed", about(item.record)...)
			}
		}
	}
}

// about names a record in a log line.
func about(r *kgo.Record) []any {
	return []any{"topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "key", string(r.Key)}
}
