package builtin

// Throughput: how fast a topic grows, seen from the cluster and not from what a producer says of itself.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func throughputSteps(s *steps.Registry) {
	s.Then("{topic} received at least {rate}", receivedAtLeast, steps.With(world.SamplesTopic))
}

// receivedAtLeast judges the rate at which records became readable in a topic, from when it was first seen to grow to
// its last growth, while applications run: the time before the first record and after the last does not count, pauses
// between them do. It counts what a consumer at read_committed can read: no markers of transactions, and nothing that
// was aborted. A topic that was seen to grow once only counts from its first look, and is inconclusive where that is
// too slow. So is one from which records are gone. Not looked at: who wrote the records.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "events" received at least 1k records/s
func receivedAtLeast(ctx context.Context, t *world.Topic, want float64) error {
	w := world.FromContext(ctx)
	grew, err := t.Grew(ctx)
	if err != nil {
		return err
	}
	switch {
	case grew.Looked == 0:
		return fmt.Errorf("%w: %q was not seen to grow; send records while an application runs, as it is looked at every %s",
			verdict.ErrInconclusive, t.Name, world.SampleEvery)
	case len(grew.Looks) == 0 && grew.Gone > 0:
		return fmt.Errorf("%w: %q: %s gone from the log, and nothing is left to count", verdict.ErrInconclusive, t.Name,
			words.Counted(grew.Gone, "offset"))
	case len(grew.Looks) == 0 && grew.Looked > 1:
		return fmt.Errorf("%q: got aborted records and markers of transactions only, want at least %.0f records/s that a "+
			"consumer can read", t.Name, want)
	case len(grew.Looks) == 0:
		return fmt.Errorf("%q: got no record since applications were started, want at least %.0f records/s", t.Name, want)
	}
	first, last := grew.Looks[0], grew.Looks[len(grew.Looks)-1]
	once := first == last
	if once || grew.Gone > 0 { // it took at most so long
		first = world.Readable{At: grew.Since}
	}
	records, seconds := last.Records-first.Records, (last.At - first.At).Seconds()
	rate := float64(records) / seconds
	w.Note("%q received %.0f records/s (%d records in %.2fs) on %s", t.Name, rate, records, seconds, w.Session.Describe())
	switch {
	case rate >= want:
		return nil
	case grew.Gone > 0:
		return fmt.Errorf("%w: %q received %d records in at most %.2fs, and %s gone from the log before they were counted",
			verdict.ErrInconclusive, t.Name, records, seconds, words.Counted(grew.Gone, "offset"))
	case once:
		return fmt.Errorf("%w: %q was seen to grow once, by %d records in at most %.2fs; send more records, as it is looked "+
			"at every %s", verdict.ErrInconclusive, t.Name, records, seconds, world.SampleEvery)
	}
	return fmt.Errorf("%q: got %.0f records/s (%d records in %.2fs), want at least %.0f records/s, on %s; counted from "+
		"its first growth at %.3fs to its last at %.3fs, with the pauses between", t.Name, rate, records, seconds, want,
		w.Session.Describe(), first.At.Seconds(), last.At.Seconds())
}
