package runner

import (
	"errors"
	"strconv"
	"strings"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// scenario is one scenario, or one row of an outline, with every step tied to its definition.
type scenario struct {
	feature *feature
	block   block
	row     *messages.TableRow // nil for a plain scenario
	values  map[string]string  // the row by column
	name    string
	line    int // of the scenario, or of the row
	tags    []string
	steps   []step
	needs   world.Needs
	// a step is registered by code that is not compiled in: nothing is known of it, and it is not among steps
	elsewhere bool
	refused   source.Errors // why the scenario is not begun, although its steps are all known
	making    bool          // a step makes files, or one before it in the feature
	lacking   error         // what an application that stands in for a reference one lacks; nil for nothing
	needed    []string      // what it needs of such an application, which that may lack
}

// step is one step of a scenario.
type step struct {
	keyword string // as written: "And"
	text    string
	written string // as it stands in the feature: with the placeholders of an outline
	place   source.Place
	kind    steps.Keyword  // Given, When or Then: what And and But stand for
	under   steps.Argument // what stands under it
	match   steps.Match
	behind  bool // a step that may make files
}

// errorf is a mistake in the step, which its message shows.
func (st step) errorf(format string, arguments ...any) *source.Error {
	return st.place.Errorf("%s %s: "+format, append([]any{st.keyword, st.text}, arguments...)...)
}

// told has the slips that were told, by scenario: one in an outline is told for one row only. One in the profile is
// told once for all scenarios.
type told map[*messages.Scenario]map[slip]bool

// slip is one at its place; the text counts only where several may stand in one line.
type slip struct {
	at   source.Place
	text string
}

// first returns what of a scenario's problems was not told, and notes it.
func (t told) first(s *scenario, found source.Errors) (problems source.Errors) {
	for _, p := range found {
		node, this := s.block.scenario, slip{at: p.Place}
		if p.File != s.feature.file {
			node, this.text = nil, p.Err.Error()
		}
		if t[node] == nil {
			t[node] = map[slip]bool{}
		}
		if !t[node][this] {
			problems = append(problems, p)
		}
		t[node][this] = true
	}
	return problems
}

// ast gives back places and parents that pickles have lost.
type ast struct {
	steps   map[string]*messages.Step
	blocks  map[string]block
	rows    map[string]*messages.TableRow
	headers map[string]*messages.TableRow // by id of a row
}

func (f *feature) index() *ast {
	t := &ast{steps: map[string]*messages.Step{}, blocks: map[string]block{}, rows: map[string]*messages.TableRow{},
		headers: map[string]*messages.TableRow{}}
	for _, b := range f.blocks {
		for _, s := range b.steps {
			t.steps[s.Id] = s
		}
		if b.scenario == nil {
			continue
		}
		t.blocks[b.scenario.Id] = b
		for _, e := range b.scenario.Examples {
			for _, r := range e.TableBody {
				t.rows[r.Id], t.headers[r.Id] = r, e.TableHeader
			}
		}
	}
	return t
}

// planner ties steps to their definitions.
type planner struct {
	registry  *steps.Registry
	around    world.Surroundings
	elsewhere Elsewhere // nil: there is none
	linting   bool
}

// plan ties every step of every scenario of a feature to its definition, and reports all that cannot be tied.
func (p planner) plan(f *feature) ([]*scenario, source.Errors) {
	problems := f.taken(func(text string) bool { return answers(p.registry, text) })
	if len(problems) > 0 {
		return nil, problems // what those steps would have declared is missing below
	}
	p.around.Fixtures = f.fixtures
	if p.elsewhere != nil {
		p.around.Elsewhere = func(name string) (bool, error) {
			return p.registered("application "+strconv.Quote(name), p.elsewhere.Application(f.file, name))
		}
	}
	tree, told := f.index(), told{}
	var scenarios []*scenario
	for _, pickle := range f.pickles {
		if len(pickle.Steps) == 0 {
			continue // reported by load
		}
		s, found := p.scenario(f, tree, pickle)
		p.around.Making = p.around.Making || s.making
		scenarios = append(scenarios, s)
		problems = append(problems, told.first(s, found)...)
	}
	return scenarios, problems
}

func (p planner) scenario(f *feature, tree *ast, pickle *messages.Pickle) (*scenario, source.Errors) {
	s := &scenario{feature: f, block: tree.blocks[pickle.AstNodeIds[0]], name: pickle.Name}
	s.line = s.block.line
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
	known := newDeclared(p.around)
	var problems source.Errors
	var matches []steps.Match
	var keywords []steps.Keyword // what they stand for
	for _, one := range pickle.Steps {
		written := tree.steps[one.AstNodeIds[0]]
		st := step{keyword: strings.TrimSpace(written.Keyword), text: one.Text, written: written.Text,
			place: f.at(int(written.Location.Line)), kind: kinds[one.Type]}
		st.under = argumentOf(st.place, one.Argument, written)
		match, problem := tie(st, st.under, p.registry)
		if problem = p.elsewhereOr(st, problem); problem == nil && match.Definition == nil {
			s.elsewhere, known.around.Making = true, true
			known.guess(one.Text)
			continue
		}
		found := source.Errors{problem}
		if problem == nil {
			found = known.checkValues(st, match)
		}
		if len(found) > 0 {
			problems = append(problems, s.placeInOutline(st, found...)...)
			known.guess(one.Text)
			continue
		}
		st.match, st.behind = match, known.around.Making
		s.refuse(known, st)
		known.around.Making = known.around.Making || builtin.MayMake(match)
		matches, keywords = append(matches, match), append(keywords, st.kind)
		s.steps = append(s.steps, st)
	}
	s.needs, s.making = steps.NeedsOf(matches), known.around.Making
	if len(problems) == 0 && !s.elsewhere { // else a step is missing among the matches
		s.refused = append(s.refused, s.slips(builtin.Slips(matches, keywords))...)
	}
	s.refused = told{}.first(s, append(s.refused, s.groupsOfNobody(known)...))
	return s, problems
}

// refuse notes what is wrong with a step in this scenario, and takes note of what the step declares.
func (s *scenario) refuse(known declared, st step) {
	var found source.Errors
	if problem := known.checkNames(st, st.match); problem != nil {
		known.guess(st.text)
		found = source.Errors{problem}
	} else if st.match.Definition.Has(steps.Alone) && !s.exclusive() {
		found = source.Errors{st.errorf("every scenario on the cluster would feel that, so this one must run alone").Advise(
			"tag the scenario, or its feature, @exclusive")}
	} else {
		found = append(tableProblems(st.place, st.match.Blank(known.variables)),
			tableProblems(st.place, st.match.Doubt(known.around))...)
	}
	s.refused = append(s.refused, s.placeInOutline(st, found...)...)
}

// kinds are what steps stand for, And and But included.
var kinds = map[messages.PickleStepType]steps.Keyword{
	messages.PickleStepType_UNKNOWN: steps.Any,
	messages.PickleStepType_CONTEXT: steps.Given,
	messages.PickleStepType_ACTION:  steps.When,
	messages.PickleStepType_OUTCOME: steps.Then,
}

func argumentOf(at source.Place, a *messages.PickleStepArgument, written *messages.Step) steps.Argument {
	argument := steps.Argument{Source: record.Source{Place: at}}
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

// all plans every feature and joins what is wrong with all of them.
func (p planner) all(features []*feature) ([]*scenario, error) {
	if err := p.registry.Err(); err != nil {
		return nil, flagError("step registration: %w", err)
	}
	var scenarios []*scenario
	var problems source.Errors
	for _, f := range features {
		s, found := p.plan(f)
		scenarios = append(scenarios, s...)
		problems = append(problems, found...)
	}
	if len(problems) > 0 { // nothing is run, so all is told at once
		told := told{}
		for _, s := range scenarios {
			problems = append(problems, told.first(s, s.refused)...)
		}
	}
	if len(scenarios) == 0 && len(problems) == 0 {
		return nil, errors.New("no scenario")
	}
	return scenarios, capped(problems)
}

// mostProblems is how many a reader can use at once.
const mostProblems = 100

// capped keeps the first problems of very many.
func capped(problems source.Errors) error {
	all, many := problems.Err().(source.Errors) //nolint:errorlint // Err returns Errors or nil
	if !many || len(all) <= mostProblems {
		return problems.Err()
	}
	more := all[mostProblems].Place.Errorf("%d more are not shown; correct these first", len(all)-mostProblems)
	return append(all[:mostProblems:mostProblems], more)
}

// flagError is a mistake in what is in no file.
func flagError(format string, arguments ...any) error {
	return source.Errors{source.Place{}.Errorf(format, arguments...)}
}
