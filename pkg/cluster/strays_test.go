package cluster_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// TestStraysAreDeleted has applications use names of their own. What was there before the run, and a group that
// somebody is a member of, stays.
func TestStraysAreDeleted(t *testing.T) {
	running := fake(t, kfake.SeedTopics(1, "there-before"))
	observer, err := kgo.NewClient(kgo.SeedBrokers(running.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	admin := kadm.NewClient(observer)
	commit := func(group string) {
		t.Helper()
		var offsets kadm.Offsets
		offsets.AddOffset("there-before", 0, 0, -1)
		if err := admin.CommitAllOffsets(within(t), group, offsets); err != nil {
			t.Fatal(err)
		}
	}
	commit("group-there-before")
	backend, err := cluster.ConnectExternal(within(t), cluster.ExternalOptions{Name: "staging",
		Bootstrap: running.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	for _, fixed := range []*cluster.Fixed{nil, {Topics: []string{"orders"}, Groups: []string{"shipping"}}} {
		session, err := backend.Open(within(t), cluster.Needs{Fixed: fixed})
		if err != nil {
			t.Fatal(err)
		}
		if fixed == nil {
			if _, err := admin.CreateTopic(within(t), 1, 1, nil, "its-own"); err != nil {
				t.Fatal(err)
			}
			joinClassic(t, observer, "somebody")
		}
		commit("its-own")
		session.(cluster.Owner).Strayed([]string{"its-own", "there-before"},
			[]string{"its-own", "group-there-before", "somebody"})
		if err := session.Close(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := backend.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	topics, err := admin.ListTopics(within(t))
	if err != nil {
		t.Fatal(err)
	}
	groups, err := admin.ListGroups(within(t))
	if err != nil {
		t.Fatal(err)
	}
	names := groups.Groups()
	slices.Sort(names)
	if diff := cmp.Diff([]string{"group-there-before", "somebody"}, names); diff != "" {
		t.Errorf("groups (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"there-before"}, topics.Names()); diff != "" {
		t.Errorf("topics (-want +got)\n%s", diff)
	}
}
