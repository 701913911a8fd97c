package world

// Applications that are killed or paused in the middle of their work: between receiving a record and committing it, or,
// where an application logs "processing", between that line and the one that says that the record is finished.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// reach is how far an application has come in a partition in its present life, as the wire tells: the offset of the
// first record that it received, and the next ones to receive and to commit. First is when it received that one, since
// when there was work again.
type reach struct {
	began, received, committed int64
	first, since               time.Duration
}

// silence is how long an application that has received records may do nothing that is seen until it counts as at work.
const silence = 250 * time.Millisecond

// follow takes note of records that came, and of commits outside of transactions.
func (c *contact) follow(f *journal.Fact) {
	at := read{topic: f.Topic, partition: f.Partition}
	r := c.reached[at]
	switch d := f.Detail.(type) {
	case *journal.Fetch:
		if d.LastOffset < 0 || f.Error != "" {
			return
		}
		if r.received == 0 {
			r.began = d.FirstOffset
		}
		if r.received <= r.committed && f.Request != nil {
			r.since = f.Request.Answered
			if r.received == 0 {
				r.first = r.since
			}
		}
		r.received = max(r.received, d.LastOffset+1)
	case *journal.Commit:
		if d.TransactionalID != "" || f.Error != "" {
			return
		}
		r.committed = max(r.committed, f.Offset)
	default:
		return
	}
	if c.reached == nil {
		c.reached = map[read]reach{}
	}
	c.reached[at] = r
}

// work is a record that an application has begun and not finished, the first of so many.
type work struct {
	partition     int32
	offset, count int64
	logged        bool // the application says so itself
}

// KillAtWork ends the application at once while it works on a record of a topic. It is to be called again while the
// application is not seen at work.
func (a *Application) KillAtWork(ctx context.Context, t *Topic) error {
	found, err := a.freezeAtWork(ctx, t)
	if err != nil {
		return err
	}
	if err := a.Act((*app.App).Kill); err != nil {
		return Final(err)
	}
	return a.caughtAt(ctx, t, found, "killed")
}

// PauseAtWork stops the application where it stands while it works on a record of a topic. It is to be called again
// while the application is not seen at work.
func (a *Application) PauseAtWork(ctx context.Context, t *Topic) error {
	found, err := a.freezeAtWork(ctx, t)
	if err != nil {
		return err
	}
	return a.caughtAt(ctx, t, found, "paused")
}

// freezeAtWork pauses the application where it looks to be at work, and leaves it so if it is. What an application does
// while it is looked for cannot be seen, so it is asked for only while the application stands still.
func (a *Application) freezeAtWork(ctx context.Context, t *Topic) (found work, err error) {
	if err := a.Alive(); err != nil {
		return found, err
	}
	logs := a.saysProcessing()
	if !logs && !a.mayBeAtWork(t) || logs && a.inProgress(t) == nil {
		return found, a.notAtWork(t, logs)
	}
	var look error
	frozen, err := a.Running.PauseIf(func() bool {
		a.Running.Drain()
		var at *work
		if logs = a.saysProcessing(); logs { // its first line may have come by now
			at = a.inProgress(t)
		} else {
			at, look = a.uncommitted(ctx, t)
		}
		if at == nil {
			return false
		}
		found = *at
		return true
	})
	switch {
	case err != nil:
		return found, Final(a.world.Named(err))
	case look != nil:
		return found, look
	case !frozen && logs:
		return found, a.notAtWork(t, logs)
	case !frozen:
		return found, fmt.Errorf("%w: application %q has finished each record of %q before it could be stopped",
			verdict.ErrInconclusive, a.Name, t.Name)
	}
	return found, nil
}

// mayBeAtWork is true where the wire has seen records come that it has not seen committed, and the application has done
// something since, or keeps silent over its work. At its first records it has time to log "processing", unless it has
// logged "processed" without that: where it logs the one, that is the better moment.
func (a *Application) mayBeAtWork(t *Topic) bool {
	silent := len(a.FactsOf(journal.Processed, t)) > 0
	for p := range t.Partitions {
		r := a.reach(t, p)
		if !silent && a.world.Journal.Since(time.Now())-r.first <= silence {
			continue
		}
		if r.received > r.committed && a.actedSince(r.since) {
			return true
		}
	}
	return false
}

