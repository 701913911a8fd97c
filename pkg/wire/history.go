package wire

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// History rebuilds from events who owned which partition when, and who committed what: for the classic protocol, eager
// and cooperative, and for the new one (KIP-848). It is about consumer groups only. Add may be the Observe of a Proxy.
//
// A member owns a partition from the answer that assigns it until the member itself says that it no longer has it: in
// the owned partitions of its next JoinGroup (KIP-429; eager members own nothing then), in the topics of a heartbeat of
// the new protocol, by leaving; or until the group tells it that it is no member any more. The real release lies
// shortly before the request that tells of it.
type History struct {
	mu      sync.Mutex
	members []memberEvent
	commits []Committed
}

// memberEvent is what a membership or commit says about one member.
type memberEvent struct {
	app            string
	api            string
	sent, answered time.Time
	told           bool // the member got the answer
	Membership
}

// Committed is a commit of one partition. One within a transaction counts only if the transaction is committed.
type Committed struct {
	App            string
	Sent, Answered time.Time
	Outcome        Outcome
	Commit
}

// Add takes in an event; those that say nothing about groups are passed over.
func (h *History) Add(e Event) {
	event := memberEvent{app: e.App, api: e.API, sent: e.Sent, answered: e.Answered, told: e.Outcome == Answered ||
		e.Outcome == Refused}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch d := e.Detail.(type) {
	case *Membership:
		event.Membership = *d
	case *Commit:
		h.commits = append(h.commits, Committed{e.App, e.Sent, e.Answered, e.Outcome, *d})
		event.Membership = Membership{Group: d.Group, Member: d.Member, Generation: d.Generation, Code: d.Code}
	default:
		return
	}
	if event.Member != "" || event.InstanceID != "" {
		h.members = append(h.members, event)
	}
}

// Commits are those of a partition, in the order they were sent.
func (h *History) Commits(group, topic string, partition int32) []Committed {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []Committed
	for _, c := range h.commits {
		if c.Group == group && c.Topic == topic && c.Partition == partition {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b Committed) int { return a.Sent.Compare(b.Sent) })
	return found
}

// Partitions are all partitions somebody in the group has owned, in order.
func (h *History) Partitions(group string) []TopicPartitions {
	var found []TopicPartitions
	for _, o := range h.Ownerships(group) {
		i := slices.IndexFunc(found, func(t TopicPartitions) bool { return t.Topic == o.Topic })
		if i < 0 {
			i, found = len(found), append(found, TopicPartitions{Topic: o.Topic})
		}
		if !slices.Contains(found[i].Partitions, o.Partition) {
			found[i].Partitions = append(found[i].Partitions, o.Partition)
		}
	}
	for _, t := range found {
		slices.Sort(t.Partitions)
	}
	slices.SortFunc(found, func(a, b TopicPartitions) int { return cmp.Compare(a.Topic, b.Topic) })
	return found
}

// Owners are the intervals in which members owned a partition, by their start. Intervals of two members overlap when
// both believed to own it.
func (h *History) Owners(group, topic string, partition int32) []Ownership {
	return slices.DeleteFunc(h.Ownerships(group), func(o Ownership) bool {
		return o.Topic != topic ||
			o.Partition != partition
	})
}

// Ownerships are the intervals of all partitions of a group, by their start. The events are replayed in the order of
// their times.
func (h *History) Ownerships(group string) []Ownership {
	h.mu.Lock()
	r := replay{
		open: make(map[string]map[place]*Ownership), instances: make(map[string]string),
		fenced: make(map[string][]*Ownership), ending: make(map[*memberEvent][]*Ownership), left: make(map[string]time.Time),
	}
	var steps []step
	for i := range h.members {
		if e := &h.members[i]; e.Group == group {
			steps = append(steps, step{e.sent, e, r.asks})
			if e.told {
				steps = append(steps, step{e.answered, e, r.isTold})
			}
		}
	}
	h.mu.Unlock()
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range steps {
		s.do(s.event)
	}
	return r.finish()
}
