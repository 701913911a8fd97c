package runner_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const adopted = `Feature: A topic that is on the cluster already
  Background:
    Given topic "shared" exists

  Scenario Outline: Its records are counted from where it was <n>
    Given application "writer" is the reference "two" writing "shared"
    When application "writer" has finished
    Then "shared" contains exactly 2 records

    Examples:
      | n |
      | 1 |
      | 2 |
      | 3 |
      | 4 |

  Scenario: Work on its older records is not judged
    Given application "writer" is the reference "two" writing "shared"
    And application "copier" is the reference "copier" in group "copiers" reading "shared"
    And topic "shared_dlq" with 1 partition
    When application "writer" has finished
    And "copier" has caught up with "shared"
    Then "copier" processed exactly 2 records
    And every record of "shared" was processed in group "copiers" exactly once
    And every record of "shared" was either processed by "copier" or is in "shared_dlq", exactly once
    And "copier" committed no offset of "shared" ahead of its work, with dead letters in "shared_dlq"
    And field "n" of "shared" runs from 0 to 1, each exactly once

  Scenario: Nobody has read its older records
    Given group "copiers" commits offset 0 of "shared" partition 0
    Then group "copiers" has no lag on "shared"

  Scenario: Work on its new records is judged
    Given application "writer" is the reference "two" writing "shared"
    And application "copier" is the reference "copier" in group "copiers" reading "shared"
    When application "writer" has finished
    And "copier" has caught up with "shared"
    Then "copier" processed exactly 1 record
`

// TestTopicOfAll has scenarios that would run side by side write one topic that is on the cluster already.
func TestTopicOfAll(t *testing.T) {
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "shared"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for range 20 {
		client.Produce(t.Context(), &kgo.Record{Topic: "shared", Value: []byte("old")}, nil)
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	write(t, profile, fmt.Sprintf("clusters:\n  all: {kind: external, addresses: [%q]}\n", fake.ListenAddrs()[0]))
	results, err := lab{feature: adopted, Params: runner.Params{
		Cluster: "all", Profile: profile, Parallel: 6, Await: 5 * time.Second,
		Applications: map[string]app.Func{"two": writeTwo, "copier": readAll},
	}}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range results.Scenarios {
		want := report.Passed
		if strings.Contains(s.Name, "is judged") {
			want = report.Failed
		}
		if s.Status != want {
			t.Errorf("%s: got %s, want %s\n%s", s.Name, s.Status, want, report.FailureText(s))
		}
	}
}

// writeTwo writes two records, one after the other.
func writeTwo(ctx context.Context, env app.Env) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.DefaultProduceTopic(env.Outputs[0]))
	if err != nil {
		return err
	}
	defer client.Close()
	for n := range 2 {
		value := fmt.Appendf(nil, `{"n": %d}`, n)
		if err := client.ProduceSync(ctx, &kgo.Record{Key: []byte("k"), Value: value}).FirstErr(); err != nil {
			return err
		}
	}
	return nil
}

// readAll tells of every record of its topic, from its start, and commits.
func readAll(ctx context.Context, env app.Env) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.ClientID(env.Name), kgo.ConsumerGroup(env.Group),
		kgo.ConsumeTopics(env.Inputs...), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit())
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset)
		})
		if err := client.CommitUncommittedOffsets(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// TestPortOfAll has scenarios that would run side by side start an application which listens on a port of its own.
func TestPortOfAll(t *testing.T) {
	t.Parallel()
	python := testenv.Interpreter(t, "http.server", "http.server")
	free, err := cluster.FreePorts(1) // nobody is given it for another end of a connection in the meantime
	if err != nil {
		t.Fatal(err)
	}
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	write(t, profile, fmt.Sprintf(`applications:
  server:
    command: [%q, -u, -m, http.server, "%[2]d", --bind, 127.0.0.1]
    ready: {tcp: "127.0.0.1:%[2]d"}
`, python, free[0]))
	const feature = `Feature: A port
  Scenario Outline: It is taken <n>
    Given topic "orders" with 1 partition
    And application "server" of the profile is writing "orders"
    When application "server" is started
    Then for 50ms application "server" is running

    Examples:
      | n |
      | 1 |
      | 2 |
      | 3 |
`
	params := runner.Params{Profile: profile, Parallel: 3, Await: 30 * time.Second}
	results, err := lab{feature: feature, Params: params}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	if got := results.Count(report.Passed); got != 3 {
		t.Errorf("got %d scenarios passed, want 3: %+v", got, results.Scenarios)
	}
}
