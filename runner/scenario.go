package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const (
	// for ending a scenario's applications and clients, and for brokers to be brought back on a busy machine
	closePatience     = 2 * time.Minute
	interruptPatience = 2 * time.Second // the same after an interrupt: somebody is waiting at the terminal
	timelineFacts     = 40              // lines shown of a scenario that did not pass
	citedFindings     = 3               // whose facts are among them
)

// runScenario runs one scenario from opening its cluster to closing it, and returns what there is to report.
func (r *run) runScenario(ctx context.Context, s *scenario, repeat int) report.Scenario {
	result := r.describe(s, repeat)
	r.live.ScenarioStarted(result)
	began := time.Now()
	late := fmt.Errorf("the scenario took longer than its deadline of %s", r.params.Deadline)
	ctx, cancel := context.WithTimeoutCause(ctx, r.params.Deadline, late)
	defer cancel()
	label := fmt.Sprintf("%s/%d", result.ID(), began.UnixNano())
	// The label is inherited by every goroutine the scenario starts, so that what it leaves behind can be told from all
	// else.
	pprof.Do(ctx, pprof.Labels(scenarioLabel, label), func(ctx context.Context) {
		defer func() {
			if p := recover(); p != nil { // the others go on, and this one is no verdict
				result.Status = report.Inconclusive
				result.Failure = r.failure(s, nil, fmt.Errorf("this is a mistake in kafkaspec: please report it with the "+
					"feature file: panic: %v\n%s", p, debug.Stack()))
			}
		}()
		if len(s.refused) > 0 {
			result.Status, result.Failure = report.Refused, r.failure(s, nil, r.safe(s.refused))
			return
		}
		if s.lacking != nil {
			result.Status, result.Failure = report.NotApplicable, r.failure(s, nil, s.lacking)
			return
		}
		r.inWorld(ctx, s, &result)
	})
	if result.Status == report.Passed {
		if err := leftGoroutines(label); err != nil {
			result.Status = report.Failed
			result.Failure = r.failure(s, nil, err)
		}
	}
	result.Duration = time.Since(began)
	r.live.ScenarioFinished(result)
	return result
}

// inWorld makes the scenario's world, runs its steps in it and closes it.
func (r *run) inWorld(ctx context.Context, s *scenario, result *report.Scenario) {
	w, err := r.newWorld(ctx, s, result)
	if err = exhausted(err); err != nil {
		result.Status = statusOf(ctx, err)
		result.Failure = r.failure(s, nil, err)
		r.noteEnvironment(err)
		return
	}
	e := &execution{scenario: s, world: w, deadline: r.params.StepDeadline, id: result.ID(), live: r.live,
		answers: r.params.Report != ""}
	e.plan(result, r.params.Await)
	e.run(ctx)
	if e.err == nil {
		e.err = guarded(w.Context(ctx), "end of the scenario", closePatience, e.finish)
	}
	if e.err == nil && !s.expects() {
		e.err = fmt.Errorf("%w: the scenario %s; add a Then", verdict.ErrInconclusive, expectsNothing)
	}
	e.err = exhausted(e.err)
	r.excuse(ctx, e)
	e.noteMade(ctx)
	w.TellWindows()
	failed := e.err != nil
	if failed {
		result.Failure = r.failure(s, e, e.err) // while the applications still have their last lines
		switch statusOf(ctx, e.err) {
		case report.Failed:
			result.Failure.Message += s.lacksPerhaps() + w.Strangers()
		case report.Inconclusive:
			result.Failure.Message += w.Strangers()
		}
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, closePatience))
	defer cancel()
	closed := w.Close(closing)
	if closed != nil && !failed {
		e.err = closed
		result.Failure = r.failure(s, e, closed)
	}
	if !errors.Is(e.err, errHelperDied) { // what has died says so itself when it is closed
		r.noteEnvironment(e.err)
	}
	result.Steps, result.Status = e.results, statusOf(ctx, e.err)
	e.conclude(result.Status)
	if err := r.saveJournal(w.Journal, w.Session.Names(), result); err != nil {
		r.noteEnvironment(err)
	}
}

func (r *run) newWorld(ctx context.Context, s *scenario, result *report.Scenario) (w world.Scenario, err error) {
	backend, err := r.cluster.get(ctx)
	if err != nil {
		return w, err
	}
	session, err := s.open(ctx, backend)
	if err != nil {
		return w, err
	}
	id := result.ID()
	w, err = world.New(ctx, world.Options{
		Seed: r.params.Seed, Session: session, Fixtures: s.feature.fixtures, Await: r.params.Await,
		Codec: access.Codecs[r.profile.Defaults.Compression], References: r.params.references(),
		Instead: r.params.Instead, Use: r.params.Use, Profiled: r.profile.Application,
		Place: r.params.place(),
		Needs: s.needs, Addresses: r.params.environ, Registry: opener(r, &r.registry), Databases: opener(r, &r.databases),
		Waiting: func(what string) { r.live.Waiting(id, what) },
		Done:    func(d progress.Done) { r.live.Done(id, d) },
	})
	if err == nil {
		w.SetVariable(record.BaseTime, time.Now().UTC().Format(time.RFC3339Nano))
	}
	return w, err
}

