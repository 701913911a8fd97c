package membership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// Of an application that reads a topic in several groups, or by a consumer beside its group, a line belongs to the
// group that it names, and it is not known to which where it names none.
func TestWorkOfOneThatReadsInSeveralWays(t *testing.T) {
	given := func(app, group, topic string) journal.Fact {
		return journal.Fact{Kind: journal.GroupAssigned, App: app, Group: group,
			Request: &journal.Request{Outcome: journal.Answered}, Detail: &journal.Membership{Member: app,
				Assigned: []journal.TopicPartitions{{Topic: topic, Partitions: []int32{0}}}}}
	}
	beside := journal.Fact{Kind: journal.Fetched, App: "a", Topic: "orders", Request: &journal.Request{},
		Detail: &journal.Fetch{Beside: true}}
	repeats := journal.Fact{Kind: journal.Fetched, App: "a", Topic: "orders", Request: &journal.Request{Connection: 2},
		Detail: &journal.Fetch{Repeats: 7}}
	closes := journal.Fact{App: "a", Request: &journal.Request{Connection: 7}, Detail: &journal.Connection{}}
	leaves := journal.Fact{App: "a", Group: "g", Request: &journal.Request{}, Detail: &journal.Membership{Leaving: true}}
	later := given("a", "g", "orders")
	later.Request.Answered = 5
	begins := journal.Fact{Kind: journal.GroupPosition, App: "a", Topic: "orders", Request: &journal.Request{},
		Detail: &journal.Fetch{}}
	worked := func(app, group string, offset int64) journal.Fact {
		return journal.Fact{Kind: journal.Processed, App: app, Group: group, Topic: "orders", Offset: offset}
	}
	for _, c := range []struct {
		name        string
		facts       []journal.Fact
		want        []int64 // offsets of the group's work
		work, reads string  // that the reasons hold; empty for no reason
	}{
		{"one group", []journal.Fact{given("a", "g", "orders"), begins, worked("a", "", 0)}, []int64{0}, "", ""},
		{"another thing called group", []journal.Fact{given("a", "g", "orders"), worked("a", "payments", 0)}, []int64{0},
			"", ""},
		{"nothing known", []journal.Fact{worked("a", "", 0)}, []int64{0}, "", ""},
		{"another topic in another group", []journal.Fact{given("a", "g", "orders"), given("a", "h", "users"), begins,
			worked("a", "", 0)}, []int64{0}, "", ""},
		{"two groups", []journal.Fact{given("a", "g", "orders"), given("a", "h", "orders"), begins, worked("a", "", 0)},
			[]int64{0}, `"a" reads "orders" in group "g" and in group "h"`, "two applications"},
		{"two groups, named", []journal.Fact{given("a", "g", "orders"), given("a", "h", "orders"), worked("a", "g", 0),
			worked("a", "h", 1)}, []int64{0}, "", ""},
		{"two groups, of which some lines name one", []journal.Fact{given("a", "g", "orders"), given("a", "h", "orders"),
			worked("a", "g", 0), worked("a", "", 1)}, []int64{0, 1}, `place named group`, ""},
		{"beside", []journal.Fact{given("a", "g", "orders"), beside, begins, worked("a", "", 0)}, []int64{0},
			"by a consumer that is no member", "by a consumer that is no member"},
		{"beside, named", []journal.Fact{given("a", "g", "orders"), beside, worked("a", "g", 0), worked("a", "-", 1)},
			[]int64{0}, "", ""},
		{"given what another connection was", []journal.Fact{given("a", "g", "orders"), repeats, worked("a", "", 0)},
			[]int64{0}, "by a consumer that is no member", ""},
		{"another consumer that was closed", []journal.Fact{given("a", "g", "orders"), repeats, closes, worked("a", "", 0)},
			[]int64{0}, "", ""},
		{"all closed at the end", []journal.Fact{given("a", "g", "orders"), repeats, leaves, closes, worked("a", "", 0)},
			[]int64{0}, "by a consumer that is no member", ""},
		{"before it was given the partition", []journal.Fact{later, worked("a", "", 0)}, nil, "", ""},
		{"in another group than was declared", []journal.Fact{given("a", "h", "orders"), worked("a", "", 0)}, []int64{0},
			`"a" reads "orders" in group "h" and not in group "g"`, ""},
		{"declared in another group", []journal.Fact{given("b", "g", "orders"), worked("b", "", 0)}, []int64{0}, "", ""},
		{"somebody else", []journal.Fact{given("c", "h", "orders"), worked("c", "", 0), worked("c", "g", 1)}, nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := membership.Of(c.facts, "g", "orders", func(app string) bool { return app == "a" })
			var got []int64
			for _, w := range h.Work[0] {
				got = append(got, w.Offset)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("work of the group (-want +got):\n%s", diff)
			}
			for _, why := range []struct{ got, want string }{{h.UnclearWork, c.work}, {h.UnclearReads, c.reads}} {
				if (why.got == "") != (why.want == "") || !strings.Contains(why.got, why.want) {
					t.Errorf("got reason %q, want it to hold %q", why.got, why.want)
				}
			}
		})
	}
}
