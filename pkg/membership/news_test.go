package membership

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestNewsIsEnough holds that what is kept tells what happened, and that the ownerships replayed from it are those
// replayed from all that was said.
func TestNewsIsEnough(t *testing.T) {
	var news News
	var all, kept []journal.Fact
	see := func(at int, api, app string, f journal.Fact) {
		f.App, f.Group = app, "g"
		f.Request = told(at, api, journal.Membership{}).Request
		if at != 12 {
			all = append(all, f)
		}
		if news.Keep(&f) {
			kept = append(kept, f)
		}
	}
	member := func(at int, api, app string, change func(*journal.Membership)) {
		m := &journal.Membership{Member: app + "-1", Generation: 1}
		change(m)
		see(at, api, app, journal.Fact{Kind: journal.SaidOfGroup, Partition: -1, Offset: -1, Detail: m})
	}
	fetch := func(at int, topic string, position int64) {
		see(at, "Fetch", "a", journal.Fact{Kind: journal.Fetched, Topic: topic, Offset: position, Detail: new(journal.Fetch)})
	}
	member(1, "JoinGroup", "a", func(m *journal.Membership) { m.Owned = parts() })
	member(2, "SyncGroup", "a", func(m *journal.Membership) { m.Assigned = parts(0, 1) })
	fetch(3, "t", 7)
	fetch(4, "t", 9) // it has begun before
	fetch(4, "payments", 9)
	see(4, "Produce", "a", journal.Fact{Kind: journal.ProduceAttempt, Topic: "t", Detail: new(journal.Attempt)})
	see(5, "OffsetCommit", "a", journal.Fact{Kind: journal.GroupCommit, Topic: "t", Partition: 1, Offset: 4,
		Detail: &journal.Commit{Member: "a-1", Generation: 1, Code: 27}})
	for at := 6; at < 9; at++ {
		member(at, "Heartbeat", "a", func(*journal.Membership) {})
	}
	member(9, "JoinGroup", "a", func(m *journal.Membership) { m.Owned = parts(0) })
	member(10, "SyncGroup", "b", func(m *journal.Membership) { m.Assigned = parts(1) })
	member(11, "Heartbeat", "a", func(*journal.Membership) {})
	member(12, "Heartbeat", "a", func(*journal.Membership) {}) // no news since the last one: no fact
	member(13, "Heartbeat", "a", func(m *journal.Membership) { m.Code = 25 })
	member(14, "LeaveGroup", "b", func(m *journal.Membership) { m.Leaving = true })

	var got []string
	for _, f := range kept {
		text := fmt.Sprint(f.Kind, " ", f.App)
		if m, ok := f.Detail.(*journal.Membership); ok && m.Revoked != nil {
			text += fmt.Sprint(" ", m.Revoked)
		}
		if f.Kind == journal.GroupPosition {
			text += fmt.Sprint(" ", f.Topic, " ", f.Offset)
		}
		got = append(got, text)
	}
	want := []string{
		"group-join a", "group-assigned a", "group-position a t 7", "group-commit a", "group-revoked a [{t [1]}]",
		"group-assigned b", "group-heartbeat a", "group-lost a", "group-left b",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Ownerships(all, "g"), Ownerships(kept, "g")); diff != "" {
		t.Errorf("history differs (-of all +of what is kept):\n%s", diff)
	}
}

// TestNewsOfWhatAMemberNoLongerClaims holds that under KIP-848 a member gives up what it has claimed and leaves out
// later, and not what it was given and has not claimed yet.
func TestNewsOfWhatAMemberNoLongerClaims(t *testing.T) {
	var news News
	beat := func(at int, owned, assigned []journal.TopicPartitions) []journal.TopicPartitions {
		m := &journal.Membership{Member: "a-1", Generation: 1, Owned: owned, Assigned: assigned}
		f := journal.Fact{Kind: journal.SaidOfGroup, App: "a", Group: "g", Partition: -1, Offset: -1, Detail: m,
			Request: told(at, "ConsumerGroupHeartbeat", journal.Membership{}).Request}
		news.Keep(&f)
		return f.Detail.(*journal.Membership).Revoked
	}
	for i, c := range []struct{ owned, assigned, revoked []journal.TopicPartitions }{
		{parts(), parts(0, 1), nil},
		{parts(), nil, nil}, // not claimed yet
		{parts(0, 1), nil, nil},
		{parts(0), nil, parts(1)},
	} {
		if diff := cmp.Diff(c.revoked, beat(i+1, c.owned, c.assigned)); diff != "" {
			t.Errorf("heartbeat %d: what was given up differs (-want +got):\n%s", i+1, diff)
		}
	}
}