// patience is shorter after an interrupt, and when there is no cluster to take leave of. What has not ended by then is
// killed.
func patience(ctx context.Context, usual time.Duration) time.Duration {
	if cause := context.Cause(ctx); errors.Is(cause, errInterrupted) || errors.Is(cause, errHelperDied) {
		return interruptPatience
	}
	return usual
}

// notable leaves out of a timeline what would bury the rest: log lines, which are shown for themselves, progress,
// samples of a topic's growth, and what every client says to the cluster all the time, unless it failed or a step
// judges it.
func notable(needs world.Needs) func(*journal.Fact) bool {
	return func(f *journal.Fact) bool {
		switch f.Kind {
		case journal.LogLine, journal.Progress, world.Received, journal.GroupHeartbeat, journal.ClientSoftware,
			journal.APIVersion:
			return false
		case journal.ProduceAttempt:
			return needs.Attempts || f.Error != ""
		case journal.GroupCommit, journal.GroupPosition:
			return needs.Members || f.Error != ""
		case journal.Connected, journal.Fetched, journal.Transacted:
			return f.Error != ""
		}
		return !f.Kind.OfScenario()
	}
}

// weighed tells what is notable apart by what a reader looks for: the facts of the first findings and of what to look
// at first; faults, what became of applications and of what they owned, alerts, and what went wrong.
func weighed(needs world.Needs, failure *report.Failure) func(*journal.Fact) journal.Weight {
	isNotable, cited := notable(needs), map[int64]bool{}
	for _, f := range failure.Findings[:min(len(failure.Findings), citedFindings)] {
		for _, seq := range f.Facts {
			cited[seq] = true
		}
	}
	for _, h := range failure.Hints {
		cited[h.Fact] = true // 0, of a hint about no fact, is no number of one
	}
	return func(f *journal.Fact) journal.Weight {
		if cited[f.Seq] {
			return journal.Cause
		}
		switch f.Kind {
		case journal.FaultFired, journal.Killed, journal.Paused, journal.Resumed, journal.Exited, journal.Revoked,
			journal.Lost, journal.GroupRevoked, journal.GroupLost, journal.Alert, journal.Cleared, journal.Warning:
			return journal.Telling
		}
		if isNotable(f) && !isUsual(f) {
			return journal.Ordinary
		}
		return journal.Ignored
	}
}

// describe is what is known of a scenario before it runs.
func (r *run) describe(s *scenario, repeat int) report.Scenario {
	d := report.Scenario{
		Feature: s.feature.name, Rule: s.block.rule, Name: s.name, File: s.feature.file, Line: s.line,
		Tags: s.tags, Row: s.values, Seed: r.params.Seed, Shard: r.shard,
	}
	if r.params.Repeat > 1 {
		d.Repeat = repeat
	}
	return d
}

// failure gathers what the reader of a failure needs.
func (r *run) failure(s *scenario, e *execution, err error) *report.Failure {
	f := &report.Failure{File: s.feature.file, Line: s.line, Message: err.Error(), Cluster: r.clusterName(),
		Seed: r.params.Seed, Rerun: r.rerun(s)}
	if s.needs.Registry {
		f.Cluster += ", schema registry " + r.registryName
	}
	if e == nil {
		return f
	}
	names := e.world.Session.Names()
	f.Message = names.Undo(err.Error())
	if e.failed >= 0 {
		st := e.scenario.steps[e.failed]
		f.Step, f.Line = st.keyword+" "+st.text, st.place.Line
	}
	facts := e.world.Journal.Select(nil)
	explain(f, err, facts, names.Undo)
	var failed *report.Step
	if e.failed >= 0 && e.failed < len(e.results) {
		failed = &e.results[e.failed]
	}
	for _, h := range hintsOf(f, failed, facts) {
		h.Text = names.Undo(h.Text)
		f.Hints = append(f.Hints, h)
	}
	f.Timeline = names.Undo(e.world.Journal.Digest(weighed(s.needs, f), timelineFacts))
	for _, l := range e.world.AppLogs() {
		f.AppLines = append(f.AppLines, report.AppLines(l))
	}
	return f
}

// noteEnvironment keeps the first error that lies outside of the specification: it decides the exit code.
func (r *run) noteEnvironment(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.environment == nil && (outcome.IsEnvironment(err) || isFileError(err)) {
		r.environment = err
	}
}

func isFileError(err error) bool {
	var p *os.PathError
	return errors.As(err, &p)
}
