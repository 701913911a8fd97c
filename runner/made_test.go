package runner_test

import (
	"context"
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
