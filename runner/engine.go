package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// execution is one scenario while godog runs its steps.
type execution struct {
	scenario *scenario
	world    world.Scenario
	deadline time.Duration // of each step
	id       string
	live     *report.Live
	results  []report.Step
	err      error // of the step that ended the scenario
	failed   int   // its index; -1 while none
	claims   []claim
	answers  bool // what the cluster answers to expectations is kept in the journal
}

// run has godog run the scenario's steps, in order, up to the first that does not pass. They were tied to definitions
// when the run was planned, so that godog is given their numbers only.
func (e *execution) run(ctx context.Context) {
	e.failed = -1
	script := bytes.NewBufferString("Feature: one\n  Scenario: one\n")
	for i := range e.scenario.steps {
		fmt.Fprintf(script, "    * step %d\n", i)
	}
	ctx = e.world.Context(ctx)
	initialise := func(s *godog.ScenarioContext) {
		s.Step(`^step \d+$`, e.next)
		// godog makes the context of each step of the last one's, so that ten thousand would cost the square of that.
		s.StepContext().Before(func(context.Context, *godog.Step) (context.Context, error) { return ctx, nil })
	}
	suite := godog.TestSuite{
		Name: e.scenario.name, ScenarioInitializer: initialise,
		Options: &godog.Options{
			Format: "progress", Output: io.Discard, NoColors: true, Strict: true, Concurrency: 1,
			DefaultContext:  ctx,
			FeatureContents: []godog.Feature{{Name: e.scenario.feature.file, Contents: script.Bytes()}},
		},
	}
	code := suite.Run()
	if ran := len(e.results); e.err == nil && (code != 0 || ran != len(e.scenario.steps)) {
		e.err = fmt.Errorf("godog ran %d of %d steps and ended with code %d; this is a mistake in kafkaspec: please report "+
			"it with the feature file", ran, len(e.scenario.steps), code)
	}
	for _, st := range e.scenario.steps[len(e.results):] {
		e.results = append(e.results, st.result(report.Skipped))
	}
}

func (st step) result(status report.Status) report.Step {
	result := report.Step{Keyword: st.keyword, Text: st.text, Line: st.place.Line, Status: status}
	result.Table, result.Doc = shownUnder(st.under)
	return result
}

// next carries out the step whose turn it is.
func (e *execution) next(ctx context.Context) error {
	i := len(e.results)
	st := e.scenario.steps[i]
	result := st.result("")
	e.live.StepStarted(e.id, result)
	if st.kind != steps.Then {
		if err := guarded(ctx, "look at what was expected before", e.deadline, e.settle); err != nil {
			e.err = err
			result.Status = report.Skipped
			e.results = append(e.results, result)
			e.live.StepFinished(e.id, result)
			return err
		}
	}
	began := time.Now()
	result.Began = e.world.Journal.Since(began)
	e.watch(st)
	if d := st.match.Definition; d.Has(steps.Outage) && !d.Awaited {
		e.world.Happens(st.text)
	}
	err := e.carryOut(ctx, st)
	result.Duration, result.Notes = time.Since(began), e.world.TakeNotes()
	result.Status = statusOf(ctx, err)
	if err != nil {
		result.Error = e.world.Session.Names().Undo(err.Error())
		e.err, e.failed = err, i
	}
	e.results = append(e.results, result)
	e.tell(i, "")
	e.live.StepFinished(e.id, result)
	if err == nil {
		e.claimed(ctx, i)
	}
	if result.Status == report.NotApplicable {
		return godog.ErrSkip
	}
	return err
}

// carryOut runs one step under its deadline.
func (e *execution) carryOut(ctx context.Context, st step) error {
	return guarded(ctx, "step", e.deadline+st.match.Guard.Within+st.match.Guard.For, func(ctx context.Context) error {
		if st.kind == steps.When || st.kind == steps.Then {
			if err := e.world.StartDeclared(ctx); err != nil {
				return err
			}
		}
		return st.match.Run(ctx)
	})
}

// guarded runs what calls handlers, under a deadline. A handler that panics or does not come back fails its step, and
// no other.
func guarded(ctx context.Context, what string, limit time.Duration, run func(context.Context) error) error {
	late := fmt.Errorf("the %s took longer than its deadline of %s", what, limit)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, late)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("the step's handler panicked: %v\n%s", p, debug.Stack())
			}
		}()
		done <- run(ctx)
	}()
	select {
	case err := <-done:
		return withCause(ctx, err)
	case <-ctx.Done():
	}
	patience := time.NewTimer(handlerPatience)
	defer patience.Stop()
	select {
	case err := <-done:
		return withCause(ctx, err)
	case <-patience.C:
		return fmt.Errorf("%w; its handler does not heed its context and was left behind", context.Cause(ctx))
	}
}

// handlerPatience is how long a handler may take to come back after its context has ended.
const handlerPatience = 2 * time.Second

// withCause says why the context ended, where all that a handler says is that it did.
func withCause(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(cause, context.Canceled) || strings.Contains(err.Error(), cause.Error()) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}

// statusOf tells the outcomes of a step apart by its error.
func statusOf(ctx context.Context, err error) report.Status {
	switch {
	case err == nil:
		return report.Passed
	case outcome.IsNotApplicable(err):
		return report.NotApplicable
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), errInterrupted):
		return report.Interrupted
	case errors.Is(err, verdict.ErrInconclusive), outcome.IsEnvironment(err),
		ctx.Err() != nil && errors.Is(context.Cause(ctx), errHelperDied):
		return report.Inconclusive
	default:
		return report.Failed
	}
}
