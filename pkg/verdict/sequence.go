package verdict

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Sequence judges a topic whose records carry the numbers first to last: each
// number exactly once, and rising within each partition. That a number is
// missing is a lost write; missing numbers in a row are one finding. A number
// seen again is a duplicate. A number below one that stands before it in its
// partition is reordered; of a number that is repeated only the first counts.
//
// Records of a partition must be fed in the order of its log; partitions may be
// mixed. Where several producers number their records independently, use one
// judge for each.
//
// Memory: one bit per number, whatever the number of records.
type Sequence struct {
	topic       string
	field       field[int64]
	first, last int64
	seen        offsets         // numbers, counted from first
	highest     map[int32]int64 // the highest number so far, by partition
	judged      int64
	found       collector
}

// maxSequence bounds last-first: 1 GiB of bits.
const maxSequence = 1 << 33

// NewSequence judges the integer in field, in the notation of record tables
// (key, value, headers.seq, value.a.b), where seq alone is a field of a JSON
// value. More than 2^33 numbers are not judged: the result is inconclusive.
func NewSequence(topic, field string, first, last int64) *Sequence {
	return &Sequence{topic: topic, field: newNumber(field), first: first, last: last, highest: map[int32]int64{}}
}

func (s *Sequence) tooLarge() bool { return s.last >= s.first && uint64(s.last-s.first) >= maxSequence }

// Observe takes the next record of its partition.
func (s *Sequence) Observe(r *record.Record) {
	n, err := s.field.read(r)
	if err != nil {
		s.judged++
		s.found.add(findingAt(Unexpected, s.topic, r), "no %s to judge by: %v", s.field.name, err)
		return
	}
	s.ObserveNumber(n, r)
}

// ObserveNumber takes a record of which the number was read already.
func (s *Sequence) ObserveNumber(n int64, r *record.Record) {
	s.judged++
	if s.tooLarge() {
		return
	}
	if n < s.first || n > s.last {
		s.found.add(findingAt(Unexpected, s.topic, r), "%s %d is not one of %d to %d", s.field.name, n, s.first,
			s.last)
		return
	}
	if !s.seen.add(n - s.first) {
		s.found.add(findingAt(Duplicate, s.topic, r), "%s %d was read before", s.field.name, n)
		return
	}
	if highest, any := s.highest[r.Partition]; any && n < highest {
		s.found.add(findingAt(Reordered, s.topic, r), "%s %d stands behind %d", s.field.name, n, highest)
		return
	}
	s.highest[r.Partition] = n
}

// Result judges what was fed so far.
func (s *Sequence) Result() Result {
	found := s.found.clone()
	judge := fmt.Sprintf("%s %d to %d in %s", s.field.name, s.first, s.last, s.topic)
	if s.tooLarge() {
		return Result{Judge: judge, Outcome: Inconclusive, Why: "more than 8 billion numbers cannot be judged at once, use " +
			"several ranges"}
	}
	next := int64(0)
	gap := func(end int64) {
		f := Finding{Kind: LostWrite, Topic: s.topic, Partition: -1, Offset: -1, Count: end - next}
		switch from, to := s.first+next, s.first+end-1; {
		case f.Count <= 0:
		case f.Count == 1:
			found.add(f, "%s %d is not in the log", s.field.name, from)
		default:
			found.add(f, "%s %d to %d, %d records, are not in the log", s.field.name, from, to, f.Count)
		}
	}
	s.seen.each(func(number int64) {
		gap(number)
		next = number + 1
	})
	gap(s.last - s.first + 1)
	if s.judged == 0 {
		found = collector{} // nothing read is no proof that all is lost
	}
	return found.pronounce(judge, s.judged, "no record of "+s.topic+" was read")
}
