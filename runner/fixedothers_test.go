package runner_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// elsewhere is a cluster on which others have topics and groups.
func elsewhere(t *testing.T, topics ...string) (fake *kfake.Cluster, client *kgo.Client, profile string) {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err = kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for _, topic := range topics {
		if _, err := kadm.NewClient(client).CreateTopic(t.Context(), 2, 1, nil, topic); err != nil {
			t.Fatal(err)
		}
	}
	return fake, client, fmt.Sprintf("clusters:\n  all: {kind: external, addresses: [%q]}\n", fake.ListenAddrs()[0])
}

func topicsOf(t *testing.T, client *kgo.Client) (names []string) {
	t.Helper()
	all, err := kmsg.NewPtrMetadataRequest().RequestWith(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range all.Topics {
		names = append(names, *topic.Topic)
	}
	slices.Sort(names)
	return names
}

// On a cluster of others the scenarios leave what they found, and nothing else.
func TestFixedNamesElsewhere(t *testing.T) {
	t.Parallel()
	others := []string{"orders-archive", "shipping-old-changelog", "somebodys"}
	_, client, clusters := elsewhere(t, others...)
	runStubborn(t, clusters, runner.Params{Cluster: "all"})
	if left := topicsOf(t, client); !slices.Equal(left, others) {
		t.Errorf("got topics %v, want those of others, %v", left, others)
	}
	groups, err := kadm.NewClient(client).ListGroups(t.Context())
	if err != nil || len(groups) != 0 {
		t.Errorf("got groups %v (%v), want none left", groups.Groups(), err)
	}
}

// A topic that is on the cluster already is used from where it ends, and so it stays, with the group that was there.
func TestFixedNamesOfATopicOfOthers(t *testing.T) {
	t.Parallel()
	_, client, clusters := elsewhere(t)
	leaveOrders(t, client)
	runStubborn(t, clusters, runner.Params{Cluster: "all"})
	keptOrders(t, client)
}

// leaveOrders leaves topics, records and a group on a cluster.
func leaveOrders(t *testing.T, client *kgo.Client) {
	t.Helper()
	admin := kadm.NewClient(client)
	for _, topic := range []string{"orders", "prices"} {
		if _, err := admin.CreateTopic(t.Context(), 2, 1, nil, topic); err != nil {
			t.Fatal(err)
		}
	}
	if err := cluster.AwaitTopics(t.Context(), client, map[string]int32{"orders": 2, "prices": 2}); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		r := &kgo.Record{Topic: "orders", Partition: int32(i % 2), Value: []byte("old")}
		if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	offsets := kadm.Offsets{}
	offsets.AddOffset("orders", 0, 5, -1)
	offsets.AddOffset("prices", 0, 0, -1)
	if err := admin.CommitAllOffsets(t.Context(), "shipping", offsets); err != nil {
		t.Fatal(err)
	}
}

// keptOrders wants these there still, with what the scenarios sent.
func keptOrders(t *testing.T, client *kgo.Client) {
	t.Helper()
	if left := without(topicsOf(t, client), "__"); !slices.Equal(left, []string{"orders", "prices"}) {
		t.Errorf("got topics %v, want those that were there", left)
	}
	admin := kadm.NewClient(client)
	ends, err := admin.ListEndOffsets(t.Context(), "orders")
	if end, _ := ends.Lookup("orders", 0); err != nil || end.Offset < 20+3*3+1+1+4 {
		t.Errorf("got end %d (%v), want the old records and those of all scenarios", end.Offset, err)
	}
	committed, err := admin.FetchOffsets(t.Context(), "shipping")
	if at, ok := committed.Lookup("prices", 0); err != nil || !ok || at.At != 0 {
		t.Errorf("got commits %v (%v), want the one of another topic as it was", committed, err)
	}
}

// What a step commits for the group holds, in place of where the topic was.
func TestFixedNamesAndAStepsCommit(t *testing.T) {
	_, client, clusters := elsewhere(t, "orders")
	for range 20 {
		r := &kgo.Record{Topic: "orders", Value: []byte("old")}
		if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	lab{feature: `Feature: f
  Scenario: s
    Given topic "orders" with 2 partitions
    And topic "labels" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders" writing "labels"
    And 3 records are in "orders" partition 0
    And group "shipping" commits offset 22 of "orders" partition 0
    When within 30s "shipping" has caught up with "orders"
    Then "labels" contains exactly 1 record
`, Params: runner.Params{Cluster: "all", Profile: stubbornProfile(t, clusters)}}.one(t, report.Passed, "")
}

// What is there under a fixed name must be what the scenario declares, and free for it.
func TestFixedNamesOfAnotherTopic(t *testing.T) {
	fake, client, clusters := elsewhere(t, "orders")
	member, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.ConsumerGroup("taken"),
		kgo.ConsumeTopics("orders"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(member.CloseAllowingRebalance)
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "orders", Value: []byte("x")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if fetches := member.PollFetches(t.Context()); fetches.NumRecords() != 1 { // so it has joined
		t.Fatal(fetches.Err())
	}
	p := runner.Params{Cluster: "all", Profile: stubbornProfile(t, clusters)}
	for _, c := range []struct{ topic, group, want string }{
		{`"orders" with 3 partitions`, "shipping", `inconclusive: topic "orders" is on the cluster already, with 2 ` +
			`partitions in place of 3 partitions; declare it so, or delete it`},
		{"\"orders\" with 2 partitions\n      | cleanup.policy | compact |", "shipping", `inconclusive: topic "orders" ` +
			`is on the cluster already, with cleanup.policy delete in place of compact; declare it so, or delete it`},
		{`"orders" with 2 partitions`, "taken", `group "taken" has members on external all, 1 broker: somebody else uses it`},
	} {
		lab{feature: "Feature: f\n  Scenario: s\n    Given topic " + c.topic + "\n    And application \"shipping\" of the " +
			"profile is in group \"" + c.group + "\" reading \"orders\"\n    Then \"orders\" is empty\n",
			Params: p}.one(t, report.Inconclusive, c.want)
	}
}
