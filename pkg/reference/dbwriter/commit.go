package dbwriter

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
)

// ask finds out who is right when the database says that a partition is another's: the group. It refuses a commit of
// someone who is no member of it any more; that one will soon be told. Who is one claims the partition again, and reads
// on where the rows end: the other's claim came late.
func (w *writer) ask(ctx context.Context, at Place) error {
	next, err := w.store.position(ctx, at)
	if err != nil {
		return err
	}
	if mine := w.mine(at); next < 0 && mine != nil { // no rows yet: they begin where this member began to read
		next = mine.first
	}
	err = w.commitOffsets(ctx, offsets{}.add(at, -1, next))
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
	w.client.SetOffsets(offsets{}.add(at, -1, max(mine.next, next)))
	return nil
}

// catchUp tells the group where partitions stand that this member was just given. Its predecessor may have died between
// writing and committing, and no more records need come.
func (w *writer) catchUp(ctx context.Context) error {
	w.mu.Lock()
	behind := offsets{}
	for at, mine := range w.owned {
		if mine.behind {
			behind.add(at, -1, mine.next)
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

// offsets are where partitions are to be read on.
type offsets map[string]map[int32]kgo.EpochOffset

func (o offsets) add(at Place, epoch int32, next int64) offsets {
	if o[at.Topic] == nil {
		o[at.Topic] = map[int32]kgo.EpochOffset{}
	}
	o[at.Topic][at.Partition] = kgo.EpochOffset{Epoch: epoch, Offset: next}
	return o
}

// commit tells the group how far it is, and returns the batches it took the word of this member for.
func (w *writer) commit(ctx context.Context, batches []Batch) ([]Batch, error) {
	if len(batches) == 0 {
		return nil, nil
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	done := offsets{}
	for _, b := range batches {
		done.add(b.Place, b.Records[len(b.Records)-1].LeaderEpoch, b.Next())
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

func (w *writer) commitOffsets(ctx context.Context, offsets offsets) error {
	var failed error
	w.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest,
		answer *kmsg.OffsetCommitResponse, err error) {
		if failed = err; err != nil {
			return
		}
		for _, t := range answer.Topics {
			for _, p := range t.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					failed = fmt.Errorf("topic %s partition %d: %w", t.Topic, p.Partition, err)
					return
				}
				w.log.Info("committed", "topic", t.Topic, "partition", p.Partition, "offset", offsets[t.Topic][p.Partition].Offset)
			}
		}
	})
	if failed != nil {
		return fmt.Errorf("commit offsets of group %s: %w", w.store.group, failed)
	}
	return nil
}

// gone tells whether a commit was refused because the group goes on without this member, or with it in another
// generation.
func gone(err error) bool {
	for _, is := range []error{kerr.UnknownMemberID, kerr.IllegalGeneration, kerr.RebalanceInProgress,
		kerr.FencedInstanceID, kerr.StaleMemberEpoch} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}
