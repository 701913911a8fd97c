package dbwriter

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// ask finds out who is right when the database says that a partition is another's: the group. It refuses a commit of
// someone who is no member of it any more; that one will soon be told. Who is one claims the partition again, and reads
// on where the rows end: the other's claim came late.
func (w *writer) ask(ctx context.Context, at group.Place) error {
	next, err := w.store.position(ctx, at)
	if err != nil {
		return err
	}
	if mine := w.mine(at); next < 0 && mine != nil { // no rows yet: they begin where this member began to read
		next = mine.first
	}
	offsets := group.Offsets{}
	offsets.Add(at, kgo.EpochOffset{Epoch: -1, Offset: next})
	err = w.commitOffsets(ctx, offsets)
	switch {
	case gone(err):
		return nil
	case err != nil:
		return err
	}
	mine, err := w.claim(ctx, at)
	if err != nil {
		return err
	}
	offsets.Add(at, kgo.EpochOffset{Epoch: -1, Offset: max(mine.next, next)})
	w.client.SetOffsets(offsets)
	return nil
}

// catchUp tells the group where partitions stand that this member was just given. Its predecessor may have died between
// writing and committing, and no more records need come.
func (w *writer) catchUp(ctx context.Context) error {
	w.mu.Lock()
	behind := group.Offsets{}
	for at, mine := range w.owned {
		if mine.behind {
			behind.Add(at, kgo.EpochOffset{Epoch: -1, Offset: mine.next})
			mine.behind = false
		}
	}
	w.mu.Unlock()
	if len(behind) == 0 || ctx.Err() != nil {
		return nil
	}
	if err := w.commitOffsets(ctx, behind); err != nil && !gone(err) && ctx.Err() == nil {
		return err
	}
	return nil
}

// commit tells the group how far it is, and returns the batches it took the word of this member for.
func (w *writer) commit(ctx context.Context, batches []Batch) ([]Batch, error) {
	if len(batches) == 0 {
		return nil, nil
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	done := group.Offsets{}
	for _, b := range batches {
		done.Add(b.Place, group.After(b.Records[len(b.Records)-1]))
	}
	err := w.commitOffsets(last, done)
	switch {
	case gone(err):
		w.log.Warn("warning", "error", err, "text", "no longer a member of the group; whoever is will commit")
		return nil, nil
	case err != nil:
		return nil, err
	}
	return batches, nil
}

func (w *writer) commitOffsets(ctx context.Context, offsets group.Offsets) error {
	if _, err := group.Commit(ctx, w.client, w.log, offsets); err != nil {
		return fmt.Errorf("commit offsets of group %s: %w", w.store.group, err)
	}
	return nil
}

// gone tells whether a commit was refused because the group goes on without this member, or with it in another
// generation.
func gone(err error) bool { return group.Unknown(err) || group.Passing(err) }
