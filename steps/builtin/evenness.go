package builtin

// Evenness and placement: how records spread over partitions.

import (
	"context"
	"fmt"

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
	return nil
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
	return nil
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
	return nil
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
	places := map[string]int32{}
	shared := 0
	var moved error
	if err := world.ScanAll(ctx, world.Feed{Topic: one, See: func(r *record.Record) {
		if r.Key != nil {
			places[string(r.Key)] = r.Partition
		}
	}}, world.Feed{Topic: other, See: func(r *record.Record) {
		was, ok := places[string(r.Key)]
		if !ok || r.Key == nil {
			return
		}
		shared++
		if was != r.Partition && moved == nil {
			moved = world.Final(fmt.Errorf("key %q moved: partition %d in %q, partition %d in %q (offset %d)", r.Key, was,
				one.Name, r.Partition, other.Name, r.Offset))
		}
	}}); err != nil {
		return err
	}
	if moved == nil && shared == 0 {
		return fmt.Errorf("%q and %q share no key, so nothing can be compared", one.Name, other.Name)
	}
	if moved != nil {
		return moved
	}
	return world.Settled(ctx, one, other)
}
