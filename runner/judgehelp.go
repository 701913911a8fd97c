package runner

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// mostLines is how many lines of an application's log a failure that is judged again shows.
const mostLines = 15

// help adds what the reader of a failure needs beside its message, as the run did.
func (s *judged) help(f *report.Failure) {
	facts := s.facts.Select(nil)
	explain(f, s.err, facts, func(text string) string { return text })
	var failed *report.Step
	if s.failed >= 0 {
		failed = s.when(facts)
		for i := range facts {
			if facts[i].At > failed.Began+failed.Duration {
				facts = facts[:i]
				break
			}
		}
	}
	f.Hints = hintsOf(f, failed, facts)
	f.AppLines = linesOf(facts)
}

// when tells when the failed step was carried out: behind the one that ended before it.
func (s *judged) when(facts []journal.Fact) *report.Step {
	step := &report.Step{}
	for i := range facts {
		ending, ok := facts[i].Detail.(*journal.Ending)
		if !ok || facts[i].Kind != journal.Carried {
			continue
		}
		if ending.Step == s.failed {
			step.Duration = facts[i].At - step.Began
			return step
		}
		step.Began = facts[i].At
	}
	if len(facts) > 0 { // the run did not come to it
		step.Duration = max(0, facts[len(facts)-1].At-step.Began)
	}
	return step
}

// linesOf are the last lines of each application that was started, in the order of their starts. Lines that a log
// pattern matched are facts of another kind, and their text is in no journal.
func linesOf(facts []journal.Fact) (all []report.AppLines) {
	at := map[string]int{}
	for i := range facts {
		f := &facts[i]
		n, known := at[f.App]
		if !known && f.Kind != journal.Started {
			continue
		}
		if !known {
			n = len(all)
			at[f.App], all = n, append(all, report.AppLines{App: f.App})
		}
		switch f.Kind {
		case journal.Started:
			all[n].State = "starting"
		case journal.Ready, journal.Resumed:
			all[n].State = "running"
		case journal.Paused, journal.Killed:
			all[n].State = string(f.Kind)
		case journal.Exited:
			all[n].State = fmt.Sprintf("exited(%s)", f.Fields()["code"])
		case journal.LogLine:
			all[n].Lines = append(all[n].Lines, f.Text)
		}
	}
	for i := range all {
		lines := app.WithoutFrames(all[i].Lines)
		all[i].Lines = lines[max(0, len(lines)-mostLines):]
	}
	return all
}
