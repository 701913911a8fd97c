package world

// Where the logs of a topic begin, how far they can be read, and where they end.

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Offsets holds one offset for each partition.
type Offsets []int64

// At is -1 where there is no offset; it tolerates a topic that has grown since the offsets were taken, and what is no
// partition.
func (o Offsets) At(p int) int64 {
	if p >= 0 && p < len(o) {
		return o[p]
	}
	return -1
}

// Bounds returns the first offset and the last stable offset of each partition.
func (t *Topic) Bounds(ctx context.Context) (start, end Offsets, err error) {
	end, err = t.readable(ctx)
	if err != nil {
		return nil, nil, err
	}
	start, err = t.listOffsets(ctx, starts)
	return start, end, err
}

// bounds are those of the scenario's own records: a topic that it took over begins where that was.
func (t *Topic) bounds(ctx context.Context) (start, end Offsets, err error) {
	start, end, err = t.Bounds(ctx)
	for p := range start {
		start[p] = max(start[p], t.began.At(p))
	}
	return start, end, err
}

// Ends returns the high watermark of each partition.
func (t *Topic) Ends(ctx context.Context) (Offsets, error) { return t.listOffsets(ctx, ends) }

// Where a log may be asked to begin or to end.
const (
	starts     = "first offsets"
	stableEnds = "last stable offsets"
	ends       = "high watermarks"
)

// readable returns the last stable offset of each partition, up to which the topic is read. Where a transaction is open
// the look that goes on is told.
func (t *Topic) readable(ctx context.Context) (Offsets, error) {
	return t.world.offsets(ctx, journal.Answer{Question: stableEnds, Of: t.Name},
		func(ctx context.Context) (Offsets, error) {
			if err := t.identify(ctx); err != nil {
				return nil, err
			}
			whole, err := t.askOffsets(ctx, ends) // first: what is written meanwhile is no open transaction
			if err != nil {
				return nil, err
			}
			stable, err := t.askOffsets(ctx, stableEnds)
			if err != nil {
				return nil, err
			}
			for p := range whole {
				if stable.At(p) < whole[p] {
					t.world.looks.hides(t)
				}
			}
			return stable, nil
		})
}

func (t *Topic) listOffsets(ctx context.Context, which string) (Offsets, error) {
	return t.world.offsets(ctx, journal.Answer{Question: which, Of: t.Name},
		func(ctx context.Context) (Offsets, error) { return t.askOffsets(ctx, which) })
}

func (t *Topic) askOffsets(ctx context.Context, which string) (Offsets, error) {
	admin := t.world.Admin()
	answered, asked := asks(ctx), t.world.Journal.Since(time.Now())
	listed, err := map[string]func(context.Context, ...string) (kadm.ListedOffsets, error){
		starts: admin.ListStartOffsets, stableEnds: admin.ListCommittedOffsets, ends: admin.ListEndOffsets,
	}[which](ctx, t.Physical)
	answered()
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: list the offsets of %q: %w", t.Name, err)
	}
	t.world.mu.Lock()
	partitions := int(t.Partitions)
	t.world.mu.Unlock()
	found := make(Offsets, max(len(listed[t.Physical]), partitions))
	for p := range found {
		o, ok := listed.Lookup(t.Physical, int32(p))
		if !ok { // not to be taken for an empty partition
			return nil, fmt.Errorf("could not look: the offsets of %q lack partition %d", t.Name, p)
		}
		found[p] = o.Offset
	}
	if which == starts {
		t.sent.seeStarts(found, asked)
	}
	return found, nil
}
