package membership_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// A client that leaves and goes on has left in the name of an application that does not poll.
func TestWhoLeftAndStayed(t *testing.T) {
	at := func(n time.Duration, f journal.Fact) journal.Fact {
		f.App, f.At = "a", n
		if f.Request != nil {
			f.Group, f.Request.Connection, f.Request.Sent, f.Request.Answered = "g", 1, n, n
			f.Request.Outcome = journal.Answered
		}
		return f
	}
	connection := func(n time.Duration, open bool) journal.Fact {
		return at(n, journal.Fact{Kind: journal.Connected, Request: &journal.Request{},
			Detail: &journal.Connection{Open: open}})
	}
	member := func(n time.Duration, m journal.Membership) journal.Fact {
		m.Member = "m"
		return at(n, journal.Fact{Request: &journal.Request{API: "SyncGroup"}, Detail: &m})
	}
	given := member(2, journal.Membership{Assigned: []journal.TopicPartitions{{Topic: "orders",
		Partitions: []int32{0}}}})
	left := member(3, journal.Membership{Leaving: true})
	commit := at(5, journal.Fact{Kind: journal.GroupCommit, Topic: "orders",
		Request: &journal.Request{API: "OffsetCommit"}, Detail: &journal.Commit{Code: 22}})
	for _, c := range []struct {
		name  string
		facts []journal.Fact
		end   membership.End
		want  bool
	}{
		{"closes its connection", []journal.Fact{connection(1, true), given, left, connection(4, false)}, membership.Left,
			false},
		{"ends", []journal.Fact{connection(1, true), given, left, at(4, journal.Fact{Kind: journal.Exited})},
			membership.Left, false},
		{"keeps its connection", []journal.Fact{connection(1, true), given, left}, membership.Left, true},
		{"commits later", []journal.Fact{given, left, commit}, membership.Left, true},
		{"nothing known of its connection", []journal.Fact{given, left}, membership.Left, false},
		{"says that it polled too rarely", []journal.Fact{connection(1, true), given,
			member(3, journal.Membership{Leaving: true, Reason: "consumer poll timeout has expired."})}, membership.Fenced,
			false},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := membership.Ownerships(c.facts, "g")
			if len(all) != 1 || all[0].End != c.end || all[0].Stayed != c.want {
				t.Errorf("got %+v, want one that ended as %q, stayed %v", all, c.end, c.want)
			}
		})
	}
}
