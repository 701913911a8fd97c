package runner

// What a scenario's journal tells of the scenario itself: what was to be carried out, and how each step ended. With it
// the journal can be judged again.

import (
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// plan tells what is to be carried out.
func (e *execution) plan(s *report.Scenario, await time.Duration) {
	plan := &journal.Scenario{
		Feature: s.Feature, Rule: s.Rule, Name: s.Name, File: s.File, Line: s.Line, Tags: s.Tags, Row: s.Row,
		Repeat: s.Repeat, Shard: s.Shard, Seed: s.Seed, Await: await,
	}
	for _, st := range e.scenario.steps {
		plan.Steps = append(plan.Steps, journal.Step{
			Keyword: st.keyword, As: string(st.kind), Text: st.text, Line: st.place.Line, Rows: st.under.Rows,
			Lines: st.under.Source.Lines, Doc: st.under.Doc, MediaType: st.under.MediaType, Below: st.under.Source.Line,
		})
	}
	e.add(journal.Planned, plan)
}

// stepOf is a step that a journal tells.
func stepOf(file string, st journal.Step) step {
	at := source.Place{File: file, Line: st.Line}
	return step{
		keyword: st.Keyword, text: st.Text, written: st.Text, place: at, kind: steps.Keyword(st.As),
		under: steps.Argument{
			Source: record.Source{Place: source.Place{File: file, Line: st.Below}, Lines: st.Lines},
			Rows:   st.Rows, Doc: st.Doc, MediaType: st.MediaType,
		},
	}
}

// watch keeps what the looks at a step are shown, as far as it can be judged again by that.
func (e *execution) watch(st step) { e.world.Watch(e.answers && st.match.Definition.FromJournal) }

// tell says how a step ended, or a look at it once more.
func (e *execution) tell(i int, again string) {
	result := e.results[i]
	e.add(journal.Carried, &journal.Ending{Step: i, Status: string(result.Status), Error: result.Error, Again: again,
		Look: e.world.LastLook()})
}

// conclude says how the scenario ended.
func (e *execution) conclude(status report.Status) {
	ending := &journal.Ending{Step: e.failed, Status: string(status)}
	if e.err != nil {
		ending.Error = e.world.Session.Names().Undo(e.err.Error())
	}
	e.add(journal.Concluded, ending)
}

func (e *execution) add(kind journal.Kind, detail journal.Detail) {
	e.world.Journal.Add(journal.Fact{Kind: kind, Source: journal.SourceKafkaspec, Partition: -1, Offset: -1,
		Detail: detail})
}
