package verdict

import (
	"fmt"
	"maps"
	"slices"
)

// Split judges conservation: every record of the input was either processed or
// dead-lettered, exactly once. It finds inputs that were neither or both, that
// were processed or dead-lettered more than once, and what was processed or
// dead-lettered though it is not in the input. The three sides may be fed in any
// order, mixed.
//
// Memory: three bits per offset of the input, some 40 bytes per repetition, and
// the first keys.
type Split struct {
	*Records
	processed, dead map[int32]*tally
	told            int64 // of places, processed or dead-lettered
}

// NewSplit judges what became of the records of a topic.
func NewSplit(input string) *Split {
	return &Split{Records: NewRecords(input), processed: map[int32]*tally{}, dead: map[int32]*tally{}}
}

// Processed takes the place of an input that an application processed.
func (s *Split) Processed(partition int32, offset int64) { s.tell(s.processed, partition, offset) }

// DeadLettered takes the place of an input that is in the dead letters.
func (s *Split) DeadLettered(partition int32, offset int64) { s.tell(s.dead, partition, offset) }

func (s *Split) tell(side map[int32]*tally, partition int32, offset int64) {
	s.told++
	valueOf(s.inputs, partition)
	valueOf(side, partition).add(offset)
}

// Result judges what was fed so far.
func (s *Split) Result() Result {
	var found collector
	for _, partition := range slices.Sorted(maps.Keys(s.inputs)) {
		s.judge(partition, func(offset int64, kind string, stays bool, format string, arguments ...any) {
			f := s.finding(kind, partition, offset)
			f.Stays = stays
			found.add(f, format, arguments...)
		})
	}
	judged := s.count()
	if judged > 0 {
		judged += s.told
	}
	return s.cleaned.or(found.pronounce("processed and dead letters of "+s.topic, judged,
		"no record of "+s.topic+" was read"))
}

func (s *Split) judge(partition int32,
	finding func(offset int64, kind string, stays bool, format string, arguments ...any)) {
	inputs, processed, dead := s.inputs[partition], valueOf(s.processed, partition), valueOf(s.dead, partition)
	inputs.each(func(offset int64) {
		switch done, aside := processed.has(offset), dead.has(offset); {
		case done && aside:
			finding(offset, NotSplit, true, "both processed and dead-lettered")
		case !done && !aside && !s.cleaned.excuses(partition, offset, nil):
			finding(offset, NotSplit, false, "neither processed nor dead-lettered")
		}
	})
	for _, side := range []struct {
		*tally
		what string
	}{{processed, "processed"}, {dead, "dead-lettered"}} {
		side.without(inputs, func(offset int64) {
			finding(offset, Unexpected, false, "%s, though it is not in the topic", side.what)
		})
		for offset, more := range side.more {
			finding(offset, NotSplit, true, "%s %s", side.what, times(more+1))
		}
	}
}

// times is a number of times, in words.
type times int64

func (n times) String() string {
	if n == 2 {
		return "twice"
	}
	return fmt.Sprintf("%d times", int64(n))
}
