package wire

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Ownership is an interval in which a member owned a partition.
type Ownership struct {
	Group, Topic string
	Partition    int32
	App          string
	Member       string
	Generation   int32 // in which it got the partition; the member epoch in the new protocol
	From         time.Time
	To           time.Time // zero: it still owns it
	End          End
	LastSeen     time.Time // when the member last sent anything as a member
	Confirmed    time.Time // when the group last answered it as a member
	Asked        bool      // it was left out of what the group last gave the member: giving it up was asked for
	// of one that was fenced: when its application first asked to join again, or gave it up; zero while it has not
	Rejoined time.Time
}

// End is why an ownership ended.
type End string

// How ownership ends.
const (
	Owning   End = ""         // it has not
	Released End = "released" // the member gave it up
	Left     End = "left"     // the member left the group
	Fenced   End = "fenced"   // the group told the member that it is none any more: it may have acted until then
	Replaced End = "replaced" // another member owns it and this one was silent; To is when it was last seen
)

// Overlaps tells whether two members believed to own the partition at once.
func (o Ownership) Overlaps(other Ownership) bool {
	return o.Member != other.Member && (o.To.IsZero() || other.From.Before(o.To)) &&
		(other.To.IsZero() || o.From.Before(other.To))
}

type place struct {
	topic     string
	partition int32
}

// step is what an event means at the time of its request, or of its answer.
type step struct {
	at    time.Time
	event *memberEvent
	do    func(*memberEvent)
}

// replay follows the members of one group.
type replay struct {
	all       []*Ownership
	open      map[string]map[place]*Ownership // by member
	instances map[string]string               // member of a static instance
	fenced    map[string][]*Ownership         // by application, those it has not reacted to
	ending    map[*memberEvent][]*Ownership   // by the request that gives them up, which the group has not answered
	left      map[string]time.Time            // by member: when it asked to leave
}

// asks is what a request says: that the member lives, and what it holds or gives up.
func (r *replay) asks(e *memberEvent) {
	member := r.member(e)
	for _, o := range r.open[member] {
		o.LastSeen = e.sent
	}
	switch {
	case e.Leaving:
		r.ending[e] = r.end(member, e.sent, Left, nil)
		r.left[member] = e.sent
	case e.api == "JoinGroup" || e.Owned != nil:
		r.ending[e] = r.end(member, e.sent, Released, places(e.Owned))
	}
}

// isTold is what an answer says: what the member gets, or that it is no member.
func (r *replay) isTold(e *memberEvent) {
	member := r.member(e)
	if e.InstanceID != "" && e.Code == 0 && !e.Leaving {
		if before := r.instances[e.InstanceID]; before != "" && before != member {
			for _, o := range r.open[before] {
				o.To, o.End = o.LastSeen, Replaced
			}
			delete(r.open, before)
		}
		r.instances[e.InstanceID] = member
	}
	if e.joins() {
		for _, o := range r.fenced[e.app] {
			o.Rejoined = e.sent
		}
		delete(r.fenced, e.app)
	}
	if e.fences() {
		r.fenced[e.app] = append(r.fenced[e.app], r.end(member, e.answered, Fenced, nil)...)
	}
	for _, o := range r.ending[e] {
		if e.fences() { // it gave up what was not its own any more
			o.End, o.Rejoined = Fenced, o.To
		} else { // the group took it for a member until then
			o.Confirmed = o.To
		}
	}
	given := places(e.Assigned)
	for p, o := range r.open[member] {
		o.Confirmed = e.answered
		if e.Assigned != nil && e.Code == 0 {
			o.Asked = !slices.Contains(given, p)
		}
	}
	if e.Code != 0 || e.Leaving {
		return
	}
	if left, ok := r.left[member]; ok && !e.sent.After(left) {
		return // what it had asked before it left was answered behind that
	}
	if r.open[member] == nil {
		r.open[member] = make(map[place]*Ownership)
	}
	for _, p := range given {
		if r.open[member][p] == nil {
			o := &Ownership{
				Group: e.Group, Topic: p.topic, Partition: p.partition, App: e.app, Member: member,
				Generation: e.Generation, From: e.answered, LastSeen: e.answered, Confirmed: e.answered,
			}
			r.open[member][p] = o
			r.all = append(r.all, o)
		}
	}
}

// member is who the event is about: an administrator may name a static member by its instance only.
func (r *replay) member(e *memberEvent) string {
	if e.Member == "" {
		return r.instances[e.InstanceID]
	}
	return e.Member
}

// end closes what the member owns, except for the places kept, and returns it.
func (r *replay) end(member string, at time.Time, why End, kept []place) []*Ownership {
	var ended []*Ownership
	for p, o := range r.open[member] {
		if !slices.Contains(kept, p) {
			o.To, o.End = at, why
			ended = append(ended, o)
			delete(r.open[member], p)
		}
	}
	return ended
}

// joins tells whether a client joins the group by this request, and is let in or told how: the first sign that it knows
// what an answer before had said. Of the new protocol it is a heartbeat that owns nothing.
func (e *memberEvent) joins() bool {
	asks := e.api == "JoinGroup" || e.api == "ConsumerGroupHeartbeat" && e.Owned != nil && len(places(e.Owned)) == 0
	return asks && !e.Leaving && (e.Code == 0 || e.Code == kerr.MemberIDRequired.Code)
}

// fences tells whether an answer means that the member owns nothing any more. A commit of a generation that has just
// ended is refused as well, but says nothing about the member, which may be in the next one.
func (e *memberEvent) fences() bool {
	switch e.Code {
	case kerr.UnknownMemberID.Code, kerr.FencedInstanceID.Code, kerr.FencedMemberEpoch.Code:
		return true
	case kerr.IllegalGeneration.Code:
		return e.api != "OffsetCommit" && e.api != "TxnOffsetCommit"
	}
	return false
}

func places(assigned []TopicPartitions) []place {
	var all []place
	for _, t := range assigned {
		for _, p := range t.Partitions {
			all = append(all, place{t.Topic, p})
		}
	}
	return all
}

// finish ends the intervals of members that fell silent before another member got their partition: nobody told them,
// and they did nothing.
func (r *replay) finish() []Ownership {
	slices.SortStableFunc(r.all, func(a, b *Ownership) int { return a.From.Compare(b.From) })
	ended := make([]Ownership, len(r.all))
	for i, o := range r.all {
		ended[i] = *o
		if !o.To.IsZero() {
			continue
		}
		for _, next := range r.all[i+1:] {
			if next.Topic == o.Topic && next.Partition == o.Partition && next.Member != o.Member &&
				o.LastSeen.Before(next.From) {
				ended[i].To, ended[i].End = o.LastSeen, Replaced
				break
			}
		}
	}
	return ended
}
