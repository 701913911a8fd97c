package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

const passed = string(report.Passed)

// mostViews is how many moments within one look are tried.
const mostViews = 256

// judged is one scenario that is judged again.
type judged struct {
	*judging
	*telling
	steps   []step
	unknown []error // why a step cannot be looked at: this kafkaspec does not know it
	needs   world.Needs
	first   []*journal.Look // of each step: when it was looked at first
	result  report.Scenario
	counts  map[int]bool // expectations that were judged again, by step; false: were not
	left    int          // steps that nobody has carried out, or looked at
	failed  int          // the step that the scenario failed at; -1 for none
	err     error
}

// scenario judges what a journal tells of one.
func (j *judging) scenario(ctx context.Context, name string, told *telling) (report.Scenario, error) {
	began, p := time.Now(), told.plan
	s := &judged{judging: j, telling: told, failed: -1, counts: map[int]bool{},
		first: make([]*journal.Look, len(p.Steps)),
		result: report.Scenario{Feature: p.Feature, Rule: p.Rule, Name: p.Name, File: p.File, Line: p.Line, Tags: p.Tags,
			Row: p.Row, Repeat: p.Repeat, Shard: p.Shard, Seed: p.Seed}}
	j.live.ScenarioStarted(s.result)
	s.tie()
	for _, ending := range told.steps {
		if err := s.step(ctx, ending); err != nil {
			return s.result, err
		}
		if s.err != nil || s.result.Status != "" {
			break
		}
	}
	if err := s.goOn(ctx); err != nil {
		return s.result, err
	}
	s.conclude(name)
	s.result.Duration = time.Since(began)
	for _, again := range s.counts {
		if again {
			j.again++
		} else {
			j.unsettled++
		}
	}
	return s.result, nil
}

// tie finds the definitions of the steps.
func (s *judged) tie() {
	var matches []steps.Match
	for _, told := range s.plan.Steps {
		st := stepOf(s.plan.File, told)
		match, err := tie(st, st.under, s.registry)
		st.match = match
		s.steps = append(s.steps, st)
		if err != nil {
			s.unknown = append(s.unknown, err.Err)
			s.result.Steps = append(s.result.Steps, st.result(report.Skipped))
			continue
		}
		s.unknown = append(s.unknown, nil)
		matches = append(matches, match)
		s.result.Steps = append(s.result.Steps, st.result(report.Skipped))
	}
	s.needs = steps.NeedsOf(matches)
}

// step judges one look at a step again, or takes the run's word for it. An error is about the journal.
func (s *judged) step(ctx context.Context, told *journal.Ending) error {
	i, shown := told.Step, &s.result.Steps[told.Step]
	shown.Status, shown.Error = report.Status(told.Status), told.Error
	why := s.blind(told)
	if why == "" {
		if s.first[i] == nil {
			s.first[i] = told.Look
		}
		err := s.look(ctx, told)
		if errors.Is(err, errMadeUp) {
			return err
		}
		if unkept, ok := errors.AsType[*world.NotKeptError](err); ok {
			why = unkept.Why
		} else {
			shown.Status, shown.Error = statusOf(ctx, err), ""
			if _, known := s.counts[i]; !known {
				s.counts[i] = true
			}
			if err != nil {
				shown.Error = err.Error()
				s.err, s.failed = err, i
			}
			return nil
		}
	}
	if s.steps[i].kind == steps.Then || told.Look != nil && shown.Status != report.Passed {
		if again, known := s.counts[i]; !known || again {
			shown.Notes = append(shown.Notes, fmt.Sprintf("not judged again: %s %s: %s", s.steps[i].keyword,
				strings.TrimSuffix(s.steps[i].text, ":"), why))
		}
		s.counts[i] = false
	}
	if shown.Status != report.Passed {
		s.failed, s.result.Status = i, shown.Status
		s.err = fmt.Errorf("not judged again: %s; the run said: %s", why, told.Error)
	}
	return nil
}

// goOn looks at what stands behind a step that ended the run and holds now: what is claimed of all the time can be
// judged by what the journal tells. What else there is is left.
func (s *judged) goOn(ctx context.Context) error {
	run, last := s.telling.result, s.facts.Last()
	if s.err != nil || s.result.Status != "" || run.Status == passed || run.Step < 0 {
		return nil
	}
	for i := run.Step + 1; i < len(s.steps) && s.err == nil; i++ {
		s.left++
		if s.unknown[i] != nil || s.steps[i].match.Definition.Kind != steps.Always {
			return nil
		}
		before := len(s.result.Steps[i].Notes)
		ending := &journal.Ending{Step: i, Status: passed, Look: &journal.Look{From: last, To: last}}
		if err := s.step(ctx, ending); err != nil {
			return err
		}
		if len(s.result.Steps[i].Notes) > before {
			s.result.Steps[i].Status = report.Skipped
			return nil
		}
		s.left--
	}
	return nil
}

