package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestNotReady has members of a group not become ready, each for a reason of its own, which the message tells.
func TestNotReady(t *testing.T) {
	t.Parallel()
	python := testenv.Interpreter(t, "confluent_kafka", "confluent-kafka")
	feature, err := os.ReadFile("testdata/notready/app.feature")
	if err != nil {
		t.Fatal(err)
	}
	program, err := filepath.Abs("testdata/notready/app.py")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "app.feature")
	write(t, file, strings.ReplaceAll(string(feature), "python3 app.py", python+" "+program))
	want := map[string]string{
		"own group":            `group "shipping" in KAFKA_GROUP_ID, and has joined another group, "its-own"`,
		"own client and group": `has joined another group, "its-own"`,
		"assign":               "one that assigns partitions to itself is no member",
		"slow":                 "has not connected to the cluster: look at its log",
		"idle":                 "has connected, and has not asked to join (its last request was ",
		"other topic":          `no partition of "orders": it has subscribed to "other"`,
	}
	notReady(t, runner.Params{Paths: []string{file}, Await: 5 * time.Second, Parallel: len(want)}, want)
}

// TestNotReadyElsewhere has an application in process join a group of its own.
func TestNotReadyElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := func(ctx context.Context, env app.Env) error {
		client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.ClientID(env.Name),
			kgo.ConsumerGroup("its-own"), kgo.ConsumeTopics(env.Inputs...))
		if err != nil {
			return err
		}
		defer client.Close()
		for ctx.Err() == nil {
			client.PollFetches(ctx)
		}
		return nil
	}
	params := runner.Params{Paths: []string{"testdata/notready/func.feature"}, Await: time.Second,
		Applications: map[string]app.Func{"elsewhere": elsewhere}}
	notReady(t, params, map[string]string{"elsewhere": `has joined another group, "its-own"`})
}

func notReady(t *testing.T, params runner.Params, want map[string]string) {
	t.Helper()
	results, err := runner.Execute(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) != len(want) {
		t.Errorf("got %d scenarios, want %d", len(results.Scenarios), len(want))
	}
	for _, s := range results.Scenarios {
		const advice = `describe it in the profile with its own condition: ready: {log: "`
		if s.Failure == nil || !strings.Contains(s.Failure.Message, want[s.Name]) ||
			!strings.Contains(s.Failure.Message, advice) {
			t.Errorf("%s: got %+v, want it to fail with %q and %q", s.Name, s.Failure, want[s.Name], advice)
		}
	}
}
