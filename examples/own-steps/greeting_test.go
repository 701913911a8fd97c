package greeting_test

import (
	"context"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.org/greeting"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

var params = runner.Params{
	Paths: []string{"features"},
	Steps: []func(*steps.Registry){register},
	Applications: map[string]app.Func{"greeter": greeting.Greet, "greeter-rude": parting("Go away!"),
		"greeter-twice": parting("Hi again!")},
}

func TestMain(m *testing.M) { runner.Main(m, params) }

func TestFeatures(t *testing.T) { runner.Run(t, params) }

// parting is a wrong greeter: it writes one more greeting when it is told to stop.
func parting(words string) app.Func {
	return func(ctx context.Context, env app.Env) error {
		if err := greeting.Greet(ctx, env); err != nil {
			return err
		}
		options, err := env.ClientOptions()
		if err != nil {
			return err
		}
		client, err := kgo.NewClient(options...)
		if err != nil {
			return err
		}
		defer client.Close()
		last := &kgo.Record{Topic: env.Topic("greetings"), Value: []byte(words)}
		return client.ProduceSync(context.WithoutCancel(ctx), last).FirstErr()
	}
}

// What a greeter writes at the very end is seen only by steps that claim more than that they come true.
func TestFeaturesCatchParting(t *testing.T) {
	for wrong, want := range map[string]string{
		"greeter-rude":  "want a greeting that begins with Hi",
		"greeter-twice": "got 2 greetings, want 1",
	} {
		t.Run(wrong, func(t *testing.T) {
			p := params
			p.Name, p.Instead = "no greeting is rude", map[string]string{"greeter": wrong}
			results, err := runner.Execute(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			s := results.Scenarios[0]
			if s.Status != report.Failed || !strings.Contains(s.Failure.Message, want) {
				t.Errorf("got %s %+v, want it to fail with %q", s.Status, s.Failure, want)
			}
		})
	}
}
