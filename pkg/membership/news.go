package membership

import (
	"cmp"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// News tells what is new in what members of groups and the cluster say to each other, and what it means, so that a
// journal is not filled with heartbeats: Ownerships of the facts it keeps are those of all. The zero value is ready.
type News struct {
	mu     sync.Mutex
	held   map[string]map[place]*holding // by group and member
	begins beginnings
	news   map[string]int // by group: how often something happened
	told   map[string]int // by group and member: news at its last fact
}

// Keep tells whether a fact of the wire says something new about a group: a join, what is assigned, given up or lost, a
// member that leaves, the first heartbeat after any of these, a commit, the first read of a partition that was given.
// It gives such a fact the kind that says so, and fills in what a member has given up.
func (n *News) Keep(f *journal.Fact) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.held == nil {
		n.held, n.begins = map[string]map[place]*holding{}, newBeginnings()
		n.news, n.told = map[string]int{}, map[string]int{}
	}
	switch d := f.Detail.(type) {
	case *journal.Membership:
		return n.membership(f, d)
	case *journal.Commit, *journal.Share:
		return true
	case *journal.Begin:
		n.begins.told(f, d)
	case *journal.Fetch:
		return n.begins.reads(f, d)
	}
	return false
}

// Restarted says that an application begins a new life, which has nothing of what the one before it had read.
func (n *News) Restarted(app string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begins.forget(app)
}

func (n *News) membership(f *journal.Fact, m *journal.Membership) bool {
	member := f.Group + " " + m.Member
	given := m.Assigned != nil && m.Code == 0
	m.Revoked = n.follow(f, m, member, given)
	switch {
	case m.Leaving:
		f.Kind = journal.GroupLeft
	case fences(m.Code):
		f.Kind = journal.GroupLost
	case given:
		f.Kind = journal.GroupAssigned
	case len(m.Revoked) > 0:
		f.Kind = journal.GroupRevoked
	case f.Request.API == "JoinGroup":
		f.Kind = journal.GroupJoin
	case n.told[member] == n.news[f.Group]:
		return false
	default:
		f.Kind = journal.GroupHeartbeat
	}
	if f.Kind != journal.GroupHeartbeat {
		n.news[f.Group]++
	}
	n.told[member] = n.news[f.Group]
	return true
}

// holding is a partition that a member was given.
type holding struct {
	claimed bool // the member has said that it holds it
	asked   bool // the group has asked for it back
}

// follow keeps up what a member holds, and returns what it says to have given up.
func (n *News) follow(f *journal.Fact, m *journal.Membership, member string, given bool) []journal.TopicPartitions {
	var revoked []place
	joins := f.Request.API == "JoinGroup" || m.Joining
	if joins || m.Owned != nil {
		kept := places(m.Owned)
		for at, h := range n.held[member] {
			switch {
			case slices.Contains(kept, at):
				h.claimed = true
			case joins || h.claimed || h.asked:
				revoked = append(revoked, at)
				delete(n.held[member], at)
			}
		}
	}
	if m.Leaving || m.Code != 0 && m.Code != kerr.RebalanceInProgress.Code {
		delete(n.held, member)
	}
	if !given {
		return byTopic(revoked)
	}
	if n.held[member] == nil {
		n.held[member] = map[place]*holding{}
	}
	assigned := places(m.Assigned)
	for at, h := range n.held[member] {
		h.asked = !slices.Contains(assigned, at)
	}
	for _, at := range assigned {
		if n.held[member][at] == nil {
			n.held[member][at] = &holding{}
			n.begins.give(f, at)
		}
	}
	return byTopic(revoked)
}

// byTopic brings the partitions of each topic together, in order; nil for none.
func byTopic(all []place) (topics []journal.TopicPartitions) {
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
	})
	for i, p := range all {
		if i == 0 || p.topic != all[i-1].topic {
			topics = append(topics, journal.TopicPartitions{Topic: p.topic})
		}
		last := &topics[len(topics)-1]
		last.Partitions = append(last.Partitions, p.partition)
	}
	return topics
}
