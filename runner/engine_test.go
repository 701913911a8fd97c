package runner_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

func TestMain(m *testing.M) {
	endByItself()
	beStubborn()
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(testenv.Patient{Tests: m})
}

// lab is a run of a feature written in a test, with steps of its own.
type lab struct {
	runner.Params
	feature string
}

func (l lab) execute(t *testing.T) (report.Results, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lab.feature")
	if err := os.WriteFile(file, []byte(l.feature), 0o600); err != nil {
		t.Fatal(err)
	}
	l.Paths, l.References = []string{file}, reference.Applications()
	return runner.Execute(t.Context(), l.Params)
}

// one runs a feature of one scenario that must end with the status and a message that holds the text.
func (l lab) one(t *testing.T, want report.Status, text string) report.Scenario {
	t.Helper()
	results, err := l.execute(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) != 1 {
		t.Fatalf("got %d scenarios, want 1", len(results.Scenarios))
	}
	s := results.Scenarios[0]
	if s.Status != want {
		t.Fatalf("got status %s (%+v), want %s", s.Status, s.Failure, want)
	}
	if text != "" && (s.Failure == nil || !strings.Contains(s.Failure.Message, text)) {
		t.Errorf("got failure %+v, want its message to hold %q", s.Failure, text)
	}
	return s
}

const doOnce = "Feature: f\n  Scenario: s\n    When it is done\n    Then topic \"never\" is reached\n"

// does is a registration of the step "it is done" with a given behaviour, and of one behind it.
func does(what func(ctx context.Context) error) []func(*steps.Registry) {
	return []func(*steps.Registry){func(s *steps.Registry) {
		s.When("it is done", what)
		s.Then("topic {string} is reached", func(context.Context, string) error { return nil })
	}}
}

func TestStepOutcomes(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	tests := []struct {
		name string
		do   func(ctx context.Context) error
		want report.Status
		text string
	}{
		{"passes", func(context.Context) error { return nil }, report.Passed, ""},
		{"fails", func(context.Context) error { return errors.New("it broke") }, report.Failed, "it broke"},
		{"panics", func(context.Context) error { panic("out of cheese") }, report.Failed, "panicked: out of cheese"},
		{"takes too long", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, report.Failed,
			"longer than its deadline of 300ms"},
		{"does not heed its context", func(context.Context) error { <-release; return nil }, report.Failed,
			"does not heed its context"},
		{"is inconclusive", func(context.Context) error { return fmt.Errorf("judge: %w", verdict.ErrInconclusive) },
			report.Inconclusive, ""},
		{"is not applicable", func(context.Context) error { return &outcome.NotApplicable{Reason: "no moon"} },
			report.NotApplicable, "no moon"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := lab{feature: doOnce, Params: runner.Params{Steps: does(test.do), StepDeadline: 300 * time.Millisecond}}.one(t,
				test.want, test.text)
			if got := s.Steps[1].Status; test.want != report.Passed && got != report.Skipped {
				t.Errorf("got status %s of the step behind it, want it skipped", got)
			}
		})
	}
}

// An expectation is looked at until it holds, a negative one all the time, and errors of looking never count as seen.
func TestGuards(t *testing.T) {
	t.Parallel()
	tests := []struct {
		step  string
		holds func(look int64) bool
		want  report.Status
		text  string
	}{
		{"the moon is up", func(look int64) bool { return look > 3 }, report.Passed, ""},
		{"within 30s the moon is up", func(look int64) bool { return look > 3 }, report.Passed, ""},
		{"within 50ms the moon is up", func(int64) bool { return false }, report.Failed, "not within 50ms: no moon at look"},
		{"for 50ms the moon is up", func(int64) bool { return true }, report.Passed, ""},
		{"for 10s the moon is up", func(look int64) bool { return look < 3 }, report.Failed,
			"did not hold for 10s: no moon at look 3"},
	}
	for _, test := range tests {
		t.Run(test.step, func(t *testing.T) {
			var looks atomic.Int64
			register := func(s *steps.Registry) {
				s.Then("the moon is up", func(context.Context) error {
					if n := looks.Add(1); !test.holds(n) {
						return fmt.Errorf("no moon at look %d", n)
					}
					return nil
				})
			}
			lab{
				feature: "Feature: f\n  Scenario: s\n    Then " + test.step + "\n",
				Params:  runner.Params{Steps: []func(*steps.Registry){register}},
			}.one(t, test.want, test.text)
			if looks.Load() < 2 {
				t.Errorf("got %d looks, want at least 2", looks.Load())
			}
		})
	}
}

