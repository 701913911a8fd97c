package builtin

// Throughput: how fast a topic grows, seen from the cluster and not from what a producer says of itself.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func throughputSteps(s *steps.Registry) {
	s.Then("{topic} received at least {rate}", receivedAtLeast, steps.With(world.SamplesTopic))
}

// receivedAtLeast judges the rate at which records became readable in a topic, from its first growth to its last while
// the scenario ran. Only what the cluster has acknowledged counts. Not looked at: who wrote the records, and pauses
// between them.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "events" received at least 1k records/s
func receivedAtLeast(ctx context.Context, t *world.Topic, want float64) error {
	w := world.FromContext(ctx)
	grown := w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == world.Received && f.Topic == t.Name })
	if len(grown) < 2 || grown[len(grown)-1].Count == grown[0].Count {
		return fmt.Errorf("%q: the growth was seen %d times, want at least twice; send more records, as it is looked at "+
			"every %s", t.Name, len(grown), world.SampleEvery)
	}
	first, last := grown[0], grown[len(grown)-1]
	records, seconds := last.Count-first.Count, (last.At - first.At).Seconds()
	rate := float64(records) / seconds
	w.Note("%q received %.0f records/s (%d records in %.2fs) on %s", t.Name, rate, records, seconds, w.Session.Describe())
	if rate < want {
		return fmt.Errorf("%q: got %.0f records/s (%d records in %.2fs), want at least %.0f records/s, on %s", t.Name, rate,
			records, seconds, want, w.Session.Describe())
	}
	return nil
}
