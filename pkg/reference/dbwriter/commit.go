package dbwriter

import (
	"context"
	"fmt"
	"slices"

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
	_, err = w.commitOffsets(ctx, offsets)
	switch {
	case group.Refused(err):
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

// catchUp tells the group where partitions stand that this member was just given, or could not tell it in time. Its
// predecessor may have died between writing and committing, and no more records need come.
func (w *writer) catchUp(ctx context.Context) error {
	w.mu.Lock()
	behind := group.Offsets{}
	for at, mine := range w.owned {
		if mine.behind {
			behind.Add(at, kgo.EpochOffset{Epoch: -1, Offset: mine.next})
			mine.behind = false
		}
	}
	all := len(behind) + len(w.owed)
	w.mu.Unlock()
	if all == 0 || ctx.Err() != nil {
		return nil
	}
	if _, err := w.tell(ctx, behind); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// commit tells the group how far it is, and returns the batches it took the word of this member for.
func (w *writer) commit(ctx context.Context, batches []Batch) (committed []Batch, err error) {
	if len(batches) == 0 {
		return nil, nil
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	done := group.Offsets{}
	for _, b := range batches {
		done.Add(b.Place, group.After(b.Records[len(b.Records)-1]))
	}
	taken, err := w.tell(last, done)
	if err != nil || !w.policy.CommitFirst {
		return batches, err
	}
	again := group.Offsets{} // neither committed nor written, and its partitions may stay with this member
	for _, b := range batches {
		if slices.Contains(taken, b.Place) {
			committed = append(committed, b)
		} else {
			again.Add(b.Place, kgo.EpochOffset{Epoch: -1, Offset: b.Records[0].Offset})
		}
	}
	w.client.SetOffsets(again)
	return committed, nil
}

// tell commits offsets, and those that are owed, and returns the partitions that were taken. What is refused as the
// group goes on is owed then, but for rows that are not written yet.
func (w *writer) tell(ctx context.Context, offsets group.Offsets) (taken []group.Place, err error) {
	w.mu.Lock()
	for topic, partitions := range w.owed {
		for partition, next := range partitions {
			if _, newer := offsets[topic][partition]; !newer {
				offsets.Add(group.Place{Topic: topic, Partition: partition}, next)
			}
		}
	}
	w.owed = group.Offsets{}
	w.mu.Unlock()
	taken, err = w.commitOffsets(ctx, offsets)
	switch {
	case group.Refused(err) && !w.policy.CommitFirst:
		w.log.Warn("warning", "error", err, "text", group.CommittedLater)
		offsets.Keep(func(at group.Place) bool { return !slices.Contains(taken, at) })
		w.mu.Lock()
		w.owed = offsets
		w.mu.Unlock()
	case group.Refused(err):
		w.log.Warn("warning", "error", err, "text", "no longer a member of the group; whoever is will commit")
	default:
		return taken, err
	}
	return taken, nil
}

func (w *writer) commitOffsets(ctx context.Context, offsets group.Offsets) (taken []group.Place, err error) {
	if taken, err = group.Commit(ctx, w.client, w.log, offsets); err != nil {
		return taken, fmt.Errorf("commit offsets of group %s: %w", w.store.group, err)
	}
	return taken, nil
}
