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
	tooLarge    bool
	seen        []uint64 // bit i: first+i was seen
	highest     map[int32]*highest
	recent      *highest // records come partition by partition
	judged      int64
	found       collector
}

// highest is the highest number of a partition so far.
type highest struct {
	partition int32
	number    int64
}

// maxSequence bounds last-first+1: 1 GiB of bits.
const maxSequence = 1 << 33

// NewSequence judges the integer in field, in the notation of record tables
// (key, value, headers.seq, value.a.b), where seq alone is a field of a JSON
// value. More than 2^33 numbers are not judged: the result is inconclusive.
func NewSequence(topic, field string, first, last int64) *Sequence {
	s := &Sequence{topic: topic, field: newNumber(field), first: first, last: last, highest: map[int32]*highest{}}
	switch {
	case last < first: // no number at all is expected
	case uint64(last-first) >= maxSequence:
		s.tooLarge = true
	default:
		s.seen = make([]uint64, (last-first)/64+1)
	}
	return s
}

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
	if s.tooLarge {
		return
	}
	if n < s.first || n > s.last {
		s.found.add(findingAt(Unexpected, s.topic, r), "%s %d is not one of %d to %d", s.field.name, n, s.first,
			s.last)
		return
	}
	word, bit := (n-s.first)/64, uint64(1)<<((n-s.first)%64)
	if s.seen[word]&bit != 0 {
		s.found.add(findingAt(Duplicate, s.topic, r), "%s %d was read before", s.field.name, n)
		return
	}
	s.seen[word] |= bit

	h := s.recent
	if h == nil || h.partition != r.Partition {
		h = s.of(r.Partition, n)
	}
	if n < h.number {
		s.found.add(findingAt(Reordered, s.topic, r), "%s %d stands behind %d", s.field.name, n, h.number)
		return
	}
	h.number = n
}

func (s *Sequence) of(partition int32, n int64) *highest {
	h := s.highest[partition]
	if h == nil {
		h = &highest{partition, n}
		s.highest[partition] = h
	}
	s.recent = h
	return h
}

// Result judges what was fed so far.
func (s *Sequence) Result() Result {
	found := s.found.clone()
	judge := fmt.Sprintf("%s %d to %d in %s", s.field.name, s.first, s.last, s.topic)
	if s.tooLarge {
		return Result{Judge: judge, Outcome: Inconclusive, Why: "more than 8 billion numbers cannot be judged at once, use " +
			"several ranges"}
	}
	s.gaps(func(from, to int64) {
		f := Finding{Kind: LostWrite, Topic: s.topic, Partition: -1, Offset: -1, Count: to - from + 1}
		if to == from {
			found.add(f, "%s %d is not in the log", s.field.name, from)
		} else {
			found.add(f, "%s %d to %d, %d records, are not in the log", s.field.name, from, to, f.Count)
		}
	})
	if s.judged == 0 {
		found = collector{} // nothing read is no proof that all is lost
	}
	return found.pronounce(judge, s.judged, "no record of "+s.topic+" was read")
}

// gaps calls see with each range of numbers that were not seen.
func (s *Sequence) gaps(see func(from, to int64)) {
	from := int64(-1) // where the gap that is open began, as a bit
	count := s.last - s.first + 1
	if s.seen == nil {
		return
	}
	for i := int64(0); i < count; {
		word := s.seen[i/64]
		if i%64 == 0 && i+64 <= count && (word == ^uint64(0) && from < 0 || word == 0 && from >= 0) {
			i += 64 // nothing begins or ends here
			continue
		}
		switch seen := word>>(i%64)&1 != 0; {
		case seen && from >= 0:
			see(s.first+from, s.first+i-1)
			from = -1
		case !seen && from < 0:
			from = i
		}
		i++
	}
	if from >= 0 {
		see(s.first+from, s.last)
	}
}
