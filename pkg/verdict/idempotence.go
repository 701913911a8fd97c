package verdict

import (
	"math"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
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
// another batch: the log may have them twice. If an answer came in the end, that is so of a new producer that began
// with them before, while the old one sent nothing more. That is judged where the contents of the records are known,
// and not of transactions, which are aborted before. Records are taken to differ from each other.
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

// fate is what became of a batch, and when its sender knew.
type fate struct {
	at      time.Duration
	written bool
}

// fates are those of the batches, and of the records in those whose fate was not known while their producer wrote.
type fates struct {
	known map[sent]fate
	last  map[session]time.Duration // when a session sent something last
	open  map[journal.Content]sent
}

func (j *Idempotence) fates() *fates {
	f := &fates{known: map[sent]fate{}, last: map[session]time.Duration{}, open: map[journal.Content]sent{}}
	for _, a := range j.all {
		f.last[a.session()] = max(f.last[a.session()], a.Request.Sent)
		outcome := OutcomeOf(a.Fact)
		if first, ok := f.known[a.sent()]; outcome != Failed && (!ok || a.Request.Answered < first.at) {
			f.known[a.sent()] = fate{a.Request.Answered, outcome == Written}
		}
	}
	return f
}

func (a attempt) sent() sent { return sent{a.session(), a.FirstSequence} }

// again is true where the records of a batch come again in another one although they may be in the log: its fate is
// never known, or was not when a new producer began with them in place of the one before.
func (f *fates) again(a attempt, before sent) bool {
	fate, known := f.known[before]
	return before != a.sent() && (!known || fate.written && fate.at > a.Request.Sent &&
		a.ProducerID != before.producer && a.FirstSequence == 0 && f.last[before.session] < a.Request.Sent)
}

// judge takes the next attempt.
func (f *fates) judge(a attempt, found *collector) {
	if a.TransactionalID != "" {
		return
	}
	again, before := int64(0), sent{}
	for _, c := range a.Contents {
		if first, ok := f.open[c]; ok && f.again(a, first) {
			again, before = again+1, first
			delete(f.open, c) // one finding for each
		}
	}
	if again > 0 {
		at := a.finding(SentAsNew)
		at.Count = again
		found.add(at, "%s of a batch that had no answer, of producer id %d epoch %d, came again as sequence %d of producer "+
			"id %d epoch %d", words.Counted(again, "record"), before.producer, before.epoch, a.FirstSequence, a.ProducerID,
			a.ProducerEpoch)
	}
	if fate, known := f.known[a.sent()]; !known || fate.at >= f.last[a.session()] {
		for _, c := range a.Contents {
			f.open[c] = a.sent()
		}
	}
}

// following is the sequence after a batch; sequences wrap around to 0.
func following(first, records int32) int32 { return (first + records) & math.MaxInt32 }
