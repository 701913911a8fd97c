package group_test

import (
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// What was refused is owed once, but for what was committed and for partitions that were taken away.
func TestOwed(t *testing.T) {
	var owed group.Owed
	if _, bounded := hurried(t, &owed); bounded || len(owed.Take()) != 0 {
		t.Error("got something owed at the beginning")
	}
	offsets := group.Offsets{}
	for partition := range int32(4) {
		offsets.Add(group.Place{Topic: "orders", Partition: partition}, kgo.EpochOffset{Offset: 3})
	}
	owed.Owe(offsets, []group.Place{{Topic: "orders", Partition: 0}})
	owed.Told("assigned", map[string][]int32{"orders": {1}})
	owed.Told("revoked", map[string][]int32{"orders": {2}})
	owed.Told("lost", map[string][]int32{"orders": {7}})
	if _, bounded := hurried(t, &owed); !bounded {
		t.Error("got a fetch that waits for records while something is owed")
	}
	want := []group.Place{{Topic: "orders", Partition: 2}, {Topic: "orders", Partition: 7}}
	if got := owed.Drop(); !slices.Equal(got, want) {
		t.Errorf("got %v taken away, want %v", got, want)
	}
	if got := owed.Drop(); len(got) != 0 {
		t.Errorf("got %v taken away once more", got)
	}
	got := owed.Take()
	if len(got["orders"]) != 2 || got["orders"][1].Offset != 3 || got["orders"][3].Offset != 3 {
		t.Errorf("got %v owed, want partitions 1 and 3", got)
	}
	if again := owed.Take(); len(again) != 0 {
		t.Errorf("got %v owed twice", again)
	}
}

func hurried(t *testing.T, owed *group.Owed) (deadline any, bounded bool) {
	t.Helper()
	ctx, cancel := owed.Hurry(t.Context())
	defer cancel()
	return ctx.Deadline()
}