// blind says why a step cannot be looked at again; empty where it can.
func (s *judged) blind(told *journal.Ending) string {
	st := s.steps[told.Step]
	if s.unknown[told.Step] != nil {
		return "this version of kafkaspec reads it otherwise: " + oneLine(s.unknown[told.Step].Error())
	}
	d, needs := st.match.Definition, steps.NeedsOf([]steps.Match{st.match})
	topics, apps, groups := st.match.Names("topic"), st.match.Names("app"), st.match.Names("group")
	switch {
	case d.FromJournal && told.Look != nil:
		return ""
	case !d.Awaited:
		return "it does something, and expects nothing"
	case d.FromJournal:
		return "the run did not come to look"
	case needs.Registry:
		return "it asks the schema registry"
	case needs.Database:
		return "it asks the database"
	case len(topics) > 0:
		return "it reads " + words.Quoted(topics)
	case len(apps) > 0:
		return fmt.Sprintf("it asks application %q, which has ended", apps[0])
	case len(groups) > 0:
		return fmt.Sprintf("it asks the cluster about group %q", groups[0])
	}
	return "it asks the cluster"
}

func oneLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// look judges one look again. It took place between two facts: of the views of that time the one that says what the run
// said is the right one, or else the last that comes out as the run did, or else the last.
func (s *judged) look(ctx context.Context, told *journal.Ending) error {
	var found error
	for n, seq := range views(told.Look) {
		err := s.view(ctx, told, seq)
		agrees := string(statusOf(ctx, err)) == told.Status
		if n == 0 || agrees && string(statusOf(ctx, found)) != told.Status {
			found = err
		}
		if agrees && (err == nil || err.Error() == told.Error) || errors.Is(err, errMadeUp) {
			return err
		}
	}
	return found
}

// views are moments of a look, the last one first.
func views(l *journal.Look) (all []int64) {
	span := l.To - l.From
	step := max(1, (span+mostViews-1)/mostViews)
	for seq := l.To; seq >= l.From; seq -= step {
		all = append(all, seq)
	}
	if all[len(all)-1] != l.From {
		all = append(all, l.From)
	}
	return all
}

// errMadeUp says that the facts of a journal contradict each other.
var errMadeUp = errors.New("what the journal tells does not fit together; it is damaged")

// view judges a look as if it had taken place when the journal held a fact.
func (s *judged) view(ctx context.Context, told *journal.Ending, seq int64) error {
	st, o := s.steps[told.Step], world.Options{Seed: s.plan.Seed, Await: s.plan.Await, Needs: s.needs}
	w := world.Past(s.facts.Until(seq), told.Look, o)
	return guarded(w.Context(ctx), "look", s.params.StepDeadline, func(ctx context.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%w: step %d: %v", errMadeUp, told.Step+1, p)
			}
		}()
		if told.Again == "" {
			return st.match.Run(ctx)
		}
		// with the values that variables had when it was looked at first
		then := world.Past(s.facts.Until(s.first[told.Step].To), s.first[told.Step], o)
		look, err := st.match.Look(ctx, then.World)
		if err != nil {
			return err
		}
		return noLonger(told.Again, w.Until(ctx, secondLook, st.text, look))
	})
}

// conclude says what became of the scenario.
func (s *judged) conclude(name string) {
	r, run := &s.result, s.telling.result
	ended := report.Status(run.Status)
	switch {
	case r.Status != "": // by the run's word
	case s.err != nil:
		r.Status = r.Steps[s.failed].Status
	case ended != report.Passed && run.Step < 0:
		r.Status = ended
		s.err = fmt.Errorf("not judged again: the end of the scenario; the run said: %s", run.Error)
	case s.left > 0:
		r.Status, s.failed = report.Inconclusive, run.Step
		s.err = fmt.Errorf("this holds now, and the run ended with it: what stands behind it was never carried out; the "+
			"run said: %s", oneLine(run.Error))
	case len(s.counts) > 0 && !slices.Contains(slices.Collect(maps.Values(s.counts)), true):
		r.Status = report.NotApplicable
		s.err = errors.New("nothing of it can be judged again; the run said: passed")
	default:
		r.Status = report.Passed
	}
	if s.err == nil {
		return
	}
	r.Failure = &report.Failure{File: r.File, Line: r.Line, Message: s.err.Error(), Cluster: "judged from " + name,
		Seed: r.Seed, Rerun: "kafkaspec judge " + quoted(name),
		Timeline: s.facts.Timeline(notable(s.needs), timelineFacts)}
	if s.failed >= 0 {
		st := s.steps[s.failed]
		r.Failure.Step, r.Failure.Line = st.keyword+" "+st.text, st.place.Line
	}
	s.help(r.Failure)
}
