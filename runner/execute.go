package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// errInterrupted is the cause of a context that ended because somebody wanted the run to end.
var errInterrupted = errors.New("interrupted")

// run is one run: what it was asked to do and what is shared by its scenarios.
type run struct {
	params    Params
	given     Params // as they were given
	live      *report.Live
	shard     int
	shards    int
	leftOut   []string // scenarios that run only when asked for
	profile   *profile.Profile
	redactor  report.Redactor // hides what must never be written
	cluster   shared[cluster.Backend]
	registry  shared[registry.Backend]
	databases shared[database.Backend]

	again        func(*scenario) string  // the command that repeats one in go test; nil: it is not run by that
	registryName string                  // shown; without a password
	end          context.CancelCauseFunc // of the run, before its scenarios are through

	until   context.Context // ends with the run: what its scenarios share is started in it
	results report.Collector

	mu          sync.Mutex
	journals    map[string]string // scenarios by the names of their journals' files
	environment error             // first error that lies outside of the specification
}

// Execute runs the scenarios and returns their results, complete as far as the run came. The error is a source.Errors
// when nothing was run because the input is wrong; it wraps *outcome.Environment when the cluster cannot be had or
// failed, and context.Canceled when ctx ended the run. Scenarios that did not pass are no error: they stand in the
// results.
func Execute(ctx context.Context, p Params) (report.Results, error) {
	r, scenarios, err := prepareUntil(ctx, p)
	if err != nil {
		return report.Results{}, err
	}
	return r.execute(ctx, scenarios, func(_ *scenario, _ int, run func() report.Scenario) { run() })
}

// open opens what the scenarios need before the first of them begins.
func (r *run) open(ctx context.Context, scenarios []*scenario) error {
	if len(scenarios) == 0 {
		return nil
	}
	if _, err := r.cluster.get(ctx); err != nil {
		return err
	}
	if slices.ContainsFunc(scenarios, func(s *scenario) bool { return s.needs.Registry && len(s.refused) == 0 }) {
		_, err := r.registry.get(ctx)
		return err
	}
	return nil
}

// noteNotStarted lists scenarios that no longer began, where the run ended early.
func (r *run) noteNotStarted(ctx context.Context, scenarios []*scenario, started map[*scenario]bool,
	results *report.Results) {
	switch cause := context.Cause(ctx); {
	case cause == nil && r.hopeless():
		results.NotStartedWhy = "the environment failed"
	case cause == nil:
		return // go test -run picks among them
	case errors.Is(cause, errInterrupted):
		results.NotStartedWhy = "the run was interrupted"
	default:
		results.NotStartedWhy, _, _ = strings.Cut(cause.Error(), "\n")
	}
	for _, s := range scenarios {
		if !started[s] {
			results.NotStarted = append(results.NotStarted, report.NotStarted{Feature: s.feature.name, Name: s.name,
				File: s.feature.file, Line: s.line})
		}
	}
}

// safe is an error without the secrets.
func (r *run) safe(err error) error {
	input, ok := errors.AsType[source.Errors](err)
	if !ok {
		return r.redactor.Error(err)
	}
	all := make(source.Errors, len(input))
	for i, one := range input {
		all[i] = &source.Error{Place: one.Place, Err: r.redactor.Error(one.Err), Hint: r.redactor.Text(one.Hint)}
	}
	return all
}

// execute opens what the scenarios need, runs them and closes it. Each is run within around, which calls run or leaves
// the scenario out.
func (r *run) execute(ctx context.Context, scenarios []*scenario,
	around func(s *scenario, repeat int, run func() report.Scenario)) (report.Results, error) {
	// A cause of its own tells an interrupt from a deadline.
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			cancel(context.Cause(ctx))
		}
		cancel(errInterrupted)
	})()

	r.until = inner
	scratch.Sweep() // what runs left that were killed
	results := report.Results{
		Started: time.Now(), Cluster: r.params.Cluster, Kafkaspec: Version(), Go: runtime.Version(),
		Cores: runtime.GOMAXPROCS(0), Seed: r.params.Seed, LeftOut: r.leftOut,
		Shard: r.shard, Shards: r.shards,
	}
	if err := r.open(inner, scenarios); err != nil {
		r.noteEnvironment(err)
		r.noteNotStarted(inner, scenarios, nil, &results)
		return results, r.safe(errors.Join(err, r.closeAll(inner), r.writeReports(results), ctx.Err()))
	}
	planned := map[string]int{}
	for _, s := range scenarios {
		planned[s.feature.file] += r.params.Repeat
	}
	r.warnBeyond(scenarios)
	r.live.Started(results, planned)
	began := time.Now()
	r.end = cancel
	stop := r.watchHealth(inner)
	var mu sync.Mutex
	started := map[*scenario]bool{}
	r.schedule(inner, scenarios, func(s *scenario, repeat int) {
		around(s, repeat, func() report.Scenario {
			result := r.runScenario(inner, s, repeat)
			r.results.Add(result)
			mu.Lock()
			defer mu.Unlock()
			started[s] = true
			return result
		})
	})
	stop()
	closeErr := r.closeAll(inner)
	results.Duration = time.Since(began)
	results.Cluster = r.clusterName()
	r.results.Fill(&results)
	r.noteNotStarted(inner, scenarios, started, &results)
	r.live.Finished(results)
	outputErr := r.live.Err()
	if outputErr != nil {
		outputErr = fmt.Errorf("the output cannot be written to: %w; the run went on, see the report of --report", outputErr)
	}
	return results, r.safe(errors.Join(r.environmentError(), closeErr, r.writeReports(results), outputErr, ctx.Err()))
}