func TestAHistoryHasOneTopicAndGroup(t *testing.T) {
	assigned := told(1, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0)})
	commit := func(group, topic string, outcome journal.Outcome, failure string) journal.Fact {
		f := told(2, "OffsetCommit", journal.Membership{})
		f.Kind, f.Group, f.Topic, f.Offset, f.Error = journal.GroupCommit, group, topic, 5, failure
		f.App, f.Detail, f.Request.Outcome = "app-a", &journal.Commit{Member: "a"}, outcome
		return f
	}
	h := Of([]journal.Fact{
		assigned,
		{Kind: journal.GroupPosition, App: "app-a", Topic: "t", Offset: 3, Request: assigned.Request},
		{Kind: journal.GroupPosition, App: "other", Topic: "t", Offset: 4, Request: assigned.Request},
		{Kind: journal.Processed, App: "app-a", Topic: "t", Offset: 3, At: 7e9},
		{Kind: journal.Processed, App: "app-a", Topic: "u", Offset: 3},
		{Kind: journal.DeadLettered, App: "app-a", Topic: "t", Offset: 4, At: 8e9},
		{Kind: journal.DeadLettered, App: "other", Topic: "t", Offset: 4, At: 8e9},
		{Kind: journal.Processing, App: "app-a", Topic: "t", Offset: 3, At: 6e9},
		{Kind: journal.Retried, App: "app-a", Topic: "t", Offset: 4, At: 7.5e9},
		{Kind: journal.Retried, App: "other", Topic: "t", Offset: 4, At: 8e9},
		commit("g", "t", journal.Answered, ""), commit("g", "t", journal.Cut, "no answer"),
		commit("h", "t", journal.Answered, ""),
		commit("g", "u", journal.Answered, ""),
	}, "g", "t", func(app string) bool { return app == "app-a" })
	taken := Commit{App: "app-a", Member: "a", Offset: 5, Sent: 2e9, Answered: 2.5e9, Taken: true}
	unknown := taken
	unknown.Taken, unknown.Unknown = false, true
	want := &History{
		Group: "g", Topic: "t",
		Ownerships: map[int32][]Ownership{0: {{Topic: "t", App: "app-a", Member: "a", From: 1.5e9, LastSeen: 2e9,
			Confirmed: 2.5e9}}},
		Commits:  map[int32][]Commit{0: {taken, unknown}},
		Starts:   map[int32][]Start{0: {{App: "app-a", Offset: 3, Sent: 1e9}}},
		Work:     map[int32][]Work{0: {{App: "app-a", Offset: 3, At: 7e9}}},
		SetAside: map[int32][]Work{0: {{App: "app-a", Offset: 4, At: 8e9}}},
		Begun:    map[int32][]Work{0: {{App: "app-a", Offset: 3, At: 6e9}, {App: "app-a", Offset: 4, At: 7.5e9}}},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNewsOfWhatAMemberHolds holds that the first read of a partition that is given again tells what the one before it
// had brought, where it goes on behind that.
func TestNewsOfWhatAMemberHolds(t *testing.T) {
	for position, want := range map[int64]int64{10: 8, 2: 0, 11: 0} {
		var news News
		tell := func(at int, api string, f journal.Fact) journal.Fact {
			f.App, f.Group, f.Request = "a", "g", told(at, api, journal.Membership{}).Request
			news.Keep(&f)
			return f
		}
		fetch := func(at int, from, last int64) journal.Fact {
			return tell(at, "Fetch", journal.Fact{Kind: journal.Fetched, Topic: "t", Offset: from,
				Detail: &journal.Fetch{FirstOffset: 0, LastOffset: last}})
		}
		assigned := func(at int) {
			tell(at, "SyncGroup", journal.Fact{Kind: journal.SaidOfGroup, Partition: -1, Offset: -1,
				Detail: &journal.Membership{Member: "a-1", Generation: 1, Assigned: parts(0)}})
		}
		assigned(1)
		fetch(2, 2, 9)
		tell(3, "JoinGroup", journal.Fact{Kind: journal.SaidOfGroup, Partition: -1, Offset: -1,
			Detail: &journal.Membership{Member: "a-1", Generation: 1, Owned: parts()}})
		assigned(4)
		got, _ := fetch(5, position, -1).Detail.(*journal.Fetch)
		if got.Held != want {
			t.Errorf("position %d: got %d offsets held, want %d", position, got.Held, want)
		}
	}
}

// TestNewsOfAReadThatWasOnItsWay holds that a read which goes on where the application was before the assignment is not
// the beginning, once the group has told it where to begin and it reads there.
func TestNewsOfAReadThatWasOnItsWay(t *testing.T) {
	type event struct {
		at     int
		what   string
		offset int64
	}
	begun := []event{{1, "assigned", 0}, {2, "fetch", 2}, {3, "rejoins", 0}, {4, "assigned", 0}} // it was at 10
	for name, c := range map[string]struct {
		then []event
		want int64
	}{
		"sent before the group was asked": {[]event{{5, "fetch", 10}, {6, "told", 4}, {7, "fetch", 4}}, 4},
		"answered after the true one":     {[]event{{6, "told", 4}, {7, "fetch", 4}, {5, "fetch", 10}}, 4},
		"answered while the group is":     {[]event{{6, "told", 4}, {5, "fetch", 10}, {7, "fetch", 4}}, 4},
		"as told":                         {[]event{{5, "told", 10}, {6, "fetch", 10}, {7, "fetch", 4}}, 10},
		"without asking the group":        {[]event{{5, "fetch", 10}, {7, "fetch", 20}}, 10},
		"asked later, and goes on":        {[]event{{5, "fetch", 10}, {6, "told", 4}, {7, "fetch", 20}}, 10},
		"another offset than it had":      {[]event{{5, "fetch", 11}, {6, "told", 4}, {7, "fetch", 4}}, 11},
		"told before it was given":        {[]event{{3, "told", 4}, {5, "fetch", 10}, {7, "fetch", 4}}, 10},
		"refused":                         {[]event{{5, "fetch", 10}, {6, "not told", 4}, {7, "fetch", 4}}, 10},
		"read where told before it is":    {[]event{{5, "fetch", 10}, {6, "fetch", 4}, {8, "told", 4}}, 10},
		"told of another group":           {[]event{{5, "fetch", 10}, {6, "told of another", 4}, {7, "fetch", 4}}, 10},
		"twice where told":                {[]event{{5, "fetch", 10}, {6, "told", 4}, {7, "fetch", 4}, {9, "fetch", 4}}, 4},
		"restarted": {[]event{{4, "restarts", 0}, {4, "assigned anew", 0}, {5, "fetch", 10}, {6, "told", 4},
			{7, "fetch", 4}}, 10},
		"told of nothing that is committed": {[]event{{5, "fetch", 10}, {6, "told", -1}, {7, "fetch", 0}}, 10},
	} {
		var news News
		var kept []journal.Fact
		for _, e := range append(slices.Clone(begun), c.then...) {
			f := journal.Fact{App: "a", Group: "g", Topic: "t", Offset: e.offset}
			api := "Fetch"
			switch e.what {
			case "assigned":
				api, f.Detail = "SyncGroup", &journal.Membership{Member: "a-1", Generation: 1, Assigned: parts(0)}
			case "assigned anew":
				api, f.Detail = "SyncGroup", &journal.Membership{Member: "a-2", Generation: 2, Assigned: parts(0)}
			case "rejoins":
				api, f.Detail = "JoinGroup", &journal.Membership{Member: "a-1", Generation: 1, Owned: parts()}
			case "restarts":
				news.Restarted("a")
				continue
			case "told":
				api, f.Detail = "OffsetFetch", new(journal.Begin)
			case "not told":
				api, f.Detail = "OffsetFetch", &journal.Begin{Code: kerr.UnstableOffsetCommit.Code}
			case "told of another":
				api, f.Group, f.Detail = "OffsetFetch", "h", new(journal.Begin)
			case "fetch":
				last := int64(-1)
				if e.at == 2 {
					last = 9
				}
				f.Detail = &journal.Fetch{FirstOffset: -1, LastOffset: last}
			}
			f.Request = told(e.at, api, journal.Membership{}).Request
			if news.Keep(&f) {
				kept = append(kept, f)
			}
		}
		h := Of(kept, "g", "t", func(string) bool { return true })
		if got := h.Starts[0]; len(got) != 2 || got[0].Offset != 2 || got[1].Offset != c.want {
			t.Errorf("%s: got the beginnings %+v, want one at 2 and one at %d", name, got, c.want)
		}
	}
}
