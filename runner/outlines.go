package runner

import (
	"regexp"
	"slices"
	"strings"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

const (
	// mostSteps and mostText bound what the outlines of a file become: a few lines could fill any memory.
	mostSteps = 250_000
	mostText  = 64 << 20
)

// outlineMistakes reports what is wrong with the examples of outlines, and outlines that become too much once each row
// has its values. It is asked before any outline is expanded.
func (f *feature) outlineMistakes() (problems source.Errors) {
	backgrounds := map[string][]*messages.Step{} // by rule; each scenario has them again
	steps, text := 0, 0
	for _, b := range f.blocks {
		if b.scenario == nil {
			backgrounds[b.rule] = append(backgrounds[b.rule], b.steps...)
			continue
		}
		all := slices.Concat(backgrounds[""], b.scenario.Steps)
		if b.rule != "" {
			all = append(all, backgrounds[b.rule]...)
		}
		own, rows := size(all), 1
		for i, e := range b.scenario.Examples {
			if i == 0 {
				rows = 0
			}
			if e.TableHeader == nil {
				continue
			}
			rows += len(e.TableBody)
			problems = append(problems, f.columnMistakes(b.scenario, e)...)
			text += grown(all, e)
		}
		steps += rows * len(all)
		text += rows * own
		if steps > mostSteps || text > mostText {
			return append(problems, f.at(b.line).Errorf("got %d steps and %d MiB of text up to this scenario, with the "+
				"examples put in, want at most %d and %d MiB", steps, text>>20, mostSteps, mostText>>20).Advise(
				"split the file, write fewer rows, or have large records made by a generator"))
		}
	}
	return problems
}

// columnMistakes reports columns that are there twice or that nothing uses, and names of columns that are misspelt.
func (f *feature) columnMistakes(s *messages.Scenario, e *messages.Examples) (problems source.Errors) {
	header := f.at(int(e.TableHeader.Location.Line))
	everything := s.Name + "\n" + s.Description + "\n" + e.Name
	for _, t := range slices.Concat(s.Tags, e.Tags) {
		everything += "\n" + t.Name
	}
	for _, st := range s.Steps {
		visit(st, func(text string, _ int64) { everything += "\n" + text })
	}
	var columns []string
	nameless := namesWithout(s, e)
	for _, cell := range e.TableHeader.Cells {
		name := cell.Value
		switch {
		case slices.Contains(columns, name):
			problems = append(problems, header.Errorf("column %q is there twice, and only the first would be used", name).Advise(
				"name one of them otherwise"))
		case name == "":
			problems = append(problems, header.Errorf("a column has no name, so that nothing can use it").Advise(
				"name it, or remove it"))
		case !strings.Contains(everything, "<"+name+">"):
			problems = append(problems, header.Errorf("column %q is used nowhere: no step has <%s>", name, name).Advise(
				nameless+"use it in a step or in the scenario's name, or remove it"))
		}
		columns = append(columns, name)
	}
	unknown := func(text string, line int64) {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if near := nearest.Word(m[1], columns); near != "" && !slices.Contains(columns, m[1]) {
				problems = append(problems, f.at(int(line)).Errorf("%s has no column in the examples", m[0]).Advise(
					"did you mean <"+near+">?"))
			}
		}
	}
	for _, st := range s.Steps {
		visit(st, func(text string, line int64) {
			if text != st.Text { // a step's own text is looked at with its values
				unknown(text, line)
			}
		})
	}
	for _, m := range placeholder.FindAllStringSubmatch(s.Name, -1) {
		if !slices.Contains(columns, m[1]) && plainName.MatchString(m[1]) {
			problems = append(problems, f.at(int(s.Location.Line)).Errorf("%s in the scenario's name has no column in the "+
				"examples", m[0]).Advise("add the column, or use one of <"+strings.Join(columns, ">, <")+">"))
		}
	}
	return problems
}

// namesWithout says which names in the steps' own texts have no column; empty for none.
func namesWithout(s *messages.Scenario, e *messages.Examples) string {
	var names []string
	for _, st := range s.Steps {
		for _, m := range placeholder.FindAllStringSubmatch(st.Text, -1) {
			has := slices.ContainsFunc(e.TableHeader.Cells, func(c *messages.TableCell) bool { return c.Value == m[1] })
			if !has && plainName.MatchString(m[1]) && !slices.Contains(names, m[0]) {
				names = append(names, m[0])
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "no column is there for " + strings.Join(names, ", ") + ": if this one is meant, name it so; else "
}

var plainName = regexp.MustCompile(`^\w(?:[\w -]*\w)?$`)

// visit calls with each text of a step that values are put into.
func visit(st *messages.Step, with func(text string, line int64)) {
	with(st.Text, st.Location.Line)
	if st.DocString != nil {
		with(st.DocString.Content, st.DocString.Location.Line)
		with(st.DocString.MediaType, st.DocString.Location.Line)
	}
	if st.DataTable == nil {
		return
	}
	for _, row := range st.DataTable.Rows {
		for _, cell := range row.Cells {
			with(cell.Value, row.Location.Line)
		}
	}
}

// size is the number of bytes of the steps' texts.
func size(steps []*messages.Step) (bytes int) {
	for _, st := range steps {
		visit(st, func(text string, _ int64) { bytes += len(text) })
	}
	return bytes
}

// grown is how many bytes the values of all rows add to the texts of the steps.
func grown(steps []*messages.Step, e *messages.Examples) (bytes int) {
	for i, cell := range e.TableHeader.Cells {
		uses := 0
		for _, st := range steps {
			visit(st, func(text string, _ int64) { uses += strings.Count(text, "<"+cell.Value+">") })
		}
		for _, row := range e.TableBody {
			if i < len(row.Cells) {
				bytes += uses * len(row.Cells[i].Value)
			}
		}
	}
	return bytes
}
