package verdict

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// SendOutcome is how a send ended for the one who sent.
type SendOutcome string

// The outcomes of a send. Only an error that proves that nothing was appended,
// and that no earlier attempt was in flight, is a failure; a timeout, a lost
// connection or NOT_LEADER leaves it unknown. Taking unknown for failed makes
// false verdicts.
const (
	SendOK      SendOutcome = "ok"      // acknowledged
	SendFailed  SendOutcome = "failed"  // refused before it was appended
	SendUnknown SendOutcome = "unknown" // appended or not
)

// Sends judges what was sent against what is in the log: what was acknowledged
// is there once, what was refused is not there, and what ended unknown is there
// once or not at all. Records are told apart by key and value; records that
// are alike are counted. Both sides may be fed in any order, mixed.
//
// It finds lost writes, duplicates, records appended though refused, and records
// nobody sent.
//
// Memory: as Copy, 6 bytes per record of either side.
type Sends struct {
	hash                    hasher
	ok, failed, unknown, in trail
}

// NewSends judges what was sent to a topic.
func NewSends(topic string) *Sends {
	s := &Sends{hash: newHasher()}
	for _, t := range []*trail{&s.ok, &s.failed, &s.unknown, &s.in} {
		t.topic = topic
	}
	return s
}

// Sent takes a record that was sent and how that ended. Partition and offset are
// those of the acknowledgement, -1 where there are none. An outcome that is
// neither ok nor failed is unknown.
func (s *Sends) Sent(outcome SendOutcome, r *record.Record) {
	side := &s.unknown
	switch outcome {
	case SendOK:
		side = &s.ok
	case SendFailed:
		side = &s.failed
	}
	side.add(r, s.hash.record(r))
}

// InLog takes a record of the topic's log.
func (s *Sends) InLog(r *record.Record) { s.in.add(r, s.hash.record(r)) }

// Result judges what was fed so far.
func (s *Sends) Result() Result {
	var found collector
	// Where the log holds just what was acknowledged nothing is wrong, whatever else was sent.
	if differ := s.ok.unequal(&s.in); len(differ) > 0 {
		m := newMatcher(differ, &s.ok, &s.failed, &s.unknown, &s.in)
		m.groups(func(group []entry) { s.judge(m, group, &found) })
	}
	sent := s.ok.count + s.failed.count + s.unknown.count
	r := found.pronounce("records sent to "+s.in.topic, sent+s.in.count, "nothing was sent to "+s.in.topic)
	if s.ok.count == 0 {
		return r.inconclusive(fmt.Sprintf("nothing was acknowledged: %d sends failed and %d ended unknown", s.failed.count,
			s.unknown.count))
	}
	return r
}

// judge judges records that are alike.
func (s *Sends) judge(m *matcher, group []entry, found *collector) {
	ok, rest := cut(group, 0)
	failed, rest := cut(rest, 1)
	unknown, in := cut(rest, 2)
	sent := len(ok) + len(unknown) + len(failed)
	for i := len(in); i < len(ok); i++ {
		if f := m.finding(LostWrite, ok[i]); len(ok) == 1 {
			found.add(f, "acknowledged, not in the log")
		} else {
			found.add(f, "acknowledged %d times alike, %d of them in the log", len(ok), len(in))
		}
	}
	// Those in the log that nothing allows for: first come the refused ones.
	for i := len(ok) + len(unknown); i < len(in); i++ {
		switch {
		case sent == 0:
			found.add(m.finding(Unexpected, in[i]), "in the log, but nobody sent it")
		case i < sent:
			found.add(m.finding(RefusedAppended, in[i]), "reported as failed, but it is in the log")
		default:
			found.add(m.finding(Duplicate, in[i]), "%d times in the log, sent %d times; also at %s", len(in), sent,
				m.place(in[0]))
		}
	}
}
