package world

import (
	"maps"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// besides finds out that an application reads a partition by more consumers than it has members of groups, as one that
// assigns partitions to itself as well. Each consumer has a connection to a broker that it reads by. Two of them ask in
// turn, which one that connects anew does not, or one is given what another one had been given before, and has not
// closed. The answer to a connection that was given up says nothing: it may come late. The zero value is ready.
//
// Memory: what it holds is of one assignment, and of connections that are open or were closed a short while ago.
type besides struct {
	members map[string]bool                    // that have not left
	since   time.Duration                      // the last assignment but the first one
	joined  bool                               // some member ever was given something
	read    map[reader]map[uint64]*readBetween // by connection
	told    map[besideTold]bool
}

// besideTold is what was said of a topic: that consumers ask in turn, or else that one is given what another one was.
type besideTold struct {
	topic  string
	inTurn bool
}

// reader is a partition that is read from a broker: another leader is another connection.
type reader struct {
	topic     string
	partition int32
	broker    int32
}

// readBetween is what was asked by a connection, and what came.
type readBetween struct {
	first, last time.Duration // when it was asked
	from, to    int64         // offsets of the records that came
	given       time.Duration // when they had
	closed      bool
}

// sees takes what an application says, and marks the Fetch by which it learns that of a topic, once.
func (b *besides) sees(f *journal.Fact) {
	if f.Request == nil {
		return
	}
	switch d := f.Detail.(type) {
	case *journal.Membership:
		b.member(f, d)
	case *journal.Connection:
		for _, all := range b.read {
			if !d.Open && all[f.Request.Connection] != nil {
				all[f.Request.Connection].closed = true
			}
		}
	case *journal.Fetch:
		if b.told[besideTold{f.Topic, true}] || f.Request.Sent < b.since {
			return
		}
		inTurn, repeats, before := b.fetched(f, d)
		if len(b.members) == 0 || inTurn+repeats < len(b.members) {
			return
		}
		certain := besideTold{f.Topic, inTurn >= len(b.members)}
		if b.told[certain] {
			return
		}
		if b.told == nil {
			b.told = map[besideTold]bool{}
		}
		b.told[certain] = true
		if d.Beside = certain.inTurn; !d.Beside {
			d.Repeats = before
		}
	}
}

func (b *besides) member(f *journal.Fact, d *journal.Membership) {
	member := f.Group + " " + d.Member
	switch {
	case d.Leaving:
		delete(b.members, member)
	case d.Assigned != nil && d.Code == 0:
		if b.joined { // a member may read now what another one did
			b.read, b.since = nil, f.Request.Answered
		}
		if b.members == nil {
			b.members = map[string]bool{}
		}
		b.joined, b.members[member] = true, true
	}
}

// fetched counts the other connections that read beside the one of a Fetch: in turn with it, or what it is given
// before.
func (b *besides) fetched(f *journal.Fact, d *journal.Fetch) (inTurn, repeats int, before uint64) {
	of, r := reader{f.Topic, f.Partition, f.Request.Broker}, f.Request
	if b.read == nil {
		b.read = map[reader]map[uint64]*readBetween{}
	}
	if b.read[of] == nil {
		b.read[of] = map[uint64]*readBetween{}
	}
	this := b.read[of][r.Connection]
	if this == nil {
		forget(b.read[of], r.Sent)
		this = &readBetween{first: r.Sent}
		b.read[of][r.Connection] = this
	}
	this.last = max(this.last, r.Sent)
	from, to := max(f.Offset, d.FirstOffset), d.LastOffset+1
	if r.Outcome != journal.Answered || d.Code != 0 {
		from, to = 0, 0
	}
	for connection, other := range b.read[of] {
		switch {
		case connection == r.Connection:
		case this.first < other.last && other.last < this.last || other.first < r.Sent && r.Sent < other.last:
			inTurn++
		case max(from, other.from) < min(to, other.to) && other.given < r.Sent && !other.closed:
			repeats++
			before = connection
		}
	}
	switch {
	case from >= to:
	case this.given == 0:
		this.from, this.to, this.given = from, to, r.Answered
	default:
		this.from, this.to, this.given = min(from, this.from), max(to, this.to), r.Answered
	}
	return inTurn, repeats, before
}

// lateFetch is how long a Fetch may be under way before its answer comes.
const lateFetch = time.Minute

// forget drops the connections that were closed before any other one asked of which an answer may still come.
func forget(all map[uint64]*readBetween, now time.Duration) {
	oldest := now - lateFetch
	for _, c := range all {
		if !c.closed {
			oldest = min(oldest, c.first)
		}
	}
	maps.DeleteFunc(all, func(_ uint64, c *readBetween) bool { return c.closed && c.last < oldest })
}