// prepareUntil does not wait for the end of a long preparation once ctx has ended. It starts nothing, so that it can be
// left behind.
func prepareUntil(ctx context.Context, p Params) (*run, []*scenario, error) {
	type prepared struct {
		run       *run
		scenarios []*scenario
		err       error
	}
	done := make(chan prepared, 1)
	go func() {
		r, scenarios, err := prepare(p)
		done <- prepared{r, scenarios, err}
	}()
	select {
	case d := <-done:
		return d.run, d.scenarios, d.err
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// prepare finds everything that is wrong with the input. It starts nothing.
func prepare(p Params) (_ *run, _ []*scenario, err error) {
	if p.Rerun != "" {
		if p, err = p.again(); err != nil {
			return nil, nil, err
		}
	}
	r := &run{params: p.withDefaults(), given: p}
	scenarios, err := r.prepare()
	if err != nil {
		return nil, nil, r.safe(err)
	}
	return r, scenarios, nil
}

func (r *run) prepare() ([]*scenario, error) {
	profileErr := r.readProfile()
	p := r.params
	scenarios, leftOut, err := p.scenarios(r.profile)
	if err := joinInput(err, profileErr, r.checkProfiled(scenarios)); err != nil {
		return nil, err
	}
	if err := p.checkProcesses(scenarios); err != nil {
		return nil, err
	}
	options := report.OptionsFor(p.Output)
	options.Redactor, options.Verbose = &r.redactor, p.Verbose
	if r.live, err = report.NewLive(p.Format, options); err != nil {
		return nil, flagError("--format: %w", err)
	}
	for _, s := range leftOut {
		r.leftOut = append(r.leftOut, fmt.Sprintf("%s:%d  %s", s.feature.file, s.line, s.name))
	}
	if slices.ContainsFunc(scenarios, func(s *scenario) bool { return s.needs.Database }) {
		if err := database.CheckDriver(r.params.Database); err != nil {
			return nil, flagError("%w", err)
		}
	}
	if p.Shard != "" {
		_, _ = fmt.Sscanf(p.Shard, "%d/%d", &r.shard, &r.shards) // its form was checked by the selection
	}
	return scenarios, r.makeReportFolder()
}

// joinInput reports the problems of several inputs together.
func joinInput(errs ...error) error {
	var problems source.Errors
	for _, err := range errs {
		if found, ok := errors.AsType[source.Errors](err); ok {
			problems = append(problems, found...)
		} else if err != nil {
			return err
		}
	}
	return problems.Err()
}

// hopeless is true once the cluster cannot be had: every other scenario would fail in the same way.
func (r *run) hopeless() bool { return outcome.IsEnvironment(r.environmentError()) }

func (r *run) environmentError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.environment
}

// makeReportFolder finds out before anything runs that the report cannot be written.
func (r *run) makeReportFolder() error {
	if r.params.Report == "" {
		return nil
	}
	if err := os.MkdirAll(r.params.Report, 0o755); err != nil {
		return source.Errors{source.Place{File: r.params.Report}.Errorf("--report: %w", plainError(err)).Advise(
			"name a folder that can be written")}
	}
	report.Sweep(r.params.Report)
	if r.shards > 0 { // results of before must not be taken for those of a part that is killed
		if err := os.Remove(filepath.Join(r.params.Report, report.ResultsFile)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// writeReports tells whoever wants to know of the results, and fills the report folder, where one is asked for.
func (r *run) writeReports(results report.Results) (err error) {
	if r.params.Finished != nil {
		err = report.Redact(&r.redactor, r.params.Finished)(r.params.Output, results)
	}
	if r.params.Report == "" {
		return err
	}
	return errors.Join(err, report.WriteFolder(r.params.Report, &r.redactor, results,
		page.File(r.params.Report, r.redactor.Text)), r.removeOldJournals())
}
