package membership

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// News tells what is new in what members of groups and the cluster say to each other, and what it means, so that a
// journal is not filled with heartbeats: Ownerships of the facts it keeps are those of all. The zero value is ready.
type News struct {
	mu      sync.Mutex
	held    map[string]map[place]bool // by group and member
	awaited map[read]time.Duration    // by application: given, and not yet read; since when
	news    map[string]int            // by group: how often something happened
	told    map[string]int            // by group and member: news at its last fact
}

type read struct {
	app string
	place
}

// Keep tells whether a fact of the wire says something new about a group: a join, what is assigned, given up or lost, a
// member that leaves, the first heartbeat after any of these, a commit, the first read of a partition that was given.
// It gives such a fact the kind that says so, and fills in what a member has given up.
func (n *News) Keep(f *journal.Fact) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.held == nil {
		n.held, n.awaited = map[string]map[place]bool{}, map[read]time.Duration{}
		n.news, n.told = map[string]int{}, map[string]int{}
	}
	switch d := f.Detail.(type) {
	case *journal.Membership:
		return n.membership(f, d)
	case *journal.Commit:
		return true
	case *journal.Fetch:
		at := read{f.App, place{f.Topic, f.Partition}}
		if since, ok := n.awaited[at]; !ok || f.Offset < 0 || f.Request.Sent < since {
			return false
		}
		delete(n.awaited, at)
		f.Kind = journal.GroupPosition
		return true
	}
	return false
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

// follow keeps up what a member holds, and returns what it says to have given up.
func (n *News) follow(f *journal.Fact, m *journal.Membership, member string, given bool) []journal.TopicPartitions {
	var revoked []place
	if f.Request.API == "JoinGroup" || m.Owned != nil {
		kept := places(m.Owned)
		for at := range n.held[member] {
			if !slices.Contains(kept, at) {
				revoked = append(revoked, at)
				delete(n.held[member], at)
			}
		}
	}
	if m.Leaving || m.Code != 0 && m.Code != kerr.RebalanceInProgress.Code {
		delete(n.held, member)
	}
	if given {
		if n.held[member] == nil {
			n.held[member] = map[place]bool{}
		}
		for _, at := range places(m.Assigned) {
			if !n.held[member][at] {
				n.held[member][at] = true
				n.awaited[read{f.App, at}] = f.Request.Answered
			}
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
