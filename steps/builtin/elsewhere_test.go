package builtin_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// An application that assigns partitions to itself and commits to a group of which the scenario was told nothing:
// nothing can be judged, and the message names the group.
func TestCommitsToAnotherGroup(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.feature")
	if err := os.WriteFile(file, []byte(`Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    And application "app" is the reference "loner" reading "orders"
    And the record "a" is in "orders"
    When "app" has processed at least 1 record
    Then within 500ms "app" committed no offset of "orders" ahead of its work
`), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{file}, Cluster: "embedded",
		References: map[string]app.Func{"loner": commitAlone}})
	if err != nil {
		t.Fatal(err)
	}
	s := results.Scenarios[0]
	const want = `application "app" committed offsets of "orders" to group "its-own"; say so where it is declared`
	if s.Status != report.Inconclusive || !strings.Contains(s.Failure.Message, want) {
		t.Errorf("got %s, want it inconclusive, with %q\n%s", s.Status, want, report.FailureText(s))
	}
}

func commitAlone(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumeTopics(env.Inputs...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		for _, r := range client.PollFetches(ctx).Records() {
			offsets := kadm.OffsetsFromRecords(*r)
			if err := kadm.NewClient(client).CommitAllOffsets(ctx, "its-own", offsets); err != nil {
				return err
			}
			env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset)
		}
	}
	return nil
}
