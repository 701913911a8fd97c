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
	return o.Member != other.Member && (o.To.IsZero() || other.From.Before(o.To)) && (other.To.IsZero() || o.From.Before(other.To))
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
}

// asks is what a request says: that the member lives, and what it holds or gives up.
func (r *replay) asks(e *memberEvent) {
	member := r.member(e)
	for _, o := range r.open[member] {
		o.LastSeen = e.sent
	}
	switch {
	case e.Leaving:
		r.end(member, e.sent, Left, nil)
	case e.api == "JoinGroup":
		r.end(member, e.sent, Released, places(e.Owned))
	case e.Owned != nil:
		r.end(member, e.sent, Released, places(e.Owned))
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
	if fences(e.Code) {
		r.end(member, e.answered, Fenced, nil)
	}
	if e.Code != 0 || e.Leaving {
		return
	}
	if r.open[member] == nil {
		r.open[member] = make(map[place]*Ownership)
	}
	for _, p := range places(e.Assigned) {
		if r.open[member][p] == nil {
			o := &Ownership{
				Group: e.Group, Topic: p.topic, Partition: p.partition, App: e.app, Member: member,
				Generation: e.Generation, From: e.answered, LastSeen: e.answered,
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

// end closes what the member owns, except for the places kept.
func (r *replay) end(member string, at time.Time, why End, kept []place) {
	for p, o := range r.open[member] {
		if !slices.Contains(kept, p) {
			o.To, o.End = at, why
			delete(r.open[member], p)
		}
	}
}

// fences tells whether an answer means that the member owns nothing any more.
func fences(code int16) bool {
	switch code {
	case kerr.UnknownMemberID.Code, kerr.IllegalGeneration.Code, kerr.FencedInstanceID.Code, kerr.FencedMemberEpoch.Code:
		return true
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

// finish ends the intervals of members that fell silent before another member got their partition: nobody told them, and
// they did nothing.
func (r *replay) finish() []Ownership {
	slices.SortStableFunc(r.all, func(a, b *Ownership) int { return a.From.Compare(b.From) })
	ended := make([]Ownership, len(r.all))
	for i, o := range r.all {
		ended[i] = *o
		if !o.To.IsZero() {
			continue
		}
		for _, next := range r.all[i+1:] {
			if next.Topic == o.Topic && next.Partition == o.Partition && next.Member != o.Member && o.LastSeen.Before(next.From) {
				ended[i].To, ended[i].End = o.LastSeen, Replaced
				break
			}
		}
	}
	return ended
}
