package builtin

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// setAside are dead letters, in the order in which they were safe.
type setAside []safeLetter

type safeLetter struct {
	safe   time.Duration // when it was acknowledged; 0 where that is not known, never where it was not
	record place
}

// until tells of those that were safe at a time, and returns the others.
func (s setAside) until(at time.Duration, tell func(partition int32, offset int64)) setAside {
	for len(s) > 0 && s[0].safe <= at {
		tell(s[0].record.partition, s[0].record.offset)
		s = s[1:]
	}
	return s
}

// goneAfter counts the dead letters before the start of the log that were acknowledged only after a time: whatever
// record they were of, it was not set aside by then.
func goneAfter(ctx context.Context, dead *world.Topic, written map[place]time.Duration, at time.Duration) (count int64,
	err error) {
	start, _, err := dead.Bounds(ctx)
	for letter, safe := range written {
		if letter.offset < start.At(int(letter.partition)) && safe > at {
			count++
		}
	}
	return count, err
}

// writings are what applications wrote into topics other than the input.
type writings struct {
	acknowledged map[string]map[place]time.Duration // by topic: when a writer was told that the record is in the log
	unsure       map[string]map[int32]bool          // by topic, partitions: a batch may be in the log, unacknowledged
	others       map[string]map[place]bool          // by topic with such partitions: acknowledged to anybody
}

// never is when what was not acknowledged is safe.
const never = time.Duration(math.MaxInt64)

// writingsOf tells what was acknowledged to some applications, and what others did not learn the fate of. What was
// written in a transaction is safe no sooner than the request that commits it.
func writingsOf(w *world.World, input *world.Topic, told, unsure func(app string) bool) *writings {
	wrote := func(f *journal.Fact) bool {
		return f.Kind == journal.ProduceAttempt && told(f.App) && f.Topic != input.Name && inLog(f)
	}
	ended := map[int64]time.Duration{} // by the fact of a batch
	w.InForceAsSent(wrote, func(f, end *journal.Fact) {
		if end != nil {
			ended[f.Seq] = saidAt(f, end)
		}
	})
	all := &writings{map[string]map[place]time.Duration{}, map[string]map[int32]bool{}, map[string]map[place]bool{}}
	for _, f := range w.Journal.Select(wrote) {
		if all.acknowledged[f.Topic] == nil {
			all.acknowledged[f.Topic] = map[place]time.Duration{}
		}
		for n := range f.Count {
			at := place{f.Partition, f.Offset + n}
			if _, before := all.acknowledged[f.Topic][at]; !before { // it may have been sent again, and found to be there
				all.acknowledged[f.Topic][at] = cmp.Or(ended[f.Seq], f.Request.Answered)
			}
		}
	}
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.ProduceAttempt && unsure(f.App) && f.Topic != input.Name && mayBeInLog(f)
	}) {
		if all.unsure[f.Topic] == nil {
			all.unsure[f.Topic] = map[int32]bool{}
		}
		all.unsure[f.Topic][f.Partition] = true
	}
	return all
}

// inLog is true of a batch that its writer knows to be in the log.
func inLog(f *journal.Fact) bool { return verdict.OutcomeOf(f) == verdict.Written && f.Offset >= 0 }

// mayBeInLog is true of one whose writer does not know. It may have sent the same one again.
func mayBeInLog(f *journal.Fact) bool {
	return f.Request != nil && f.Request.Outcome != journal.Intercepted && f.Request.Outcome != journal.Unreadable &&
		verdict.OutcomeOf(f) != verdict.Rejected && !inLog(f)
}

// topics are those that some applications wrote.
func (s *writings) topics(w *world.World, by func(app string) bool) []string {
	names := maps.Clone(s.unsure)
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.ProduceAttempt && by(f.App) && s.acknowledged[f.Topic] != nil && inLog(f)
	}) {
		names[f.Topic] = nil
	}
	return slices.Sorted(maps.Keys(names))
}

// safe is when a dead letter was acknowledged to its writer: never where that is one who did not learn its fate, and 0
// where somebody else wrote it.
func (s *writings) safe(dead *world.Topic, letter *record.Record) time.Duration {
	at := place{letter.Partition, letter.Offset}
	if safe, known := s.acknowledged[dead.Name][at]; known {
		return safe
	}
	if !s.unsure[dead.Name][letter.Partition] {
		return 0
	}
	if s.others[dead.Name] == nil {
		anybody := map[place]bool{}
		dead.Acknowledged(func(_ string, partition int32, offset int64, _ journal.Content) {
			anybody[place{partition, offset}] = true
		})
		s.others[dead.Name] = anybody
	}
	if s.others[dead.Name][at] {
		return 0
	}
	return never
}
