package runner_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// endingVariable makes the test binary an application that ends by itself.
const endingVariable = "KAFKASPEC_TEST_ENDING"

// endings are those applications. None of them heeds a signal, so that SIGTERM ends it at once.
var endings = map[string]app.Func{
	"leaves": func(context.Context, app.Env) error { os.Exit(3); return nil },
	"sends and is well": func(ctx context.Context, env app.Env) error {
		sendOne(ctx, env)
		return nil
	},
	"sends late and stays": func(ctx context.Context, env app.Env) error {
		<-time.After(300 * time.Millisecond)
		sendOne(ctx, env)
		<-time.After(time.Hour)
		return nil
	},
	"stays": func(context.Context, app.Env) error { <-time.After(time.Hour); return nil },
	"sends and leaves": func(ctx context.Context, env app.Env) error {
		sendOne(ctx, env)
		os.Exit(1)
		return nil
	},
}

// endByItself is this process as one of the endings, where it was started as such.
func endByItself() {
	name, asked := os.LookupEnv(endingVariable)
	if !asked {
		return
	}
	env, err := app.EnvFromOS()
	if err == nil {
		err = endings[name](context.Background(), env)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(0)
}

func sendOne(ctx context.Context, env app.Env) {
	options, err := env.ClientOptions()
	if err == nil {
		var client *kgo.Client
		if client, err = kgo.NewClient(options...); err == nil {
			err = client.ProduceSync(ctx, &kgo.Record{Topic: env.Outputs[0], Value: []byte("x")}).FirstErr()
		}
	}
	if err != nil {
		panic(err)
	}
}

// endedOf is a scenario that is over at once, with an application that no step speaks of the end of.
const endedOf = `Feature: An application that ends by itself
  Scenario: s
    Given topic "orders" with 1 partition
    And application "a" is the command "%s" writing "orders"
    When it is done
    Then %s
`

// An application that ends by itself is judged the same each time, however short its scenario is.
func TestEndsAreSeen(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ending := func(name string) string { return fmt.Sprintf("env '%s=%s' %s", endingVariable, name, self) }
	const nothing, one = `topic "orders" is reached`, `"orders" contains at least 1 record`
	for name, c := range map[string]struct {
		command, then string
		want          report.Status
	}{
		"exit code 0":                      {"true", nothing, report.Passed},
		"exit code 1":                      {"false", nothing, report.Failed},
		"a signal":                         {"sh -c 'kill -9 $$'", nothing, report.Failed},
		"os.Exit right after the start":    {ending("leaves"), nothing, report.Failed},
		"exit code 0 during the last step": {ending("sends and is well"), one, report.Passed},
		"exit code 1 during the last step": {ending("sends and leaves"), one, report.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			times := testenv.Ends(t)
			results, err := lab{feature: fmt.Sprintf(endedOf, c.command, c.then), Params: runner.Params{
				Repeat: times, Parallel: 12, Steps: does(func(context.Context) error { return nil }),
			}}.execute(t)
			if err != nil {
				t.Fatal(err)
			}
			if got := results.Count(c.want); got != times {
				for i := range results.Scenarios {
					if s := results.Scenarios[i]; s.Status != c.want {
						t.Errorf("got %s:\n%s", s.Status, report.FailureText(s))
						break
					}
				}
				t.Errorf("got %s %d of %d times, want each time", c.want, got, times)
			}
		})
	}
}

// An application that is ready once it writes to a topic is waited for until then, also after a restart.
func TestReadyByATopic(t *testing.T) {
	t.Parallel()
	for ending, want := range map[string]struct {
		status  report.Status
		message string
		timeout time.Duration
	}{
		"sends late and stays": {report.Passed, "", time.Minute},
		"stays":                {report.Failed, "nothing new in the topic hello", 1500 * time.Millisecond},
	} {
		profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
		write(t, profile, fmt.Sprintf(`applications:
  a:
    command: [%q]
    env: {%s: %q}
    ready: {topic: hello, timeout: %s}
`, os.Args[0], endingVariable, ending, want.timeout))
		lab{feature: `Feature: An application that says hello
  Scenario: s
    Given topic "hello" with 1 partition
    And application "a" of the profile is writing "hello"
    When application "a" is started
    Then for 1ms "hello" contains exactly 1 record
    When application "a" is restarted
    Then for 1ms "hello" contains exactly 2 records
`, Params: runner.Params{Profile: profile}}.one(t, want.status, want.message)
	}
}
