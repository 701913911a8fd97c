package wire

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// told is an event of a member in group g: sent at second at, answered half a second later.
func told(at int, api string, m Membership) Event {
	m.Group = "g"
	sent := time.Unix(int64(at), 0)
	return Event{App: "app-" + m.Member, API: api, Sent: sent, Answered: sent.Add(time.Second / 2), Outcome: Answered,
		Detail: &m}
}

func parts(numbers ...int32) []TopicPartitions {
	if len(numbers) == 0 {
		return []TopicPartitions{}
	}
	return []TopicPartitions{{"t", numbers}}
}

func TestOwnersOfEveryProtocol(t *testing.T) {
	cases := map[string]struct {
		events []Event
		want   string // of partition 1: member from-to end, in seconds
	}{
		"eager: everything is given up at a rebalance": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", Membership{Member: "a", Owned: parts()}),
			told(6, "SyncGroup", Membership{Member: "b", Assigned: parts(1)}),
			told(6, "SyncGroup", Membership{Member: "a", Assigned: parts(0)}),
		}, "a 1.5-5.0 released, b 6.5-"},
		"cooperative: what stays is not interrupted": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", Membership{Member: "a", Owned: parts(0, 1)}),
			told(6, "SyncGroup", Membership{Member: "a", Assigned: parts(1)}),
			told(7, "JoinGroup", Membership{Member: "a", Owned: parts(1)}),
		}, "a 1.5-"},
		"cooperative: what moves is released by the next join": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "JoinGroup", Membership{Member: "a", Owned: parts(0, 1)}),
			told(6, "SyncGroup", Membership{Member: "a", Assigned: parts(0)}),
			told(7, "JoinGroup", Membership{Member: "a", Owned: parts(0)}),
			told(8, "SyncGroup", Membership{Member: "b", Assigned: parts(1)}),
		}, "a 1.5-7.0 released, b 8.5-"},
		"new protocol: a heartbeat that is answered behind the leave gives nothing": {[]Event{
			told(1, "ConsumerGroupHeartbeat", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "ConsumerGroupHeartbeat", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(5, "ConsumerGroupHeartbeat", Membership{Member: "a", Leaving: true}),
			told(7, "ConsumerGroupHeartbeat", Membership{Member: "b", Assigned: parts(0, 1)}),
		}, "a 1.5-5.0 left, b 7.5-"},
		"new protocol": {[]Event{
			told(1, "ConsumerGroupHeartbeat", Membership{Member: "a", Assigned: parts(0, 1)}),
			told(2, "ConsumerGroupHeartbeat", Membership{Member: "a", Owned: parts(0, 1)}),
			told(3, "ConsumerGroupHeartbeat", Membership{Member: "a", Assigned: parts(0)}),
			told(4, "ConsumerGroupHeartbeat", Membership{Member: "a", Owned: parts(0)}),
			told(5, "ConsumerGroupHeartbeat", Membership{Member: "b", Assigned: parts(1)}),
			told(6, "ConsumerGroupHeartbeat", Membership{Member: "b", Leaving: true}),
		}, "a 1.5-4.0 released, b 5.5-6.0 left"},
		"a member that was told nothing and did nothing": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(1)}),
			told(3, "Heartbeat", Membership{Member: "a"}),
			told(9, "SyncGroup", Membership{Member: "b", Assigned: parts(1)}),
		}, "a 1.5-3.0 replaced, b 9.5-"},
		"a zombie": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(1)}),
			told(9, "SyncGroup", Membership{Member: "b", Assigned: parts(1)}),
			told(12, "Heartbeat", Membership{Member: "a", Code: 25}),
		}, "a 1.5-12.5 fenced, b 9.5- overlap"},
		"two that both go on": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(1)}),
			told(2, "SyncGroup", Membership{Member: "b", Assigned: parts(1)}),
			told(3, "Heartbeat", Membership{Member: "a"}),
		}, "a 1.5-, b 2.5- overlap"},
		"a static member that came back": {[]Event{
			told(1, "SyncGroup", Membership{Member: "a", InstanceID: "i", Assigned: parts(1)}),
			told(3, "JoinGroup", Membership{Member: "b", InstanceID: "i"}),
			told(4, "SyncGroup", Membership{Member: "b", InstanceID: "i", Assigned: parts(1)}),
			told(6, "LeaveGroup", Membership{InstanceID: "i", Leaving: true}),
		}, "a 1.5-1.5 replaced, b 4.5-6.0 left"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := new(History)
			for _, e := range slices.Backward(tc.events) { // their order is that of their times
				h.Add(e)
			}
			if diff := cmp.Diff(tc.want, words(h.Owners("g", "t", 1))); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
		})
	}
}

