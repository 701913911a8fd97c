package membership

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

func TestWhatIsOddOfAMember(t *testing.T) {
	member := func(at int, api string, kind journal.Kind, m journal.Membership, failure string) journal.Fact {
		f := told(at, api, m)
		f.Kind, f.Error = kind, failure
		return f
	}
	given := func(at int, numbers ...int32) journal.Fact {
		return member(at, "SyncGroup", journal.GroupAssigned, journal.Membership{Member: "a",
			Assigned: parts(numbers...)}, "")
	}
	read := func(at int, partition int32) journal.Fact {
		f := told(at, "Fetch", journal.Membership{})
		f.Group, f.Kind, f.Topic, f.Partition, f.Detail = "", journal.GroupPosition, "t", partition, new(journal.Fetch)
		return f
	}
	commit := func(at int, failure string, code int16) journal.Fact {
		f := told(at, "OffsetCommit", journal.Membership{})
		f.Kind, f.Error, f.Topic, f.Detail = journal.GroupCommit, failure, "t", &journal.Commit{Member: "a", Code: code}
		return f
	}
	join := func(at int, code int16, failure string) journal.Fact {
		return member(at, "JoinGroup", journal.GroupJoin, journal.Membership{Member: "a", Code: code}, failure)
	}
	for name, c := range map[string]struct {
		facts []journal.Fact
		want  string
	}{
		"nothing is known": {nil, ""},
		"reads nothing":    {[]journal.Fact{given(6, 0, 1)}, "was given 2 partitions 4s ago and has fetched nothing"},
		"reads one of two": {[]journal.Fact{given(6, 0, 1), read(7, 1)},
			"was given 2 partitions 4s ago and has fetched nothing of 1 of them"},
		"reads all":              {[]journal.Fact{given(6, 0), read(7, 0)}, ""},
		"was only just given it": {[]journal.Fact{given(9, 0)}, ""},
		"read it in an earlier life": {[]journal.Fact{read(2, 0), given(6, 0)},
			"was given 1 partition 4s ago and has fetched nothing"},
		"does not sync": {[]journal.Fact{join(6, 0, "")},
			"was let into the group 4s ago and has not asked for its partitions"},
		"is told to join with its id": {[]journal.Fact{join(6, 79, "MEMBER_ID_REQUIRED")}, ""},
		"is refused": {[]journal.Fact{join(6, 24, "INVALID_GROUP_ID")},
			"was last refused JoinGroup by the group, 4s ago, with INVALID_GROUP_ID"},
		"commits in vain": {[]journal.Fact{given(6, 0), read(7, 0), commit(7, "", 0), commit(8, "ILLEGAL_GENERATION", 22),
			commit(9, "ILLEGAL_GENERATION", 22)}, "has had its last 2 commits refused, with ILLEGAL_GENERATION"},
	} {
		if diff := cmp.Diff(c.want, strings.Join(Odd(c.facts, "g", 10*time.Second+time.Second/2), "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