// What a scenario must fail for although all its steps passed.
func TestUnexpected(t *testing.T) {
	t.Parallel()
	const given = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n    And topic \"orders_dlq\" " +
		"with 1 partition\n"
	leak := make(chan struct{})
	t.Cleanup(func() { close(leak) })
	var died atomic.Bool
	applications := map[string]app.Func{
		"dies": func(context.Context, app.Env) error { return errors.New("no more paper") },
		"dies once": func(ctx context.Context, _ app.Env) error {
			if died.CompareAndSwap(false, true) {
				return errors.New("no more paper")
			}
			<-ctx.Done()
			return nil
		},
		"leaks": func(ctx context.Context, _ app.Env) error {
			go func() { <-leak }()
			<-ctx.Done()
			return nil
		},
		"hangs": func(context.Context, app.Env) error { <-leak; return nil },
	}
	tests := []struct{ name, steps, want string }{
		{"an application died", `Given application "a" is the reference "dies" writing "orders"` +
			"\n    Then for 200ms \"orders\" is empty\n", "no step speaks of its end"},
		{"an application died before its restart", `Given application "a" is the reference "dies once" writing "orders"` +
			"\n    Then for 500ms \"orders\" is empty\n    When application \"a\" is restarted\n    Then \"orders\" is empty\n",
			"no step speaks of its end"},
		{"an application died once more", `Given application "a" is the reference "dies" writing "orders"` +
			"\n    When application \"a\" has failed\n    And application \"a\" is restarted\n" +
			"    Then for 200ms \"orders\" is empty\n", "no step speaks of its end"},
		{"dead letters", "When the record \"x\" is sent to \"orders_dlq\"\n    Then \"orders\" is empty\n",
			"holds 1 dead letter and no step speaks of them"},
		{"a goroutine is left", `Given application "a" is the reference "leaks" writing "orders"` +
			"\n    Then \"orders\" is empty\n", "goroutines were left behind"},
		{"an application does not stop", `Given application "a" is the reference "hangs" writing "orders"` +
			"\n    Then \"orders\" is empty\n", "end application \"a\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			lab{feature: given + "    " + test.steps, Params: runner.Params{Applications: applications}}.one(t, report.Failed,
				test.want)
		})
	}
}

// Scenarios run side by side, those tagged @exclusive alone, and outline rows are told apart.
func TestScheduling(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	running, most, mostExclusive := 0, 0, 0
	meet := make(chan struct{})
	register := func(s *steps.Registry) {
		enter := func(exclusive bool) func() {
			mu.Lock()
			defer mu.Unlock()
			running++
			most = max(most, running)
			if exclusive {
				mostExclusive = max(mostExclusive, running)
			}
			return func() { mu.Lock(); running--; mu.Unlock() }
		}
		s.Then("it meets another in row {string}", func(ctx context.Context, _ string) error {
			defer enter(false)()
			select { // unbuffered: one row passes only with the other running at the same time
			case meet <- struct{}{}:
			case <-meet:
			case <-ctx.Done():
				return ctx.Err()
			}
			return nil
		})
		s.Then("it is alone", func(context.Context) error { enter(true)(); return nil })
	}
	results, err := lab{feature: `Feature: f
  @exclusive
  Scenario: alone
    Then it is alone
  Scenario Outline: together
    Then it meets another in row "<n>"
    Examples:
      | n |
      | 1 |
      | 2 |
`, Params: runner.Params{Steps: []func(*steps.Registry){register}, Parallel: 2, Repeat: 2}}.execute(t)
	if err != nil || results.Count(report.Passed) != 6 {
		t.Fatalf("got %v and %d passed, want 6", err, results.Count(report.Passed))
	}
	if most < 2 || mostExclusive != 1 {
		t.Errorf("got at most %d scenarios at once and %d beside an exclusive one, want 2 or more and 1", most, mostExclusive)
	}
	titles := map[string]bool{}
	for _, s := range results.Scenarios {
		titles[s.Title()] = true
	}
	if len(titles) != 6 {
		t.Errorf("got titles %v, want six different ones", titles)
	}
}

// The steps of a scenario have a deadline together, beside that of each.
func TestScenarioDeadline(t *testing.T) {
	t.Parallel()
	lab{feature: doOnce, Params: runner.Params{
		Deadline: 200 * time.Millisecond, Steps: does(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }),
	}}.one(t, report.Failed, "the scenario took longer than its deadline of 200ms")
}

// A handler that does not fit its phrase is a mistake found before anything runs.
func TestRegistrationMistakes(t *testing.T) {
	t.Parallel()
	register := func(s *steps.Registry) {
		s.When("it is done", func(context.Context, int) error { return nil })
		s.When("a {colour} moon", func(context.Context) error { return nil })
	}
	_, err := lab{feature: doOnce, Params: runner.Params{Steps: []func(*steps.Registry){register}}}.execute(t)
	var input source.Errors
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "got the handler func(context.Context, int) error") ||
		!strings.Contains(err.Error(), "unknown parameter type {colour}") {
		t.Errorf("got %v, want both registrations refused", err)
	}
}

// An interrupt ends the scenario that runs, starts no other, and still gives results.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "lab.feature")
	if err := os.WriteFile(file, []byte(doOnce), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := runner.Execute(ctx, runner.Params{
		Paths: []string{file}, Parallel: 1, Repeat: 50, Report: t.TempDir(),
		Steps: does(func(ctx context.Context) error { cancel(); <-ctx.Done(); return ctx.Err() }),
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if got := results.Count(report.Interrupted); got < 1 || got > 2 || results.Count(report.Passed) != 0 {
		t.Errorf("got %d interrupted and %d passed, want one or two and none", got, results.Count(report.Passed))
	}
}