func words(owners []Ownership) string {
	var all []string
	for i, o := range owners {
		text := fmt.Sprintf("%s %.1f-", o.Member, float64(o.From.UnixMilli())/1000)
		if !o.To.IsZero() {
			text += fmt.Sprintf("%.1f %s", float64(o.To.UnixMilli())/1000, o.End)
		}
		if i > 0 && o.Overlaps(owners[i-1]) {
			text += " overlap"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// TestOwnershipsTellWhatTheGroupAndTheMemberKnew looks at what judges need beside the intervals.
func TestOwnershipsTellWhatTheGroupAndTheMemberKnew(t *testing.T) {
	h := new(History)
	for _, e := range []Event{
		told(1, "SyncGroup", Membership{Member: "a", Assigned: parts(0, 1, 2)}),
		told(2, "Heartbeat", Membership{Member: "a", Code: 27}), // a rebalance: it is a member all the same
		told(3, "SyncGroup", Membership{Member: "a", Assigned: parts(0, 2)}),
		told(4, "JoinGroup", Membership{Member: "a", Owned: parts(0)}), // 2 was not asked for
		told(9, "Heartbeat", Membership{Member: "a", Code: 25}),
		told(10, "ConsumerGroupHeartbeat", Membership{Member: "a", Code: 25}), // it does not know yet
		told(10, "JoinGroup", Membership{Member: "a", Owned: parts(0), Code: 25}),
		told(11, "JoinGroup", Membership{Member: "b", Owned: parts(), Code: 79}),
		told(12, "SyncGroup", Membership{Member: "c", Assigned: parts(0)}),
		told(14, "LeaveGroup", Membership{Member: "c", Leaving: true, Code: 25}), // it had been dead to the group
	} {
		h.Add(e)
	}
	for i, e := range h.members { // all of one application
		e.app = "app"
		h.members[i] = e
	}
	stale := told(3, "OffsetCommit", Membership{})
	// of a generation that is over: says nothing of the member
	stale.Detail = &Commit{Group: "g", Member: "a", Topic: "t", Code: 22}
	h.Add(stale)
	at := func(moment time.Time) string {
		if moment.IsZero() {
			return "-"
		}
		return fmt.Sprintf("%.1f", float64(moment.UnixMilli())/1000)
	}
	var got []string
	for _, o := range h.Ownerships("g") {
		got = append(got, fmt.Sprintf("%s %d %s confirmed %s asked %t rejoined %s", o.Member, o.Partition, o.End,
			at(o.Confirmed), o.Asked, at(o.Rejoined)))
	}
	slices.Sort(got)
	want := []string{
		"a 0 fenced confirmed 4.5 asked false rejoined 11.0",
		"a 1 released confirmed 4.0 asked true rejoined -",
		"a 2 released confirmed 4.0 asked false rejoined -",
		"c 0 fenced confirmed 12.5 asked false rejoined 14.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}

// protocol is a way to share partitions.
type protocol struct {
	options []kgo.Opt
	moves   bool // only what moves is interrupted
}

var protocols = map[string]protocol{
	"eager":        {[]kgo.Opt{kgo.Balancers(kgo.RangeBalancer())}, false},
	"cooperative":  {[]kgo.Opt{kgo.Balancers(kgo.CooperativeStickyBalancer())}, true},
	"new protocol": {[]kgo.Opt{kgo.ServerSideBalancer()}, true},
}

func TestHistoryOfRealGroups(t *testing.T) {
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 3, kfake.SeedTopics(6, "orders-ks"))
			h := new(History)
			protocol.share(t, wired(t, c, Options{Observe: h.Add, Names: suffixed{}}), h, "orders-ks", "shipping-ks")
		})
	}
}

// share lets a second member come and go, and looks at the history of the six partitions. The names are physical; the
// history has "orders" and "shipping".
func (protocol protocol) share(t *testing.T, p *Proxy, h *History, topic, group string) {
	const partitions = 6
	ctx := deadline(t)
	if err := client(t, p, "producer").ProduceSync(ctx, numbered(topic, 100)...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(protocol.options), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.HeartbeatInterval(50*time.Millisecond))
	first := client(t, p, "first", options...)
	read(ctx, t, first, 100)
	if err := first.CommitUncommittedOffsets(ctx); err != nil {
		t.Fatal(err)
	}
	second := client(t, p, "second", options...)
	waitOwned(ctx, t, h, map[string]int{"first": partitions / 2, "second": partitions / 2})
	second.Close() // leaves
	waitOwned(ctx, t, h, map[string]int{"first": partitions})
	stayed := 0
	for n := range int32(partitions) {
		owners := h.Owners("shipping", "orders", n)
		for i := 1; i < len(owners); i++ {
			if owners[i].Overlaps(owners[i-1]) {
				t.Errorf("partition %d: got %s, want no overlap", n, words(owners))
			}
		}
		if len(owners) == 1 {
			stayed++
		}
		if commits := h.Commits("shipping", "orders", n); len(commits) > 0 && commits[0].App != "first" {
			t.Errorf("partition %d: got commit %+v, want the first by first", n, commits[0])
		}
	}
	if want := map[bool]int{true: partitions / 2}[protocol.moves]; stayed != want {
		t.Errorf("got %d partitions that never moved, want %d", stayed, want)
	}
}

// waitOwned waits until every application owns as many partitions as said.
func waitOwned(ctx context.Context, t testing.TB, h *History, want map[string]int) {
	t.Helper()
	var got map[string]int
	err := await.Until(ctx, await.Options{Within: within, What: "ownership " + fmt.Sprint(want)},
		func(context.Context) (bool, error) {
			got = make(map[string]int)
			for _, o := range h.Ownerships("shipping") {
				if o.End == Owning {
					got[o.App]++
				}
			}
			return cmp.Equal(got, want), nil
		})
	if err != nil {
		t.Fatalf("%v; got %v", err, got)
	}
}
