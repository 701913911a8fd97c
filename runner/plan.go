package runner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/world"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/steps"
)

// scenario is one scenario, or one row of an outline, with every step tied to its definition.
type scenario struct {
	feature *feature
	node    *messages.Scenario
	row     *messages.TableRow // nil for a plain scenario
	values  map[string]string  // the row by column
	rule    string
	name    string
	line    int // of the scenario, or of the row
	tags    []string
	steps   []step
	needs   world.Needs
}

// step is one step of a scenario.
type step struct {
	keyword string // as written: "And"
	text    string
	written string // as it stands in the feature: with the placeholders of an outline
	line    int
	kind    steps.Keyword // Given, When or Then: what And and But stand for
	shape   string        // of what stands under it: "", "table" or "doc"
	match   steps.Match
}

// told has the slips that were told, by scenario and line: one in an outline is told for one row only.
type told map[*messages.Scenario]map[int]bool

// first returns what of a scenario's problems was not told, and notes it.
func (t told) first(s *scenario, found []Problem) []Problem {
	var problems []Problem
	for _, p := range found {
		if t[s.node][p.Line] {
			continue
		}
		if t[s.node] == nil {
			t[s.node] = map[int]bool{}
		}
		t[s.node][p.Line] = true
		problems = append(problems, p)
	}
	return problems
}

// ast gives back places and parents that pickles have lost.
type ast struct {
	steps     map[string]*messages.Step
	scenarios map[string]*messages.Scenario
	rules     map[*messages.Scenario]string
	rows      map[string]*messages.TableRow
	headers   map[string]*messages.TableRow // by id of a row
}

// plan ties every step of every scenario of a feature to its definition, and reports all that cannot be tied.
func plan(f *feature, registry *steps.Registry, around world.Surroundings) ([]*scenario, []Problem) {
	tree := index(f.document.Feature)
	var scenarios []*scenario
	problems := f.taken(func(text string) bool { return answers(registry, text) })
	if len(problems) > 0 {
		return nil, problems // what those steps would have declared is missing below
	}
	told := told{}
	for _, pickle := range f.pickles {
		if len(pickle.Steps) == 0 {
			continue // reported by load
		}
		s, found := planScenario(f, tree, pickle, registry, around)
		scenarios = append(scenarios, s)
		problems = append(problems, told.first(s, found)...)
	}
	return scenarios, problems
}

func planScenario(f *feature, tree *ast, pickle *messages.Pickle, registry *steps.Registry,
	around world.Surroundings) (*scenario, []Problem) {
	node := tree.scenarios[pickle.AstNodeIds[0]]
	s := &scenario{feature: f, node: node, name: pickle.Name, line: int(node.Location.Line), rule: tree.rules[node]}
	for _, t := range pickle.Tags {
		s.tags = append(s.tags, t.Name)
	}
	if len(pickle.AstNodeIds) > 1 {
		s.row = tree.rows[pickle.AstNodeIds[1]]
		s.line = int(s.row.Location.Line)
		s.values = map[string]string{}
		for i, cell := range tree.headers[s.row.Id].Cells {
			s.values[cell.Value] = s.row.Cells[i].Value
		}
	}
	around.Fixtures = f.fixtures
	known := newDeclared(around)
	var problems []Problem
	var matches []steps.Match
	for _, p := range pickle.Steps {
		written := tree.steps[p.AstNodeIds[0]]
		st := step{keyword: strings.TrimSpace(written.Keyword), text: p.Text, written: written.Text,
			line: int(written.Location.Line), kind: kindOf(p.Type)}
		argument := argumentOf(f.file, p.Argument, written)
		switch {
		case argument.Rows != nil:
			st.shape = "table"
		case argument.Doc != nil:
			st.shape = "doc"
		}
		match, problem := tie(f.file, st, argument, registry)
		if problem == nil {
			problem = known.check(f.file, st, match)
		}
		if problem == nil && match.Definition.Has(steps.Alone) && !s.exclusive() {
			problem = &Problem{
				File: f.file, Line: st.line, Text: fmt.Sprintf("%s %s: every scenario on the cluster would feel that, so this "+
					"one must run alone", st.keyword, st.text),
				Hint: "tag the scenario, or its feature, @exclusive",
			}
		}
		if problem != nil {
			s.placeInOutline(problem, st)
			problems = append(problems, *problem)
			known.guess(p.Text)
			continue
		}
		st.match = match
		matches = append(matches, match)
		s.steps = append(s.steps, st)
	}
	s.needs = steps.NeedsOf(matches)
	return s, append(problems, s.strikesNobody(known)...)
}

func kindOf(t messages.PickleStepType) steps.Keyword {
	switch t {
	case messages.PickleStepType_CONTEXT:
		return steps.Given
	case messages.PickleStepType_ACTION:
		return steps.When
	case messages.PickleStepType_OUTCOME:
		return steps.Then
	default:
		return steps.Any
	}
}

func argumentOf(file string, a *messages.PickleStepArgument, written *messages.Step) steps.Argument {
	argument := steps.Argument{Source: record.Source{File: file, Line: int(written.Location.Line)}}
	switch {
	case a == nil:
	case a.DataTable != nil:
		argument.Source.Line = int(written.DataTable.Rows[0].Location.Line)
		argument.Rows = [][]string{}
		for i, row := range a.DataTable.Rows {
			argument.Source.Lines = append(argument.Source.Lines, int(written.DataTable.Rows[i].Location.Line))
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, c.Value)
			}
			argument.Rows = append(argument.Rows, cells)
		}
	case a.DocString != nil:
		argument.Source.Line = int(written.DocString.Location.Line)
		argument.Doc, argument.MediaType = &a.DocString.Content, a.DocString.MediaType
	}
	return argument
}

func index(f *messages.Feature) *ast {
	t := &ast{
		steps: map[string]*messages.Step{}, scenarios: map[string]*messages.Scenario{},
		rules: map[*messages.Scenario]string{},
		rows:  map[string]*messages.TableRow{}, headers: map[string]*messages.TableRow{},
	}
	addSteps := func(list []*messages.Step) {
		for _, s := range list {
			t.steps[s.Id] = s
		}
	}
	for _, c := range f.Children {
		if c.Background != nil {
			addSteps(c.Background.Steps)
		}
		if c.Rule == nil {
			continue
		}
		for _, r := range c.Rule.Children {
			if r.Background != nil {
				addSteps(r.Background.Steps)
			} else {
				t.rules[r.Scenario] = c.Rule.Name
			}
		}
	}
	for _, s := range scenariosOf(f) {
		t.scenarios[s.Id] = s
		addSteps(s.Steps)
		for _, e := range s.Examples {
			for _, r := range e.TableBody {
				t.rows[r.Id], t.headers[r.Id] = r, e.TableHeader
			}
		}
	}
	return t
}

// planAll plans every feature and joins what is wrong with all of them.
func planAll(features []*feature, registry *steps.Registry, around world.Surroundings) ([]*scenario, error) {
	if err := registry.Err(); err != nil {
		return nil, &InputError{[]Problem{{Text: "step registration: " + err.Error()}}}
	}
	var scenarios []*scenario
	var problems []Problem
	for _, f := range features {
		s, found := plan(f, registry, around)
		scenarios = append(scenarios, s...)
		problems = append(problems, found...)
	}
	if len(scenarios) == 0 && len(problems) == 0 {
		return nil, errors.New("no scenario")
	}
	return scenarios, inputError(problems)
}
