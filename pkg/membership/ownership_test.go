package membership

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// told is the fact of something that a member in group g says: at second at, answered half a second later.
func told(at int, api string, m journal.Membership) journal.Fact {
	sent := time.Duration(at) * time.Second
	return journal.Fact{App: "app-" + m.Member, Group: "g", Detail: &m, Request: &journal.Request{API: api, Sent: sent,
		Answered: sent + time.Second/2, Outcome: journal.Answered}}
}

func parts(numbers ...int32) []journal.TopicPartitions {
	if len(numbers) == 0 {
		return []journal.TopicPartitions{}
	}
	return []journal.TopicPartitions{{Topic: "t", Partitions: numbers}}
}

func TestOwnersOfEveryProtocol(t *testing.T) {
	cases := map[string]struct {
		events []journal.Fact
		want   string // of partition 1: member from-to end, in seconds
	}{
		"eager: everything is given up at a rebalance": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", journal.Membership{Member: "a", Owned: parts()}),
			told(6, "SyncGroup", journal.Membership{Member: "b", Assigned: parts(1)}),
			told(6, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0)}),
		}, "a 1.5-5.0 released, b 6.5-"},
		"cooperative: what stays is not interrupted": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", journal.Membership{Member: "a", Owned: parts(0, 1)}),
			told(6, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(1)}),
			told(7, "JoinGroup", journal.Membership{Member: "a", Owned: parts(1)}),
		}, "a 1.5-"},
		"cooperative: what moves is released by the next join": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", journal.Membership{Member: "a", Owned: parts(0, 1)}),
			told(6, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0)}),
			told(7, "JoinGroup", journal.Membership{Member: "a", Owned: parts(0)}),
			told(8, "SyncGroup", journal.Membership{Member: "b", Assigned: parts(1)}),
		}, "a 1.5-7.0 released, b 8.5-"},
		"new protocol: a heartbeat that is answered behind the leave gives nothing": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Leaving: true}),
			told(7, "ConsumerGroupHeartbeat", journal.Membership{Member: "b", Assigned: parts(0, 1)}),
		}, "a 1.5-5.0 left, b 7.5-"},
		"new protocol": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(2, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0, 1)}),
			told(3, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0)}),
			told(4, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0)}),
			told(5, "ConsumerGroupHeartbeat", journal.Membership{Member: "b", Assigned: parts(1)}),
			told(6, "ConsumerGroupHeartbeat", journal.Membership{Member: "b", Leaving: true}),
		}, "a 1.5-4.0 released, b 5.5-6.0 left"},
		"new protocol: what was never claimed is not given up by being left out": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Joining: true, Owned: parts(),
				Assigned: parts(1)}),
			told(2, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts()}),
			told(3, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(1)}),
		}, "a 1.5-"},
		"new protocol: an answer to an earlier assignment gives up nothing of a newer one": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0)}),
			told(2, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(3, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0)}),
			told(4, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0, 1)}),
			told(5, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0)}),
		}, "a 2.5-5.0 released"},
		"new protocol: what the group took back before it was claimed ends with the next answer": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(2, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0)}),
			told(3, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Owned: parts(0)}),
			told(4, "ConsumerGroupHeartbeat", journal.Membership{Member: "b", Assigned: parts(1)}),
		}, "a 1.5-3.0 released, b 4.5-"},
		"new protocol: joining again gives up all": {[]journal.Fact{
			told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Assigned: parts(0, 1)}),
			told(2, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Joining: true, Owned: parts()}),
		}, "a 1.5-2.0 released"},
		"a member that was told nothing and did nothing": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(1)}),
			told(3, "Heartbeat", journal.Membership{Member: "a"}),
			told(9, "SyncGroup", journal.Membership{Member: "b", Assigned: parts(1)}),
		}, "a 1.5-3.0 replaced, b 9.5-"},
		"a zombie": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(1)}),
			told(9, "SyncGroup", journal.Membership{Member: "b", Assigned: parts(1)}),
			told(12, "Heartbeat", journal.Membership{Member: "a", Code: 25}),
		}, "a 1.5-12.5 fenced, b 9.5- overlap"},
		"two that both go on": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(1)}),
			told(2, "SyncGroup", journal.Membership{Member: "b", Assigned: parts(1)}),
			told(3, "Heartbeat", journal.Membership{Member: "a"}),
		}, "a 1.5-, b 2.5- overlap"},
		"a static member that came back": {[]journal.Fact{
			told(1, "SyncGroup", journal.Membership{Member: "a", InstanceID: "i", Assigned: parts(1)}),
			told(3, "JoinGroup", journal.Membership{Member: "b", InstanceID: "i"}),
			told(4, "SyncGroup", journal.Membership{Member: "b", InstanceID: "i", Assigned: parts(1)}),
			told(6, "LeaveGroup", journal.Membership{InstanceID: "i", Leaving: true}),
		}, "a 1.5-1.5 replaced, b 4.5-6.0 left"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			slices.Reverse(tc.events) // their order is that of their times
			owners := slices.DeleteFunc(Ownerships(tc.events, "g"), func(o Ownership) bool { return o.Partition != 1 })
			if diff := cmp.Diff(tc.want, inWords(owners)); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
		})
	}
}

