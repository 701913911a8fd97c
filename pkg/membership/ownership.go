// Package membership tells from facts of the wire who owned which partition in a consumer group at what time, who
// committed what, and where reading began: for the classic protocol, eager and cooperative, and for the new one
// (KIP-848), and for clients in any language.
//
// News picks, from all that members of groups say, what is worth a fact. Of puts the facts of a topic and a group
// together as a History, which judges look at.
package membership

import (
	"cmp"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// Ownership is an interval in which a member owned a partition. It begins with the answer that gives the partition, and
// lasts until the member itself says that it no longer has it: in the owned partitions of its next JoinGroup (KIP-429;
// eager members own nothing then), in the topics of a heartbeat of the new protocol, by leaving; or until the group
// tells it that it is no member any more. The real release lies shortly before the request that tells of it.
//
// Times are those of the journal.
type Ownership struct {
	Topic       string
	Partition   int32
	App, Member string
	From        time.Duration // when the group gave it
	To          time.Duration // when the member gave it up, or was told that it is no member; 0 while it lasts
	End         End
	LastSeen    time.Duration // when the member last sent anything as a member
	Confirmed   time.Duration // when the group last took the member for one
	Known       time.Duration // when the application surely knew of the end; 0: it need not know
	Asked       bool          // to give it up was the group's wish: it was left out of what the member was last given
	Wanted      time.Duration // since when the group has asked for it
	Claimed     bool          // the member has said that it holds it; in the new protocol only
	Stayed      bool          // it left, and its client went on: perhaps it had not polled for too long
	Closed      time.Duration // when its application ended with exit code 0, undisturbed; 0: it did not while it had it
}

// End is why an ownership ended.
type End string

// How ownership ends.
const (
	Owning   End = ""         // it has not
	Released End = "released" // the member gave it up in a rebalance
	Left     End = "left"     // the member left the group
	Fenced   End = "fenced"   // the group, or its client, went on without the member: it may have acted until then
	Replaced End = "replaced" // another has it, and this one was not heard of again; To is when it was last seen
)

// Graceful tells whether the member had time to commit.
func (e End) Graceful() bool { return e == Released || e == Left }

// place is a partition of a topic.
type place struct {
	topic     string
	partition int32
}

// saying is what a fact says about one member, in its request and in its answer.
type saying struct {
	*journal.Membership
	*journal.Request
	app string
}

// Ownerships are the intervals of all partitions of a group, by their start. Facts of other groups, and such as say
// nothing of members, are passed over. What they say is replayed in the order of the times of requests and answers.
func Ownerships(facts []journal.Fact, group string) []Ownership {
	r := replay{
		open: map[string]map[place]*Ownership{}, instances: map[string]string{}, fenced: map[string][]*Ownership{},
		ending: map[*saying][]*Ownership{}, left: map[string]time.Duration{}, joined: map[string][]arrival{},
	}
	type step struct {
		at time.Duration
		s  *saying
		do func(*saying)
	}
	var steps []step
	for i := range facts {
		f := &facts[i]
		s := &saying{Request: f.Request, app: f.App}
		switch d := f.Detail.(type) {
		case *journal.Membership:
			if d.ProtocolType == journal.ShareProtocol {
				continue // nobody owns a partition there
			}
			s.Membership = d
		case *journal.Commit:
			s.Membership = &journal.Membership{Member: d.Member, Generation: d.Generation, Code: d.Code}
		default:
			continue
		}
		if f.Group != group || f.Request == nil || s.Member == "" && s.InstanceID == "" {
			continue
		}
		steps = append(steps, step{s.Sent, s, r.asks})
		if s.Outcome == journal.Answered || s.Outcome == journal.Intercepted { // the member got the answer
			steps = append(steps, step{s.Answered, s, r.isTold})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	for _, s := range steps {
		s.do(s.s)
	}
	all := r.finish()
	stayed(all, facts, group)
	return all
}

// replay follows the members of one group.
type replay struct {
	all       []*Ownership                    // by their start, as answers are replayed in order
	open      map[string]map[place]*Ownership // by member
	instances map[string]string               // member of a static instance
	fenced    map[string][]*Ownership         // by application, those it has not reacted to
	ending    map[*saying][]*Ownership        // by the request that gives them up, which the group has not answered
	left      map[string]time.Duration        // by member: when it asked to leave
	joined    map[string][]arrival            // by application, in order
}

// arrival is a member that an application began to be.
type arrival struct {
	member string
	at     time.Duration // when it asked to join
}

// asks is what a request says: that the member lives, and what it holds or gives up.
func (r *replay) asks(s *saying) {
	member := r.member(s)
	for _, o := range r.open[member] {
		o.LastSeen = s.Sent
	}
	switch {
	case expelled(s): // the application may act until it polls again
		r.fenced[s.app] = append(r.fenced[s.app], r.end(member, s.Sent, Fenced, nil)...)
		r.left[member] = s.Sent
	case s.Leaving:
		r.ending[s] = r.end(member, s.Sent, Left, nil)
		r.left[member] = s.Sent
	case s.API == "JoinGroup" || s.Joining:
		r.ending[s] = r.end(member, s.Sent, Released, places(s.Owned))
	case s.Owned != nil:
		r.ending[s] = r.end(member, s.Sent, Released, r.kept(member, places(s.Owned)))
	}
}

// kept are the places that a member of the new protocol still has when it says what it holds. One that it has never
// claimed and that the group still gives it may be left out: it answers an earlier assignment, or has yet to learn the
// topic's name (KIP-848, "Reconciliation").
func (r *replay) kept(member string, owned []place) []place {
	for p, o := range r.open[member] {
		if slices.Contains(owned, p) {
			o.Claimed = true
		} else if !o.Claimed && !o.Asked {
			owned = append(owned, p)
		}
	}
	return owned
}

// isTold is what an answer says: what the member gets, or that it is no member.
func (r *replay) isTold(s *saying) {
	member := r.member(s)
	if s.InstanceID != "" && s.Code == 0 && !s.Leaving {
		if before := r.instances[s.InstanceID]; before != "" && before != member {
			for _, o := range r.open[before] {
				o.To, o.End = o.LastSeen, Replaced
			}
			delete(r.open, before)
		}
		r.instances[s.InstanceID] = member
	}
	if s.joins() {
		for _, o := range r.fenced[s.app] {
			o.Known = s.Sent
		}
		delete(r.fenced, s.app)
		r.joined[s.app] = append(r.joined[s.app], arrival{member, s.Sent})
	}
	if s.fences() {
		r.fenced[s.app] = append(r.fenced[s.app], r.end(member, s.Answered, Fenced, nil)...)
	}
	for _, o := range r.ending[s] {
		if s.fences() { // it gave up what was not its own any more
			o.End = Fenced
		} else { // the group took it for a member until then
			o.Confirmed = o.To
		}
	}
	given := places(s.Assigned)
	for p, o := range r.open[member] {
		o.Confirmed = s.Answered
		if s.Assigned != nil && s.Code == 0 {
			asked := !slices.Contains(given, p)
			if asked && !o.Asked {
				o.Wanted = s.Answered
			}
			o.Asked = asked
		}
	}
	if s.Code != 0 || s.Leaving {
		return
	}
	if left, ok := r.left[member]; ok && s.Sent <= left {
		return // what it had asked before it left was answered behind that
	}
	if r.open[member] == nil {
		r.open[member] = map[place]*Ownership{}
	}
	for _, p := range given {
		if r.open[member][p] == nil {
			o := &Ownership{Topic: p.topic, Partition: p.partition, App: s.app, Member: member, From: s.Answered,
				LastSeen: s.Answered, Confirmed: s.Answered}
			r.open[member][p] = o
			r.all = append(r.all, o)
		}
	}
}

// member is who is spoken of: an administrator may name a static member by its instance only.
func (r *replay) member(s *saying) string {
	if s.Member == "" {
		return r.instances[s.InstanceID]
	}
	return s.Member
}

// end closes what the member owns, except for the places kept, and returns it. Who gives something up knows; who is
// fenced does once it reacts.
func (r *replay) end(member string, at time.Duration, why End, kept []place) []*Ownership {
	var ended []*Ownership
	for p, o := range r.open[member] {
		if !slices.Contains(kept, p) {
			o.To, o.End = at, why
			if why.Graceful() {
				o.Known = at
			}
			ended = append(ended, o)
			delete(r.open[member], p)
		}
	}
	return ended
}

// joins tells whether a client joins the group by this request, and is let in or told how: the first sign that it knows
// what an answer before had said. Of the new protocol it is a heartbeat with epoch 0.
func (s *saying) joins() bool {
	asks := s.API == "JoinGroup" || s.Joining
	return asks && !s.Leaving && (s.Code == 0 || s.Code == kerr.MemberIDRequired.Code)
}

func places(all []journal.TopicPartitions) (found []place) {
	for _, t := range all {
		for _, p := range t.Partitions {
			found = append(found, place{t.Topic, p})
		}
	}
	return found
}

// finish ends the intervals of members that fell silent before another member got their partition: nobody told them,
// and they did nothing.
func (r *replay) finish() []Ownership {
	ended := make([]Ownership, len(r.all))
	for i, o := range r.all {
		ended[i] = *o
		if o.To != 0 {
			continue
		}
		for _, next := range r.all[i+1:] {
			if next.Topic == o.Topic && next.Partition == o.Partition && next.Member != o.Member && o.LastSeen < next.From {
				ended[i].To, ended[i].End = o.LastSeen, Replaced
				break
			}
		}
		// An application that asked to join under another member id, and never again under this one, has dropped it: it
		// knows that it lost what that member had (librdkafka does so after it was frozen).
		for _, a := range r.joined[o.App] {
			if a.member != o.Member && a.at > o.LastSeen {
				ended[i].To, ended[i].End, ended[i].Known = o.LastSeen, Replaced, a.at
				break
			}
		}
	}
	return ended
}
