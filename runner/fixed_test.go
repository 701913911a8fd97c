package runner_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// stubbornVariable makes the test binary an application that cannot be told the names of topics and groups.
const stubbornVariable = "KAFKASPEC_TEST_STUBBORN"

// beStubborn is this process as that application, where it was started as such.
func beStubborn() {
	if _, asked := os.LookupEnv(stubbornVariable); asked {
		os.Exit(app.RunProcess(labelOrders))
	}
}

// labelOrders writes a label for each order, and keeps what it knows in a topic that it makes itself.
func labelOrders(ctx context.Context, env app.Env) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.ClientID(env.Name), kgo.ConsumerGroup("shipping"),
		kgo.ConsumeTopics("orders"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit())
	if err != nil {
		return err
	}
	defer client.Close()
	made, err := kadm.NewClient(client).CreateTopic(ctx, 1, 1, nil, "shipping-labels-changelog")
	if err != nil {
		return fmt.Errorf("%w: %s", err, made.ErrMessage)
	}
	for ctx.Err() == nil {
		fetches := client.PollFetches(ctx)
		for iter := fetches.RecordIter(); !iter.Done(); {
			r := iter.Next()
			for _, topic := range []string{"labels", "shipping-labels-changelog"} {
				label := &kgo.Record{Topic: topic, Key: r.Key, Value: r.Value}
				if err := client.ProduceSync(ctx, label).FirstErr(); err != nil {
					return err
				}
			}
			env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset)
		}
		if err := client.CommitUncommittedOffsets(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return nil
}

const stubborn = `Feature: An application with names of its own
  Background:
    Given topic "orders" with 2 partitions
    And topic "labels" with 1 partition
    And application "shipping" of the profile is in group "shipping" reading "orders" writing "labels"

  Scenario Outline: Each order gets a label <n>
    Given 3 records are in "orders" partition 0
    And 2 records are in "orders" partition 1
    When within 30s "shipping" has caught up with "orders"
    Then "orders" contains exactly 5 records
    And "labels" contains exactly 5 records
    And every record of "orders" was processed in group "shipping" exactly once

    Examples:
      | n |
      | 1 |
      | 2 |
      | 3 |

  Scenario: Labels of another scenario are not enough
    Given 1 record is in "orders" partition 0
    When within 30s "shipping" has caught up with "orders"
    Then within 300ms "labels" contains at least 2 records

  Scenario: Orders of another scenario are not enough
    Then within 300ms "orders" contains at least 1 record

  Scenario: Work of another scenario is not enough
    Given 1 record is in "orders" partition 0
    Then within 1s "shipping" has processed at least 2 records

  Scenario: Names of its own are not disturbed
    Given 4 records are in "orders" partition 0
    Then "orders" contains exactly 4 records
`

// stubbornProfile is a profile with those clusters, and the application.
func stubbornProfile(t *testing.T, clusters string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	write(t, file, clusters+fmt.Sprintf(`
applications:
  shipping:
    names: fixed
    command: [%q]
    env: {%s: "1"}
`, os.Args[0], stubbornVariable))
	return file
}

// runStubborn runs the feature with its application, and wants of the scenarios what they say.
func runStubborn(t *testing.T, clusters string, p runner.Params) {
	t.Helper()
	p.Profile, p.Parallel = stubbornProfile(t, clusters), 6
	results, err := lab{feature: stubborn, Params: p}.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) != 7 {
		t.Fatalf("got %d scenarios, want 7", len(results.Scenarios))
	}
	for _, s := range results.Scenarios {
		want := report.Passed
		if strings.HasSuffix(s.Name, "not enough") {
			want = report.Failed
		}
		if s.Status != want {
			t.Errorf("%s: got %s, want %s\n%s", s.Name, s.Status, want, report.FailureText(s))
		}
		if want == report.Failed && s.Failure != nil && !strings.HasPrefix(s.Failure.Message, "not within") {
			t.Errorf("%s: got %s, want it not to have come within its time", s.Name, s.Failure.Message)
		}
		var notes []string
		for _, st := range s.Steps {
			notes = append(notes, st.Notes...)
		}
		made := `an application made the topic "shipping-labels-changelog" with 1 partition`
		if !slices.Equal(notes, []string{made}) {
			t.Errorf("%s: got notes %q, want the topic that the application made", s.Name, notes)
		}
	}
}

func TestFixedNamesEmbedded(t *testing.T) {
	t.Parallel()
	runStubborn(t, "", runner.Params{})
}

// On Apache Kafka, first with nothing there, and then with a topic and a group of others.
func TestFixedNamesLocal(t *testing.T) {
	testenv.NeedLocal(t, "Apache Kafka")
	backend, err := runner.Open(t.Context(), runner.Params{Cluster: "local:1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	session, err := backend.Open(t.Context(), cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := session.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	before := topicsOf(t, client)
	runStubborn(t, "", runner.Params{Backend: backend})
	if left := topicsOf(t, client); !slices.Equal(without(left, "__"), without(before, "__")) {
		t.Errorf("got topics %v, want those that were there, %v", left, before)
	}
	leaveOrders(t, client)
	runStubborn(t, "", runner.Params{Backend: backend})
	keptOrders(t, client)
	if err := session.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// without leaves out the names that begin so.
func without(names []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return strings.HasPrefix(name, prefix) })
}