func inWords(owners []Ownership) string {
	var all []string
	for i, o := range owners {
		text := fmt.Sprintf("%s %.1f-", o.Member, o.From.Seconds())
		if o.To != 0 {
			text += fmt.Sprintf("%.1f %s", o.To.Seconds(), o.End)
		}
		if i > 0 && o.Member != owners[i-1].Member && (owners[i-1].To == 0 || owners[i-1].To > o.From) {
			text += " overlap"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// An application that drops its member id, as librdkafka does after it was frozen, knows what it lost when it joins
// under another one.
func TestADroppedMemberIsStillTheApplication(t *testing.T) {
	as := func(f journal.Fact) journal.Fact { f.App = "app"; return f }
	owners := Ownerships([]journal.Fact{
		as(told(1, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Joining: true, Assigned: parts(1)})),
		told(4, "ConsumerGroupHeartbeat", journal.Membership{Member: "b", Assigned: parts(1)}),
		as(told(9, "ConsumerGroupHeartbeat", journal.Membership{Member: "c", Joining: true, Owned: parts()})),
	}, "g")
	if len(owners) != 2 || owners[0].End != Replaced || owners[0].To != 1500*time.Millisecond ||
		owners[0].Known != 9*time.Second {
		t.Errorf("got %+v, want a to be replaced, and the application to know of it at 9s", owners)
	}
}

// TestOwnershipsTellWhatTheGroupAndTheMemberKnew looks at what judges need beside the intervals.
func TestOwnershipsTellWhatTheGroupAndTheMemberKnew(t *testing.T) {
	facts := []journal.Fact{
		told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0, 1, 2)}),
		told(2, "Heartbeat", journal.Membership{Member: "a", Code: 27}), // a rebalance: it is a member all the same
		told(3, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0, 2)}),
		told(4, "JoinGroup", journal.Membership{Member: "a", Owned: parts(0)}), // 2 was not asked for
		told(9, "Heartbeat", journal.Membership{Member: "a", Code: 25}),
		told(10, "ConsumerGroupHeartbeat", journal.Membership{Member: "a", Code: 25}), // it does not know yet
		told(10, "JoinGroup", journal.Membership{Member: "a", Owned: parts(0), Code: 25}),
		told(11, "JoinGroup", journal.Membership{Member: "b", Owned: parts(), Code: 79}),
		told(12, "SyncGroup", journal.Membership{Member: "c", Assigned: parts(0)}),
		told(14, "LeaveGroup", journal.Membership{Member: "c", Leaving: true, Code: 25}), // it had been dead to the group
		told(3, "OffsetCommit", journal.Membership{}),
	}
	// of a generation that is over: says nothing of the member
	facts[len(facts)-1].Detail = &journal.Commit{Member: "a", Code: 22}
	for i := range facts { // all of one application
		facts[i].App = "app"
	}
	var got []string
	for _, o := range Ownerships(facts, "g") {
		got = append(got, fmt.Sprintf("%s %d %s confirmed %s asked %t known %s", o.Member, o.Partition, o.End,
			o.Confirmed, o.Asked, o.Known))
	}
	slices.Sort(got)
	want := []string{
		"a 0 fenced confirmed 4.5s asked false known 11s",
		"a 1 released confirmed 4s asked true known 4s",
		"a 2 released confirmed 4s asked false known 4s",
		"c 0 fenced confirmed 12.5s asked false known 14s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}
