package world

import "github.com/kafkaspec/kafkaspec/pkg/journal"

// besides finds out that an application reads a partition by more consumers than it has members of groups, as one that
// assigns partitions to itself as well. Each consumer has a connection to a broker that it reads by. Two of them read
// in turn, which one that connects anew does not, or are given the same records while both are open. The zero value is
// ready.
//
// Memory: what it holds is of one assignment.
type besides struct {
	members map[string]bool                    // that have not left
	read    map[reader]map[uint64]*readBetween // by connection
	reads   int64
	told    map[string]bool // topics
}

// reader is a partition that is read from a broker: another leader is another connection.
type reader struct {
	topic     string
	partition int32
	broker    int32
}

// readBetween is what came by a connection.
type readBetween struct {
	last     int64 // number of its last read
	from, to int64 // offsets of the records that came
	closed   bool
}

// sees takes what an application says, and is true once it has learnt that of a topic.
func (b *besides) sees(f *journal.Fact) bool {
	switch d := f.Detail.(type) {
	case *journal.Membership:
		b.member(f.Group+" "+d.Member, d)
	case *journal.Connection:
		for _, all := range b.read {
			if f.Request != nil && !d.Open && all[f.Request.Connection] != nil {
				all[f.Request.Connection].closed = true
			}
		}
	case *journal.Fetch:
		if f.Request == nil || f.Request.Outcome != journal.Answered || d.Code != 0 || b.told[f.Topic] {
			return false
		}
		if others := b.fetched(f, d); len(b.members) == 0 || others < len(b.members) {
			return false
		}
		if b.told == nil {
			b.told = map[string]bool{}
		}
		b.told[f.Topic] = true
		return true
	}
	return false
}

func (b *besides) member(member string, d *journal.Membership) {
	switch {
	case d.Leaving:
		delete(b.members, member)
	case d.Assigned != nil && d.Code == 0:
		if len(b.members) > 0 {
			b.read = nil // a member may read now what another one did
		} else {
			b.members = map[string]bool{}
		}
		b.members[member] = true
	}
}

// fetched counts the other connections that read beside the one of a Fetch.
func (b *besides) fetched(f *journal.Fact, d *journal.Fetch) (others int) {
	of := reader{f.Topic, f.Partition, f.Request.Broker}
	if b.read == nil {
		b.read = map[reader]map[uint64]*readBetween{}
	}
	if b.read[of] == nil {
		b.read[of] = map[uint64]*readBetween{}
	}
	from, to := max(f.Offset, d.FirstOffset), d.LastOffset+1
	this, again := b.read[of][f.Request.Connection]
	for connection, other := range b.read[of] {
		if connection != f.Request.Connection && !other.closed && (again && other.last > this.last ||
			from < to && max(from, other.from) < min(to, other.to)) {
			others++
		}
	}
	b.reads++
	switch {
	case !again:
		b.read[of][f.Request.Connection] = &readBetween{last: b.reads, from: from, to: max(from, to)}
	case from < to && this.from == this.to:
		this.from, this.to, this.last = from, to, b.reads
	case from < to:
		this.from, this.to, this.last = min(from, this.from), max(to, this.to), b.reads
	default:
		this.last = b.reads
	}
	return others
}
