package verdict

import (
	"math"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Idempotence judges that a producer writes in the way that lets a broker tell
// a batch sent again from a new one (KIP-98): each attempt asks for acks=all and
// carries a producer id, and per producer id, epoch and partition the sequences
// of new batches follow each other from 0 without a gap. A batch that is sent
// again keeps its first sequence and its number of records; unless the broker
// has refused it, when its sequences are free for others.
//
// Records of a batch that was neither written nor refused, as far as its sender knows, must not be sent again in
// another batch: the log may have them twice. That is judged where the contents of the records are known, and not of
// transactions, which are aborted before. Records are taken to differ from each other.
//
// It does not judge whether a producer may begin a new epoch.
//
// Memory: one fact per attempt, 16 bytes per batch, and some 40 per record of a batch whose fate is not known.
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
	fates := j.fates()
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
		fates.judge(a, &found)
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

// sent is a batch, whichever of its attempts.
type sent struct {
	session
	sequence int32
}

// fates are those of the batches, and of the records in those whose fate is not known.
type fates struct {
	known map[sent]bool
	open  map[journal.Content]sent
}

func (j *Idempotence) fates() *fates {
	f := &fates{known: map[sent]bool{}, open: map[journal.Content]sent{}}
	for _, a := range j.all {
		f.known[a.sent()] = f.known[a.sent()] || OutcomeOf(a.Fact) != Failed
	}
	return f
}

func (a attempt) sent() sent { return sent{a.session(), a.FirstSequence} }

// judge takes the next attempt.
func (f *fates) judge(a attempt, found *collector) {
	if a.TransactionalID != "" {
		return
	}
	again, before := int64(0), sent{}
	for _, c := range a.Contents {
		if first, ok := f.open[c]; ok && first != a.sent() {
			again, before = again+1, first
			delete(f.open, c) // one finding for each
		}
	}
	if again > 0 {
		at := a.finding(SentAsNew)
		at.Count = again
		found.add(at, "%s of a batch that had no answer, of producer id %d epoch %d, came again as sequence %d of producer "+
			"id %d epoch %d", count(again, "record"), before.producer, before.epoch, a.FirstSequence, a.ProducerID,
			a.ProducerEpoch)
	}
	if !f.known[a.sent()] {
		for _, c := range a.Contents {
			f.open[c] = a.sent()
		}
	}
}

// following is the sequence after a batch; sequences wrap around to 0.
func following(first, records int32) int32 { return (first + records) & math.MaxInt32 }
