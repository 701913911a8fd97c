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
	"github.com/kafkaspec/kafkaspec/runner/report"
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

// joins is an application in process that joins groups whatever it is told, a second after each other.
func joins(groups ...string) app.Func {
	return func(ctx context.Context, env app.Env) error {
		for _, group := range groups {
			client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.ClientID(env.Name),
				kgo.ConsumerGroup(group), kgo.ConsumeTopics(env.Inputs...))
			if err != nil {
				return err
			}
			defer client.Close()
			within, cancel := context.WithTimeout(ctx, time.Second)
			client.PollFetches(within)
			cancel()
		}
		<-ctx.Done()
		return nil
	}
}

// TestNotReadyElsewhere has an application in process join a group of its own.
func TestNotReadyElsewhere(t *testing.T) {
	t.Parallel()
	params := runner.Params{Paths: []string{"testdata/notready/func.feature"}, Await: time.Second,
		Applications: map[string]app.Func{"elsewhere": joins("its-own")}}
	notReady(t, params, map[string]string{"elsewhere": `has joined another group, "its-own"`})
}

// TestNotReadyElsewhereEarly does not wait to the end for one that reads its topics in another group.
func TestNotReadyElsewhereEarly(t *testing.T) {
	t.Parallel()
	params := runner.Params{Paths: []string{"testdata/notready/func.feature"}, Await: time.Minute,
		Applications: map[string]app.Func{"elsewhere": joins("its-own")}}
	notReady(t, params, map[string]string{"elsewhere": `, and asked nothing of group "shipping"`})
	params.Applications["elsewhere"] = joins("its-own", "shipping")
	results, err := runner.Execute(t.Context(), params)
	if err != nil || len(results.Scenarios) != 1 || results.Scenarios[0].Status != report.Passed {
		t.Errorf("got %+v (%v), want one in a group besides its own to become ready", results.Scenarios, err)
	}
}

// TestReadyThoughItHasLeft has an application leave its group as soon as it is given partitions, and go on. Whoever
// asks the group sees it for a moment only.
func TestReadyThoughItHasLeft(t *testing.T) {
	t.Parallel()
	leaves := func(ctx context.Context, env app.Env) error {
		given := make(chan struct{}, 1)
		client, err := kgo.NewClient(kgo.SeedBrokers(env.Bootstrap...), kgo.ClientID(env.Name),
			kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
			kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) { given <- struct{}{} }))
		if err != nil {
			return err
		}
		select {
		case <-given:
		case <-ctx.Done():
		}
		client.Close()
		<-ctx.Done()
		return nil
	}
	results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{"testdata/notready/func.feature"},
		Await: 5 * time.Second, Repeat: 10, Parallel: 10, Applications: map[string]app.Func{"elsewhere": leaves}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range results.Scenarios {
		if s.Status != report.Passed {
			t.Errorf("got %s: %+v, want it to be ready", s.Status, s.Failure)
		}
	}
}

// TestNotReadyByTheNameInTheFeature has an application join a group by the name in the feature, on a cluster of others,
// where it has another.
func TestNotReadyByTheNameInTheFeature(t *testing.T) {
	t.Parallel()
	_, _, clusters := elsewhere(t)
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	write(t, profile, clusters)
	params := runner.Params{Paths: []string{"testdata/notready/func.feature"}, Await: time.Second, Profile: profile,
		Cluster: "all", Applications: map[string]app.Func{"elsewhere": joins("shipping")}}
	notReady(t, params, map[string]string{"elsewhere": `on this cluster group "shipping" has a longer name, which it was ` +
		`given in KAFKA_GROUP_ID, and it has joined "shipping" as it stands`})
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

// TestStrangers has an application read other topics, and join another group, than it was told. A failure says so, and
// what to write; one of an application that only reads more than it was told does not.
func TestStrangers(t *testing.T) {
	t.Parallel()
	testenv.Interpreter(t, "confluent_kafka", "confluent-kafka")
	params := runner.Params{Paths: []string{"testdata/notready/strangers.feature"}, Await: 3 * time.Second,
		Profile: "testdata/notready/kafkaspec.yaml"}
	results, err := runner.Execute(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	const topic, group = `application "app" asked for topic "shop.orders.v1", which is not on the cluster`,
		`asked for group "its-own", of which the scenario knows nothing. It was told `
	advice := "names: fixed under it in the profile"
	want := map[string][]string{
		"own topic":           {topic, `It was told topic "orders": look where`, advice},
		"own topic and group": {topic + ", and " + group, `topic "orders" and group "shipping"`, advice},
		"own group":           {`application "app" ` + group + `group "shipping"`, advice},
		"topics besides":      nil,
		"tls":                 {`no further than its login: it speaks TLS where it was told PLAINTEXT`, "wire: false under it"},
		"sasl":                {"it wants to authenticate (SASL) where it was told PLAINTEXT", "KAFKA_SECURITY_PROTOCOL"},
		"all topics":          {topic, `It was told topic "orders"`},
		"fixed":               {topic, "as its names are fixed, call them so in the feature"},
	}
	for _, s := range results.Scenarios {
		if s.Failure == nil {
			t.Errorf("%s: got %s, want it to fail", s.Name, s.Status)
			continue
		}
		for _, says := range want[s.Name] {
			if !strings.Contains(s.Failure.Message, says) {
				t.Errorf("%s: got %s, want it to say %q", s.Name, s.Failure.Message, says)
			}
		}
		if want[s.Name] == nil && strings.Contains(s.Failure.Message, "shop.orders.v1") {
			t.Errorf("%s: got %s, want nothing said of its topics", s.Name, s.Failure.Message)
		}
	}
	if len(results.Scenarios) != len(want) {
		t.Errorf("got %d scenarios, want %d", len(results.Scenarios), len(want))
	}
}
