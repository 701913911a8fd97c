package world

// What a group has committed.

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Committed returns the committed offset of each partition, -1 where there is none.
func (g *Group) Committed(ctx context.Context, t *Topic) (Offsets, error) {
	committed, err := g.world.offsets(ctx, journal.Answer{Question: "committed offsets", Of: g.Name, On: t.Name},
		func(ctx context.Context) (Offsets, error) {
			if err := t.identify(ctx); err != nil {
				return nil, err
			}
			return g.fetchCommitted(ctx, t)
		})
	if err == nil && t.remade > 0 {
		err = g.sinceRemade(t, committed)
	}
	return committed, err
}

// sinceRemade leaves out what was committed of a topic before it was deleted and made again.
func (g *Group) sinceRemade(t *Topic, committed Offsets) error {
	heard, since := false, map[int32]bool{}
	g.world.Journal.Select(func(f *journal.Fact) bool {
		if f.Kind == journal.GroupCommit && f.Group == g.Name && f.Topic == t.Name && f.Error == "" {
			heard, since[f.Partition] = true, since[f.Partition] || f.Seq > t.remade
		}
		return false
	})
	for p, o := range committed {
		switch {
		case o < 0 || since[int32(p)]:
		case !heard:
			return t.unclear("who has committed offset %d of partition %d to group %q was not seen: it may be of the topic "+
				"before", o, p, g.Name)
		default:
			committed[p] = -1
		}
	}
	return nil
}

func (g *Group) fetchCommitted(ctx context.Context, t *Topic) (Offsets, error) {
	if err := g.Commits(ctx); err != nil {
		return nil, err
	}
	admin := g.world.Admin()
	found := slices.Repeat(Offsets{-1}, int(t.Partitions))
	answered := asks(ctx)
	responses, err := admin.FetchOffsets(ctx, g.Physical())
	answered()
	if errors.Is(err, kerr.GroupIDNotFound) {
		return found, nil
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: fetch the committed offsets of group %q: %w", g.Name, err)
	}
	for p := range found {
		if o, ok := responses.Lookup(t.Physical, int32(p)); ok {
			if o.Err != nil {
				return nil, fmt.Errorf("could not look: committed offset of group %q on %q partition %d: %w", g.Name, t.Name, p,
					o.Err)
			}
			found[p] = o.At
		}
	}
	return found, nil
}
