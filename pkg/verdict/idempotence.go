package verdict

import "math"

// Idempotence judges that a producer writes in the way that lets a broker tell
// a batch sent again from a new one (KIP-98): each attempt asks for acks=all and
// carries a producer id, and per producer id, epoch and partition the sequences
// of new batches follow each other from 0 without a gap. A batch that is sent
// again keeps its first sequence and its number of records; unless the broker
// has refused it, when its sequences are free for others.
//
// It does not judge whether a producer may begin a new epoch, nor whether it
// resends records as new ones: the log shows that, as duplicates.
//
// Memory: one fact per attempt, and 16 bytes per batch.
type Idempotence struct {
	name string
	attempts
}

// NewIdempotence judges the attempts it is fed; name says of what.
func NewIdempotence(name string) *Idempotence { return &Idempotence{name: name} }

// Result judges what was fed so far.
func (j *Idempotence) Result() Result {
	var found collector
	sessions := map[session]*sequences{}
	for _, a := range j.sorted() {
		if a.Acks != -1 {
			found.add(a.finding(NotAllAcks), "got acks=%d, want all (-1)", a.Acks)
		}
		if a.ProducerID < 0 || a.FirstSequence < 0 {
			found.add(a.finding(NoProducerID), "got a batch of %d records without producer id and sequence", a.records())
			continue
		}
		s := sessions[a.session()]
		if s == nil {
			s = &sequences{batches: map[int32]*sentBatch{}}
			sessions[a.session()] = s
		}
		s.judge(a, &found)
	}
	return found.pronounce("idempotence of "+j.name, int64(len(j.all)), "no attempt to write was seen")
}

// sequences are those of one session at one partition.
type sequences struct {
	next    int32 // the first one that is not given away
	batches map[int32]*sentBatch
}

type sentBatch struct {
	records int32
	refused bool // by the broker, so that it was not written
}

func (s *sequences) judge(a attempt, found *collector) {
	first, records := a.FirstSequence, a.records()
	known := s.batches[first]
	switch {
	case known != nil && known.records == records:
	case known != nil && !known.refused:
		found.add(a.finding(SequenceReused), "producer id %d epoch %d: sequence %d stood for %d records, and now stands "+
			"for %d", a.ProducerID, a.ProducerEpoch, first, known.records, records)
		return
	case known != nil: // others in place of those that were refused
		s.next = following(first, records)
	case first == s.next:
		s.next = following(first, records)
	default:
		found.add(a.finding(SequenceGap), "producer id %d epoch %d: got first sequence %d, want %d", a.ProducerID,
			a.ProducerEpoch, first, s.next)
		s.next = following(first, records) // one finding for each gap
	}
	s.batches[first] = &sentBatch{records, OutcomeOf(a.Fact) == Rejected}
}

// following is the sequence after a batch; sequences wrap around to 0.
func following(first, records int32) int32 { return (first + records) & math.MaxInt32 }
