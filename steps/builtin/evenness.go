package builtin

// Evenness and placement: how records spread over partitions.

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// busiestPartition judges evenness from above: the count of the fullest partition against the mean of all. Not looked
// at: which keys make it so.
//
//	Given topic "events" with 3 partitions
//	And 3_000 records from generator "events-by-user" are in "events"
//	Then the busiest partition of "events" has at most 50% more than the mean
func busiestPartition(ctx context.Context, t *world.Topic, share float64) error {
	e, err := spread(ctx, t)
	if err != nil {
		return err
	}
	if e.MaxOverMean > 1+share {
		return fmt.Errorf("%q: the busiest partition has %.1f%% more than the mean, want at most %.1f%%; records per "+
			"partition: %v", t.Name, (e.MaxOverMean-1)*100, share*100, e.Counts)
	}
	return world.Settled(ctx, t)
}

// idlestPartition judges evenness from below: the count of the emptiest partition against the mean of all. Not looked
// at: which keys make it so.
//
//	Given topic "events" with 3 partitions
//	And 3_000 records from generator "events-by-user" are in "events"
//	Then the idlest partition of "events" has at most 50% less than the mean
func idlestPartition(ctx context.Context, t *world.Topic, share float64) error {
	e, err := spread(ctx, t)
	if err != nil {
		return err
	}
	if e.MinOverMean < 1-share {
		return fmt.Errorf("%q: the idlest partition has %.1f%% less than the mean, want at most %.1f%%; records per "+
			"partition: %v", t.Name, (1-e.MinOverMean)*100, share*100, e.Counts)
	}
	return world.Settled(ctx, t)
}

// spread counts the records of each partition and notes the figures for the report.
func spread(ctx context.Context, t *world.Topic) (verdict.Evenness, error) {
	w := world.FromContext(ctx)
	found, err := t.Counts(ctx)
	if err != nil {
		return verdict.Evenness{}, err
	}
	counts, held := map[int32]int64{}, int64(0)
	for p, n := range found {
		counts[int32(p)] = n
		held += n
	}
	if held == 0 {
		return verdict.Evenness{}, fmt.Errorf("%q holds no record, so nothing can be said of its evenness", t.Name)
	}
	e := verdict.EvennessOf(counts)
	w.Note("%d records on %d partitions: max/mean %.3f, min/mean %.3f", held, len(counts), e.MaxOverMean,
		e.MinOverMean)
	return e, nil
}

// keysSpreadByChance judges by Pearson's chi-square test whether the distinct keys spread over the partitions as chance
// would have it: the chance of a spread at least this uneven, p, must reach the bound. Keys are counted once each, as
// the records of one key are not independent. Not looked at: how many records each key has.
//
//	Given topic "events" with 6 partitions
//	And 10_000 records from generator "events-by-user" are in "events"
//	Then the keys of "events" are spread evenly, with a chi-square p of at least 0.000001
func keysSpreadByChance(ctx context.Context, t *world.Topic, bound float64) error {
	w := world.FromContext(ctx)
	seen := map[string]bool{}
	counts := map[int32]int64{}
	for p := range t.Partitions {
		counts[p] = 0
	}
	if err := t.Scan(ctx, func(r *record.Record) {
		if r.Key != nil && !seen[string(r.Key)] {
			seen[string(r.Key)] = true
			counts[r.Partition]++
		}
	}); err != nil {
		return err
	}
	if len(seen) == 0 {
		return fmt.Errorf("%q holds no record with a key, so nothing can be said of its keys", t.Name)
	}
	e := verdict.EvennessOf(counts)
	w.Note("%d keys on %d partitions: chi-square %.1f, p %.3f", len(seen), t.Partitions, e.ChiSquare, e.PValue)
	if err := world.Judged(e.ByChance(t.Name, bound)); err != nil {
		return err
	}
	if few := leastKeys * int(t.Partitions); len(seen) < few {
		return fmt.Errorf("%w: %q has %d keys on %d partitions, and the test says nothing of less than %d",
			verdict.ErrInconclusive, t.Name, len(seen), t.Partitions, few)
	}
	return world.Settled(ctx, t)
}

// leastKeys is how many keys a partition should have for Pearson's test (Cochran 1954).
const leastKeys = 5

// sameKeysSamePartitions judges that each key the two topics share is on the same partitions in both, as for two runs
// of one producer. Not looked at: keys that only one of the topics has.
//
//	Given topic "monday" with 3 partitions
//	And topic "tuesday" with 3 partitions
//	And 100 records from generator "orders" are in "monday"
//	And 100 records from generator "orders" are in "tuesday"
//	Then the keys of "monday" are on the same partitions as in "tuesday"
func sameKeysSamePartitions(ctx context.Context, one, other *world.Topic) error {
	was, is := keyPlaces{}, keyPlaces{}
	if err := world.ScanAll(ctx, world.Feed{Topic: one, See: was.add}, world.Feed{Topic: other, See: is.add}); err != nil {
		return err
	}
	shared := false
	var moved, missing error
	for _, key := range slices.Sorted(maps.Keys(is)) {
		before, now := was[key], is[key]
		if before == nil {
			continue
		}
		shared = true
		if at, more := now.beyond(before); more && moved == nil {
			moved = world.Final(fmt.Errorf("key %q moved: partition %s in %q, partition %d in %q (offset %d)", key, before,
				one.Name, at.partition, other.Name, at.offset))
		}
		if at, more := before.beyond(now); more && missing == nil {
			missing = fmt.Errorf("key %q moved: partition %s in %q, and in %q partition %d too (offset %d)", key, now,
				other.Name, one.Name, at.partition, at.offset)
		}
	}
	if !shared {
		return fmt.Errorf("%q and %q share no key, so nothing can be compared", one.Name, other.Name)
	}
	return cmp.Or(moved, missing, world.Settled(ctx, one, other))
}

// keyPlaces are the partitions that keys are on.
type keyPlaces map[string]firsts

// firsts are the first records on each of some partitions.
type firsts []place

func (k keyPlaces) add(r *record.Record) {
	if on := k[string(r.Key)]; r.Key != nil && !on.have(r.Partition) {
		k[string(r.Key)] = append(on, place{r.Partition, r.Offset})
	}
}

func (p firsts) have(partition int32) bool {
	return slices.ContainsFunc(p, func(at place) bool { return at.partition == partition })
}

// beyond is the first on a partition that the others do not have.
func (p firsts) beyond(others firsts) (at place, found bool) {
	i := slices.IndexFunc(p, func(at place) bool { return !others.have(at.partition) })
	if i < 0 {
		return place{}, false
	}
	return p[i], true
}

func (p firsts) String() string {
	all := make([]string, len(p))
	for i, at := range p {
		all[i] = fmt.Sprint(at.partition)
	}
	return strings.Join(all, " and ")
}
