package builtin

// Throughput: how fast a topic grows, seen from the cluster and not from what a producer says of itself.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func throughputSteps(s *steps.Registry) {
	s.Then("{topic} received at least {rate}", receivedAtLeast, steps.With(world.SamplesTopic))
}

// receivedAtLeast judges the rate at which records became readable in a topic, from when it was first seen to grow to
// its last growth, while applications run. It is told by offsets, so the markers of transactions count, and what was
// aborted. A topic that was seen to grow once only counts from the look before, and is inconclusive where that is too
// slow. Not looked at: who wrote the records, and pauses between them.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "events" received at least 1k records/s
func receivedAtLeast(ctx context.Context, t *world.Topic, want float64) error {
	w := world.FromContext(ctx)
	grown := w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == world.Received && f.Topic == t.Name })
	// the first one is what was there when it was first looked at
	once := len(grown) == 2
	switch {
	case len(grown) == 1:
		return fmt.Errorf("%q: got no record since applications were started, want at least %.0f records/s", t.Name, want)
	case len(grown) == 0 || grown[len(grown)-1].Count <= grown[0].Count:
		return fmt.Errorf("%w: %q was not seen to grow; send records while an application runs, as it is looked at every %s",
			verdict.ErrInconclusive, t.Name, world.SampleEvery)
	}
	first, last := grown[1], grown[len(grown)-1]
	if once { // it took at most so long
		first = grown[0]
	}
	records, seconds := last.Count-first.Count, (last.At - first.At).Seconds()
	rate := float64(records) / seconds
	w.Note("%q received %.0f records/s (%d records in %.2fs) on %s", t.Name, rate, records, seconds, w.Session.Describe())
	if once && rate < want {
		return fmt.Errorf("%w: %q was seen to grow once, by %d records in at most %.2fs; send more records, as it is looked "+
			"at every %s", verdict.ErrInconclusive, t.Name, records, seconds, world.SampleEvery)
	}
	if rate < want {
		return fmt.Errorf("%q: got %.0f records/s (%d records in %.2fs), want at least %.0f records/s, on %s", t.Name, rate,
			records, seconds, want, w.Session.Describe())
	}
	return nil
}
