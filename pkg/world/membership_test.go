package world

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/wire"
)

func memberOf(name string) wire.Membership {
	return wire.Membership{Group: "shipping", Member: name, Generation: 1}
}

func ordersAt(partitions ...int32) []wire.TopicPartitions {
	if len(partitions) == 0 {
		return []wire.TopicPartitions{}
	}
	return []wire.TopicPartitions{{Topic: "orders", Partitions: partitions}}
}

// TestFactsOfMembersTellTheirHistory holds that a journal is enough: the history that is replayed from its facts is the
// one replayed from the events.
func TestFactsOfMembersTellTheirHistory(t *testing.T) {
	w := &World{Journal: journal.New(), Needs: Needs{Members: true}}
	direct := new(wire.History)
	start := time.Now()
	see := func(at int, api, app string, detail wire.Detail) {
		e := wire.Event{App: app, API: api, Sent: start.Add(time.Duration(at) * time.Second), Outcome: wire.Answered,
			Detail: detail}
		e.Answered = e.Sent.Add(time.Second / 2)
		if at != 12 {
			direct.Add(e)
		}
		w.observeMembers(&e)
	}
	seen := func(at int, api, app string, change func(*wire.Membership)) {
		m := memberOf(app + "-1")
		change(&m)
		see(at, api, app, &m)
	}
	seen(1, "JoinGroup", "a", func(m *wire.Membership) { m.Owned = ordersAt() })
	seen(2, "SyncGroup", "a", func(m *wire.Membership) { m.Assigned, m.Protocol = ordersAt(0, 1), "cooperative-sticky" })
	see(3, "Fetch", "a", &wire.FetchAttempt{Topic: "orders", Partition: 0, Position: 7})
	see(4, "Fetch", "a", &wire.FetchAttempt{Topic: "orders", Partition: 0, Position: 9}) // it has begun before
	see(4, "Fetch", "a", &wire.FetchAttempt{Topic: "payments", Partition: 0, Position: 9})
	see(5, "OffsetCommit", "a", &wire.Commit{Group: "shipping", Member: "a-1", Generation: 1, Topic: "orders",
		Partition: 1, Offset: 4, Code: 27})
	for at := 6; at < 9; at++ {
		seen(at, "Heartbeat", "a", func(*wire.Membership) {})
	}
	seen(9, "JoinGroup", "a", func(m *wire.Membership) { m.Owned = ordersAt(0) })
	seen(10, "SyncGroup", "b", func(m *wire.Membership) { m.Assigned = ordersAt(1) })
	seen(11, "Heartbeat", "a", func(*wire.Membership) {})
	seen(12, "Heartbeat", "a", func(*wire.Membership) {}) // no news since the last one: no fact
	seen(13, "Heartbeat", "a", func(m *wire.Membership) { m.Code = 25 })
	seen(14, "LeaveGroup", "b", func(m *wire.Membership) { m.Leaving = true })

	var kinds []string
	for _, f := range w.Journal.Select(nil) {
		text := string(f.Kind) + " " + f.App + " " + f.Text + f.Error
		if f.Kind == GroupPosition {
			text += " " + f.Topic + " " + Number(f.Offset)
		}
		kinds = append(kinds, text)
	}
	want := []string{
		"group-join a ", "group-assigned a orders:0,1", "group-position a  orders 7", "group-commit a REBALANCE_IN_PROGRESS",
		"group-revoked a orders:1",
		"group-assigned b orders:1", "group-heartbeat a ", "group-lost a UNKNOWN_MEMBER_ID", "group-left b ",
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}

	replayed := w.groupHistory("shipping").Ownerships("shipping")
	expected := direct.Ownerships("shipping")
	for i := range expected { // in the journal's time
		o := &expected[i]
		for _, at := range []*time.Time{&o.From, &o.To, &o.LastSeen, &o.Confirmed, &o.Rejoined} {
			if !at.IsZero() {
				*at = time.Time{}.Add(w.Journal.Since(*at))
			}
		}
	}
	if diff := cmp.Diff(expected, replayed); diff != "" {
		t.Errorf("history differs (-of events +of facts):\n%s", diff)
	}
}

func TestPartitionsTextIsReadBack(t *testing.T) {
	for text, partitions := range map[string][]wire.TopicPartitions{
		"":     nil,
		"none": {},
		"orders:0,1 payments:12": {{Topic: "orders", Partitions: []int32{0, 1}},
			{Topic: "payments", Partitions: []int32{12}}},
		"id:5f2a:3": {{Topic: "id:5f2a", Partitions: []int32{3}}},
	} {
		if got := partitionsText(partitions); got != text {
			t.Errorf("got text %q, want %q", got, text)
		}
		if diff := cmp.Diff(partitions, partitionsOf(text)); diff != "" {
			t.Errorf("%q read back differs (-want +got):\n%s", text, diff)
		}
	}
}
