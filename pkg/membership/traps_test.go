package membership

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestWhatAGroupWaitsFor holds that members which cannot answer any more are named, and those that can are not.
func TestWhatAGroupWaitsFor(t *testing.T) {
	given := func(at int, member string, numbers ...int32) journal.Fact {
		return told(at, "SyncGroup", journal.Membership{Member: member, Assigned: parts(numbers...)})
	}
	life := func(at int, app string, kind journal.Kind) journal.Fact {
		return journal.Fact{Kind: kind, App: app, At: time.Duration(at) * time.Second}
	}
	layout := func(at int, partitions int32) journal.Fact {
		return journal.Fact{Kind: journal.Declared, Topic: "t", At: time.Duration(at) * time.Second,
			Detail: &journal.Layout{Partitions: partitions}}
	}
	killed := `"app-a" was killed 5s ago and has not left the group: its 2 partitions may stay with it, and others may have ` +
		`to wait, until its session times out (session.timeout.ms)`
	grew := `"t" gained partitions 6s ago, and partition 2 was given to nobody: clients look for new ones every ` +
		`metadata.max.age.ms, five minutes if nothing is set`
	beat := func(at int, member string, m journal.Membership) journal.Fact {
		m.Member = member
		return told(at, "ConsumerGroupHeartbeat", m)
	}
	keeps := `"app-a" was asked for 1 partition 5s ago and has not given up what it was asked for`
	rdkafka := journal.Fact{Kind: journal.ClientSoftware, App: "app-a", Detail: &journal.Client{Name: "librdkafka"}}
	begins := func(at int, partition int32, offset, end int64) journal.Fact {
		return journal.Fact{Kind: journal.GroupPosition, App: "app-a", Topic: "t", Partition: partition, Offset: offset,
			At: time.Duration(at) * time.Second, Detail: &journal.Fetch{HighWatermark: end}}
	}
	commits := journal.Fact{Kind: journal.GroupCommit, App: "app-b", Group: "g", Topic: "t", Offset: 6,
		At: time.Second / 2, Detail: &journal.Commit{}}
	committed := func(offset int64) journal.Fact {
		f := commits
		f.Offset = offset
		return f
	}
	failing := func(f journal.Fact) journal.Fact {
		f.Detail = &journal.Commit{Code: 25}
		return f
	}
	tells := func(offset int64) journal.Fact {
		return journal.Fact{Kind: journal.GroupOffset, App: "app-a", Group: "g", Topic: "t", Offset: offset,
			At: time.Second, Detail: &journal.Begin{}}
	}
	did := func(partition int32, offset int64) journal.Fact {
		return journal.Fact{Kind: journal.Processed, App: "app-a", Topic: "t", Partition: partition, Offset: offset,
			At: 2 * time.Second}
	}
	holding := func(f journal.Fact) journal.Fact {
		f.Detail = &journal.Fetch{HighWatermark: 9, Held: 2}
		return f
	}
	past := func(offset int) string {
		return fmt.Sprintf(`"app-a" began 1 partition of "t" past what the group had committed, such as partition 0 at `+
			"offset %d in place of 6: what stands between is not read (look for a seek)", offset)
	}
	last := func(count string, partition, offset int) string {
		return fmt.Sprintf(`"app-a" began %s of "t" at the end, such as partition %d at offset %d, where the group had `+
			"committed nothing: what stood there before is not read (auto.offset.reset=latest)", count, partition, offset)
	}
	for name, c := range map[string]struct {
		facts []journal.Fact
		want  string
	}{
		"it began at the end": {[]journal.Fact{given(1, "a", 0, 1), begins(2, 0, 6, 6), begins(2, 1, 4, 4)},
			last("2 partitions", 0, 6)},
		"it began at the end of one": {[]journal.Fact{given(1, "a", 0, 1), begins(2, 0, 0, 6), begins(2, 1, 4, 4)},
			last("1 partition", 1, 4)},
		"it came back to the end, and its work was done": {[]journal.Fact{given(1, "a", 0), begins(2, 0, 0, 6), did(0, 5),
			begins(3, 0, 6, 6)}, ""},
		"it came back to the end, and its work was not done": {[]journal.Fact{given(1, "a", 0), begins(2, 0, 0, 6),
			did(0, 3), begins(3, 0, 6, 6)}, last("1 partition", 0, 6)},
		"it came back to the end, and worked on another partition": {[]journal.Fact{given(1, "a", 0, 1),
			begins(2, 0, 0, 6), did(1, 8), begins(3, 0, 6, 6)}, last("1 partition", 0, 6)},
		"it began past what was committed": {[]journal.Fact{committed(6), given(1, "a", 0), begins(2, 0, 8, 9), did(0, 5)},
			past(8)},
		"it was told, and began past that": {[]journal.Fact{given(1, "a", 0), tells(6), begins(2, 0, 8, 9), did(0, 5)},
			past(8)},
		"it began past what was committed, and that was done": {[]journal.Fact{committed(6), given(1, "a", 0),
			begins(2, 0, 8, 9), did(0, 7)}, ""},
		"it began past what was committed, and no work is logged": {[]journal.Fact{committed(6), given(1, "a", 0),
			begins(2, 0, 8, 9)}, ""},
		"it began where the group had committed": {[]journal.Fact{committed(6), given(1, "a", 0), begins(2, 0, 6, 9),
			did(0, 3)}, ""},
		"it may hold what stands between": {[]journal.Fact{committed(6), given(1, "a", 0), holding(begins(2, 0, 8, 9)),
			did(0, 5)}, ""},
		"a commit had no effect": {[]journal.Fact{given(1, "a", 0), tells(8), failing(committed(6)),
			begins(2, 0, 8, 9), did(0, 5)}, ""},
		"it came back to the end":        {[]journal.Fact{given(1, "a", 0), begins(2, 0, 0, 6), begins(3, 0, 6, 6)}, ""},
		"its group had come to the end":  {[]journal.Fact{commits, given(1, "a", 0), begins(2, 0, 6, 6)}, ""},
		"it began in an empty partition": {[]journal.Fact{given(1, "a", 0), begins(2, 0, 0, 0)}, ""},
		"the scenario began at the end": {[]journal.Fact{{Kind: journal.Declared, Topic: "t",
			Detail: &journal.Layout{Partitions: 1, Began: []int64{6}}}, given(1, "a", 0), begins(2, 0, 6, 6)}, ""},
		"nothing is known": {nil, ""},
		"it keeps what it was asked for": {[]journal.Fact{beat(1, "a", journal.Membership{Assigned: parts(0, 1)}),
			beat(2, "a", journal.Membership{Owned: parts(0, 1)}), beat(5, "a", journal.Membership{Assigned: parts(0)}),
			beat(7, "a", journal.Membership{})}, keeps},
		"librdkafka keeps what it was asked for": {[]journal.Fact{rdkafka,
			beat(1, "a", journal.Membership{Assigned: parts(0, 1)}), beat(5, "a", journal.Membership{Assigned: parts(0)})},
			keeps + "; librdkafka is known to do so where the answer came later than the group's heartbeat interval: its log " +
				"has Timed out ConsumerGroupHeartbeatRequest then"},
		"it gave it up": {[]journal.Fact{beat(1, "a", journal.Membership{Assigned: parts(0, 1)}),
			beat(5, "a", journal.Membership{Assigned: parts(0)}), beat(6, "a", journal.Membership{Owned: parts(0)})}, ""},
		"it was asked only just": {[]journal.Fact{beat(1, "a", journal.Membership{Assigned: parts(0, 1)}),
			beat(9, "a", journal.Membership{Assigned: parts(0)})}, ""},
		"it was given it again": {[]journal.Fact{beat(1, "a", journal.Membership{Assigned: parts(0, 1)}),
			beat(4, "a", journal.Membership{Assigned: parts(0)}), beat(5, "a", journal.Membership{Assigned: parts(0, 1)})}, ""},
		"it lives":      {[]journal.Fact{given(1, "a", 0, 1)}, ""},
		"it was killed": {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-a", journal.Killed)}, killed},
		"an earlier life of it was killed": {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-a", journal.Killed),
			life(6, "app-a", journal.Started)}, killed},
		"it was killed, and another has what it had": {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-a", journal.Killed),
			given(7, "b", 0, 1)}, ""},
		"it was killed before it was given them": {[]journal.Fact{life(1, "app-a", journal.Killed), given(4, "a", 0)}, ""},
		"another was killed":                     {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-b", journal.Killed)}, ""},
		"it ended without leaving": {[]journal.Fact{given(1, "a", 0), life(9, "app-a", journal.Exited)},
			strings.NewReplacer("was killed 5s", "ended 1s", "2 partitions", "1 partition").Replace(killed)},
		"it left, and ended": {[]journal.Fact{given(1, "a", 0),
			told(3, "LeaveGroup", journal.Membership{Member: "a", Leaving: true}), life(4, "app-a", journal.Exited)}, ""},
		"it stands still": {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-a", journal.Paused)},
			strings.Replace(killed, "killed", "paused", 1)},
		"it goes on": {[]journal.Fact{given(1, "a", 0, 1), life(5, "app-a", journal.Paused),
			life(6, "app-a", journal.Resumed)}, ""},
		"partitions nobody was given": {[]journal.Fact{layout(0, 2), given(1, "a", 0, 1), layout(4, 4)}, grew},
		"partitions that were given": {[]journal.Fact{layout(0, 2), given(1, "a", 0, 1), layout(4, 3),
			given(5, "a", 0, 1, 2)}, ""},
		"a topic nobody reads": {[]journal.Fact{layout(0, 2), layout(4, 4)}, ""},
		"only just":            {[]journal.Fact{layout(0, 2), given(1, "a", 0, 1), layout(9, 4)}, ""},
	} {
		if diff := cmp.Diff(c.want, strings.Join(Held(c.facts, "g", 10*time.Second), "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatAClientIsKnownFor(t *testing.T) {
	given := told(6, "SyncGroup", journal.Membership{Member: "a", Assigned: parts(0)})
	client := journal.Fact{Kind: journal.ClientSoftware, App: "app-a", Detail: &journal.Client{Name: "kafka-python"}}
	for name, c := range map[string]struct {
		facts []journal.Fact
		says  bool
	}{"kafka-python": {[]journal.Fact{client, given}, true}, "another": {[]journal.Fact{given}, false}} {
		got := strings.Join(Odd(c.facts, "g", 10*time.Second), "; ")
		if strings.Contains(got, "kafka-python 3.0.12 is known to") != c.says {
			t.Errorf("%s: got %q, want it to name the client: %t", name, got, c.says)
		}
	}
}
