package runner_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
)

// The feature would stand in a file, and Params.Paths would name its folder.
const hello = `Feature: hello
  Scenario: the greeter says hello
    Given topic "greetings" with 1 partition
    And application "greeter" is the reference "greeter" writing "greetings"
    Then "greetings" contains exactly:
      | value |
      | hello |
`

// greeter is the application under test. One in another language is a command of the feature or of the profile.
func greeter(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	return client.ProduceSync(ctx, &kgo.Record{Topic: env.Topic("greetings"), Value: []byte("hello")}).FirstErr()
}

var params = runner.Params{
	FS:           fstest.MapFS{"hello.feature": {Data: []byte(hello)}},
	Applications: map[string]app.Func{"greeter": greeter},
}

// Each scenario is a subtest: go test -run TestHello/hello/the_greeter_says_hello.
func TestHello(t *testing.T) { runner.Run(t, params) }

// Run makes tests of features, as TestHello does. Execute runs them in any program and returns what came out.
func Example() {
	results, err := runner.Execute(context.Background(), params)
	if err != nil {
		fmt.Println("nothing was run:", err)
	}
	for _, s := range results.Scenarios {
		fmt.Println(s.Name+":", s.Status)
	}
	// Output: the greeter says hello: passed
}
