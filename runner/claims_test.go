package runner_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// writer writes a record, and what else it writes comes after a while or when it is told to stop.
func writer(later time.Duration, more, atStop int) app.Func {
	return func(ctx context.Context, env app.Env) error {
		options, err := env.ClientOptions()
		if err != nil {
			return err
		}
		client, err := kgo.NewClient(options...)
		if err != nil {
			return err
		}
		defer client.Close()
		write := func(n int) error {
			for i := range n {
				r := &kgo.Record{Topic: env.Outputs[0], Value: fmt.Appendf(nil, "record %d", i)}
				if err := client.ProduceSync(context.WithoutCancel(ctx), r).FirstErr(); err != nil {
					return err
				}
			}
			return nil
		}
		if err := write(1); err != nil {
			return err
		}
		if more > 0 {
			_ = await.Never(ctx, later, await.Options{What: "nothing"},
				func(context.Context) (bool, error) { return false, nil })
			if err := write(more); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return write(atStop)
	}
}

func TestInTheEnd(t *testing.T) {
	const began = `Feature: f
  Scenario: s
    Given topic "out" with 1 partition
    And topic "other" with 1 partition
    And application "w" is the reference "writer" writing "out"
    When application "w" is started
`
	for name, c := range map[string]struct {
		later        time.Duration
		more, atStop int
		steps        string
		want         report.Status
		text         string
	}{
		"stays": {0, 0, 0, `Then "out" contains exactly 1 record`, report.Passed, ""},
		"changes a moment later": {30 * time.Millisecond, 1, 0, `Then "out" contains exactly 1 record`, report.Failed,
			`"out": got 2 records, want exactly 1; too many: partition 0 offset 1 key null, the same as partition 0 offset 0`},
		"changes when it stops": {0, 0, 1, `Then "out" contains exactly 1 record`, report.Failed,
			"held at first, and no longer once the applications had stopped"},
		"changed by the next step": {0, 0, 0, "Then \"out\" contains exactly 1 record\n    " +
			"When the record \"x\" is sent to \"out\"\n    Then \"out\" contains exactly 2 records", report.Passed, ""},
		"may change later":        {30 * time.Millisecond, 1, 1, `Then "out" contains at least 1 record`, report.Passed, ""},
		"was asked for a while":   {0, 0, 1, `Then for 10ms "other" is empty`, report.Passed, ""},
		"says nothing of records": {0, 0, 1, `Then application "w" is running`, report.Passed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := lab{Params: runner.Params{Applications: map[string]app.Func{"writer": writer(c.later, c.more, c.atStop)}},
				feature: began + "    " + c.steps + "\n"}
			s := l.one(t, c.want, c.text)
			if c.want == report.Failed && s.Steps[4].Status != report.Failed {
				t.Errorf("got %+v, want the expectation to be the step that failed", s.Steps)
			}
		})
	}
}

// What has changed since it held is found before the next step that does something.
func TestInTheEndBeforeTheNextStep(t *testing.T) {
	l := lab{feature: `Feature: f
  Scenario: s
    Given topic "out" with 1 partition
    And the record "x" is in "out"
    Then "out" contains exactly 1 record
    And somebody else writes to "out"
    When the record "x" is sent to "out"
`, Params: runner.Params{Steps: []func(*steps.Registry){func(s *steps.Registry) {
		s.Then("somebody else writes to {topic}", func(ctx context.Context, topic *world.Topic) error {
			client, err := kgo.NewClient(kgo.SeedBrokers(world.FromContext(ctx).Session.Bootstrap()...))
			if err != nil {
				return err
			}
			defer client.Close()
			return client.ProduceSync(ctx, &kgo.Record{Topic: topic.Physical, Value: []byte("y")}).FirstErr()
		})
	}}}}
	l.one(t, report.Failed, "held at first, and no longer before the next step")
}

// What is always so is looked at again at the end, over steps that change something.
func TestAlways(t *testing.T) {
	for _, broken := range []bool{false, true} {
		var looks atomic.Int32
		var violated atomic.Bool
		l := lab{feature: "Feature: f\n  Scenario: s\n    When it is done\n    Then it was always so\n    When it is done\n",
			Params: runner.Params{Steps: []func(*steps.Registry){func(s *steps.Registry) {
				s.When("it is done", func(context.Context) error {
					violated.Store(broken && looks.Load() > 0)
					return nil
				})
				s.Then("it was always so", func(context.Context) error {
					looks.Add(1)
					if violated.Load() {
						return errors.New("it was not")
					}
					return nil
				}, steps.Claims(steps.Always))
			}}}}
		if broken {
			l.one(t, report.Failed, "it was not")
			continue
		}
		l.one(t, report.Passed, "")
		if n := looks.Load(); n != 2 {
			t.Errorf("got %d looks, want one where it stands and one at the end", n)
		}
	}
}
