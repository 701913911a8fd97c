package verdict

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/record"
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
	input      string
	partitions map[int32]*splitPartition
	keys       keys
	judged     int64
}

type splitPartition struct {
	inputs          offsets
	processed, dead tally
}

// NewSplit judges what became of the records of a topic.
func NewSplit(input string) *Split {
	return &Split{input: input, partitions: map[int32]*splitPartition{}}
}

// Input takes a record of the input.
func (s *Split) Input(r *record.Record) {
	s.judged++
	valueOf(s.partitions, r.Partition).inputs.add(r.Offset)
	s.keys.add(r.Partition, r.Offset, r.Key)
}

// Gone takes a record that was in the topic, and that retention, deletion or compaction took from the log since.
func (s *Split) Gone(r *record.Record) {
	s.keys.lost(r.Partition, r.Offset)
	s.Input(r)
}

// Processed takes the place of an input that an application processed.
func (s *Split) Processed(partition int32, offset int64) {
	s.judged++
	valueOf(s.partitions, partition).processed.add(offset)
}

// DeadLettered takes the place of an input that is in the dead letters.
func (s *Split) DeadLettered(partition int32, offset int64) {
	s.judged++
	valueOf(s.partitions, partition).dead.add(offset)
}

// Result judges what was fed so far.
func (s *Split) Result() Result {
	var found collector
	var inputs int64
	for _, number := range slices.Sorted(maps.Keys(s.partitions)) {
		inputs += s.partitions[number].inputs.count
		s.partitions[number].judge(func(kind string, offset int64, format string, arguments ...any) {
			found.add(s.keys.name(Finding{Kind: kind, Topic: s.input, Partition: number, Offset: offset}, offset), format,
				arguments...)
		})
	}
	judged := s.judged
	if inputs == 0 {
		judged = 0
	}
	return found.pronounce("processed and dead letters of "+s.input, judged, "no record of "+s.input+" was read")
}

func (p *splitPartition) judge(finding func(kind string, offset int64, format string, arguments ...any)) {
	for _, number := range numbers(&p.inputs) {
		in, done, dead := p.inputs.page(number), p.processed.page(number), p.dead.page(number)
		for w := range in {
			each(number, w, in[w]&^done[w]&^dead[w], func(offset int64) {
				finding(NotSplit, offset, "neither processed nor dead-lettered")
			})
			each(number, w, in[w]&done[w]&dead[w], func(offset int64) {
				finding(NotSplit, offset, "both processed and dead-lettered")
			})
		}
	}
	p.processed.without(&p.inputs, func(offset int64) {
		finding(Unexpected, offset, "processed, though it is not in the topic")
	})
	p.dead.without(&p.inputs, func(offset int64) {
		finding(Unexpected, offset, "dead-lettered, though it is not in the topic")
	})
	for offset, more := range p.processed.more {
		finding(NotSplit, offset, "processed %s", times(more+1))
	}
	for offset, more := range p.dead.more {
		finding(NotSplit, offset, "dead-lettered %s", times(more+1))
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