// actedSince is true of an application that has logged a line, written or committed since a time, or that has had time
// for it.
func (a *Application) actedSince(since time.Duration) bool {
	if a.world.Journal.Since(time.Now())-since > silence {
		return true
	}
	return len(a.world.Journal.Select(func(f *journal.Fact) bool {
		if f.App != a.Name || f.At < since {
			return false
		}
		return f.Source == journal.SourceLog || f.Kind == journal.ProduceAttempt || f.Kind == journal.GroupCommit ||
			f.Kind == journal.Transacted
	})) > 0
}

func (a *Application) reach(t *Topic, partition int32) reach {
	a.world.mu.Lock()
	defer a.world.mu.Unlock()
	return a.contact.reached[read{topic: t.Name, partition: partition}]
}

// uncommitted asks the cluster for records that the application has received, in partitions that it owns, and its group
// has not committed. The application stands still, so only a request that is on its way can change that.
func (a *Application) uncommitted(ctx context.Context, t *Topic) (*work, error) {
	a.world.commitsArrive(ctx, a.Name)
	committed, err := a.world.Group(a.Group).Committed(ctx, t)
	if err != nil {
		return nil, err
	}
	owned, err := a.Owned(t)
	if err != nil {
		return nil, err
	}
	from, to := make(Offsets, len(committed)), make(Offsets, len(committed))
	for p := range committed {
		reach := a.reach(t, int32(p))
		from[p] = max(reach.began, committed[p])
		to[p] = max(from[p], reach.received)
		if len(owned) > 0 && !slices.ContainsFunc(owned, func(o membership.Ownership) bool {
			return o.Partition == int32(p) && o.End == membership.Owning
		}) {
			to[p] = from[p]
		}
	}
	var found *work
	if err := t.read(ctx, nil, from, to, func(r *record.Record) {
		if found == nil {
			found = &work{partition: r.Partition, offset: r.Offset}
		}
		if found.partition == r.Partition {
			found.count++
		}
	}); err != nil {
		return nil, err
	}
	if found == nil { // not to be stopped for the same again
		a.world.mu.Lock()
		defer a.world.mu.Unlock()
		for p := range to {
			at := read{topic: t.Name, partition: int32(p)}
			if r, ok := a.contact.reached[at]; ok {
				r.committed = max(r.committed, r.received)
				a.contact.reached[at] = r
			}
		}
	}
	return found, nil
}

// arrival bounds how long it is waited for the answers to commits. One that a fault holds has none.
const arrival = 200 * time.Millisecond

// commitsArrive waits until the cluster has answered the commits that an application has sent.
func (w *World) commitsArrive(ctx context.Context, name string) {
	if w.proxy == nil {
		return
	}
	_ = await.Until(ctx, await.Options{Within: arrival, What: "commits to arrive"},
		func(context.Context) (bool, error) { return !w.proxy.Committing(name), nil })
}

// caughtAt notes at what the application was caught, and makes sure that it was.
func (a *Application) caughtAt(ctx context.Context, t *Topic, found work, what string) error {
	text := fmt.Sprintf("%s while it worked on %s, received and not committed", what, words.Counted(found.count, "record"))
	if found.logged {
		text = what + " while it worked on a record, by its log"
	}
	a.world.Journal.Add(journal.Fact{Kind: journal.FaultFired, Source: journal.SourceKafkaspec, App: a.Name,
		Group: a.Group, Topic: t.Name, Partition: found.partition, Offset: found.offset, Text: text})
	a.world.Note("%s: %q partition %d offset %d", text, t.Name, found.partition, found.offset)
	if found.logged {
		return nil
	}
	committed, err := a.world.Group(a.Group).Committed(ctx, t)
	if err == nil && committed.At(int(found.partition)) >= found.offset+found.count {
		err = fmt.Errorf("%w: application %q was %s, and its commit of %q partition %d was on its way: offset %d",
			verdict.ErrInconclusive, a.Name, what, t.Name, found.partition, committed.At(int(found.partition)))
	}
	if err != nil && !errors.Is(err, verdict.ErrInconclusive) {
		err = fmt.Errorf("%w: %w", verdict.ErrInconclusive, err)
	}
	return Final(err)
}
