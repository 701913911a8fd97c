package runner_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// adding writes a total and a line of its changelog, a topic that it makes itself, in one transaction. What it does
// with the changelog then is left to after.
func adding(after func(ctx context.Context, admin *kadm.Client, changelog string) error) app.Func {
	return func(ctx context.Context, env app.Env) error {
		options, err := env.ClientOptions()
		if err != nil {
			return err
		}
		client, err := kgo.NewClient(append(options, kgo.TransactionalID("adding"))...)
		if err != nil {
			return err
		}
		defer client.Close()
		changelog := env.Topic("totals") + "-changelog"
		if _, err := kadm.NewClient(client).CreateTopic(ctx, 1, 1, nil, changelog); err != nil {
			return err
		}
		if err := client.BeginTransaction(); err != nil {
			return err
		}
		for _, topic := range []string{env.Topic("totals"), changelog} {
			if err := client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("1")}).FirstErr(); err != nil {
				return err
			}
		}
		if err := client.EndTransaction(ctx, kgo.TryCommit); err != nil {
			return err
		}
		return after(ctx, kadm.NewClient(client), changelog)
	}
}

// Kafka Streams makes topics that no scenario declares. Its transactions are judged by them too.
func TestTransactionsInTopicsThatAnApplicationMade(t *testing.T) {
	t.Parallel()
	feature := `Feature: Adding
  Scenario: A transaction is whole
    Given topic "totals" with 1 partition
    And application "adding" is the reference "adding" writing "totals"
    When application "adding" has finished
    Then no transaction of "adding" is torn
`
	for _, test := range []struct {
		name  string
		after func(ctx context.Context, admin *kadm.Client, changelog string) error
		want  string // what the scenario says; empty: it passes
	}{
		{"left as it is", func(context.Context, *kadm.Client, string) error { return nil }, ""},
		{"purged", func(ctx context.Context, admin *kadm.Client, changelog string) error {
			ends, err := admin.ListEndOffsets(ctx, changelog)
			if err == nil {
				_, err = admin.DeleteRecords(ctx, ends.Offsets())
			}
			return err
		}, ""},
		{"deleted", func(ctx context.Context, admin *kadm.Client, changelog string) error {
			_, err := admin.DeleteTopic(ctx, changelog)
			return err
		}, `topic "totals-changelog" was written, and is not on the cluster any more`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			results, err := lab{feature: feature, Params: runner.Params{
				Applications: map[string]app.Func{"adding": adding(test.after)}}}.execute(t)
			if err != nil {
				t.Fatal(err)
			}
			got := results.Scenarios[0]
			want := report.Passed
			if test.want != "" {
				want = report.Inconclusive
			}
			if got.Status != want || test.want != "" && !strings.Contains(got.Failure.Message, test.want) {
				t.Errorf("got %s, want %s that says %q\n%s", got.Status, want, test.want, report.FailureText(got))
			}
		})
	}
}

// An application makes one topic of the name that it was told, with something before it, and one of a name of its own.
// On a cluster of others both are gone afterwards, and a feature can speak of the first.
func TestTopicsThatAnApplicationMakesElsewhere(t *testing.T) {
	t.Parallel()
	others := []string{"orders-archive", "retry.orders"}
	_, client, clusters := elsewhere(t, others...)
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	write(t, profile, clusters)
	making := func(ctx context.Context, env app.Env) error {
		options, err := env.ClientOptions()
		if err != nil {
			return err
		}
		client, err := kgo.NewClient(options...)
		if err != nil {
			return err
		}
		defer client.Close()
		for _, topic := range []string{"retry." + env.Topic("orders"), "its-own-" + env.Name} {
			if _, err := kadm.NewClient(client).CreateTopic(ctx, 2, 1, nil, topic); err != nil {
				return err
			}
			if err := client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte(topic)}).FirstErr(); err != nil {
				return err
			}
		}
		return nil
	}
	params := runner.Params{Cluster: "all", Profile: profile, Applications: map[string]app.Func{"making": making}}
	results, err := lab{Params: params, feature: `Feature: Topics that an application makes
  Background:
    Given topic "orders" with 1 partition

  Scenario: of a name that it was told
    Given topic "retries" is made by an application as "retry.${topic.orders}"
    And application "first" is the reference "making" writing "orders"
    When application "first" has finished
    Then "retries" contains exactly:
      | value                 |
      | retry.${topic.orders} |
    And topic "retries" has 2 partitions

  Scenario: of its own name
    Given topic "retries" is made by an application as "its-own-second"
    And application "second" is the reference "making" writing "orders"
    When application "second" has finished
    Then "retries" contains exactly 1 record
`}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	first, second := results.Scenarios[0], results.Scenarios[1]
	if first.Name != "of a name that it was told" {
		first, second = second, first
	}
	if first.Status != report.Passed {
		t.Errorf("got %s, want it to pass\n%s", first.Status, report.FailureText(first))
	}
	text := report.FailureText(second)
	if second.Status != report.NotApplicable || !strings.Contains(text, "names: fixed") {
		t.Errorf("got %s, want it not applicable and to say names: fixed\n%s", second.Status, text)
	}
	if left := topicsOf(t, client); !slices.Equal(left, others) {
		t.Errorf("got topics %v, want those of others, %v", left, others)
	}
}

// A topic that an application makes may be there already, where names are fixed: it is used from where it ends, and is
// left.
func TestTopicsThatAnApplicationHasMadeBefore(t *testing.T) {
	t.Parallel()
	_, client, clusters := elsewhere(t, "labels")
	for range 4 {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "labels"}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	params := runner.Params{Cluster: "all", Profile: stubbornProfile(t, clusters)}
	results, err := lab{Params: params, feature: `Feature: Labels
  Background:
    Given topic "orders" with 2 partitions
    And topic "written" is made by an application as "labels"
    And topic "changes" is made by an application as "${group.shipping}-labels-changelog"
    And application "shipping" of the profile is in group "shipping" reading "orders" writing "written"

  Scenario: Of this scenario
    Given 3 records are in "orders" partition 0
    Then within 30s "written" contains exactly 3 records
    And within 30s "changes" contains exactly 3 records
`}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	if got := results.Scenarios[0]; got.Status != report.Passed {
		t.Errorf("got %s, want it to pass\n%s", got.Status, report.FailureText(got))
	}
	if left := topicsOf(t, client); !slices.Equal(left, []string{"labels"}) {
		t.Errorf("got topics %v, want labels only, which was there", left)
	}
}
