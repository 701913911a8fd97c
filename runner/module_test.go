package runner_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outside holds the files of a module that uses kafkaspec from outside: a feature, a step of its own and an application
// in Go.
var outside = map[string]string{
	"features/greeting.feature": `Feature: greeting
  Scenario: the greeter answers each name
    Given topic "names" with 1 partition
    And topic "greetings" with 1 partition
    And application "greeter" is the reference "greeter" in group "greeters" reading "names"
    And these records are in "names":
      | key | value |
      | 1   | Ada   |
    When "greeter" has caught up with "names"
    Then "greetings" contains exactly:
      | key | value    |
      | 1   | Hi, Ada! |
    And the greeting of key "1" in "greetings" is polite
`,
	"greeting_test.go": `package greeting_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

var params = runner.Params{
	Paths:        []string{"features"},
	Steps:        []func(*steps.Registry){mySteps},
	Applications: map[string]app.Func{"greeter": greeter},
}

func TestMain(m *testing.M) { runner.Main(m, params) }

func TestGreeting(t *testing.T) { runner.Run(t, params) }

func mySteps(s *steps.Registry) {
	s.Then("the greeting of key {string} in {topic} is polite", isPolite)
}

func isPolite(ctx context.Context, key, topic string) error {
	records, err := world.FromContext(ctx).Records(ctx, topic)
	if err != nil {
		return err
	}
	for _, r := range records {
		if string(r.Key) == key && strings.HasPrefix(string(r.Value), "Hi") {
			return nil
		}
	}
	return fmt.Errorf("got %d greetings, none of them polite to %q", len(records), key)
}

// greeter answers every name with a greeting.
func greeter(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.DisableAutoCommit(), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		for _, r := range client.PollFetches(ctx).Records() {
			answer := &kgo.Record{Topic: env.Topic("greetings"), Key: r.Key, Value: []byte("Hi, " + string(r.Value) + "!")}
			if err := client.ProduceSync(ctx, answer).FirstErr(); err != nil {
				return err
			}
		}
		if err := client.CommitUncommittedOffsets(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}
`,
}

// TestOutsideModule makes a module of its own that imports kafkaspec, and runs its tests.
func TestOutsideModule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a module; left out with -short")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range outside {
		write(t, filepath.Join(folder, name), content)
	}
	// The same versions as here, so that nothing has to be fetched.
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(module), "module github.com/kafkaspec/kafkaspec", "module example.org/greeting", 1)
	text += "\nrequire github.com/kafkaspec/kafkaspec v0.0.0\n\nreplace github.com/kafkaspec/kafkaspec => " + root + "\n"
	write(t, filepath.Join(folder, "go.mod"), text)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "go.sum"), string(sums))
	command := exec.Command("go", "test", "-mod=mod", "-count=1", "./...")
	command.Dir = folder
	command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	const most = 130 // a user waits for each of them, and downloads what it is in
	list := exec.Command("go", "list", "-mod=mod", "-deps", "-test", "-f",
		"{{if not (or .Standard .ForTest)}}{{.ImportPath}}{{end}}", "./...")
	list.Dir, list.Env = command.Dir, command.Env
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	if packages := strings.Fields(string(output)); len(packages) < 50 || len(packages) > most {
		t.Errorf("got %d packages outside the standard library, want at most %d:\n%s", len(packages), most, output)
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
