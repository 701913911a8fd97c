package runner

// Names: what a scenario's steps declare, and what they speak of that nobody has declared.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/world"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/steps"
)

// declared collects what the steps so far have brought into being: topics and applications by name, and variables with
// their values.
type declared struct {
	around    world.Surroundings
	names     map[string]map[string]bool // by parameter type: "topic", "app", "group"
	variables record.Vars
}

func newDeclared(around world.Surroundings) declared {
	return declared{around: around, names: map[string]map[string]bool{},
		variables: record.Vars{record.BaseTime: "2000-01-01T00:00:00Z"}}
}

// check reports names nobody has declared, and slips in the step's table, and then takes note of what the step itself
// declares.
func (d declared) check(file string, st step, m steps.Match) *Problem {
	for _, param := range []string{"topic", "app"} {
		for _, name := range m.Names(param) {
			if m.Definition.Defines == param && d.names[param][name] {
				return &Problem{File: file, Line: st.line, Text: fmt.Sprintf("%s %q is declared twice in this scenario",
					words[param], name), Hint: "remove one of the two steps, or name it otherwise"}
			}
			if d.names[param][name] || m.Definition.Defines == param {
				continue
			}
			return d.unknown(file, st.line, param, name)
		}
	}
	if err := m.Check(d.around, d.variables); err != nil {
		return tableProblem(file, st.line, err)
	}
	used, _ := m.Groups()
	for _, name := range used {
		d.add("group", name)
	}
	switch param := m.Definition.Defines; param {
	case "":
	case "variable":
		d.setVariable(m.Names("string"))
	case "day":
		d.variables[record.Day] = m.Names("day")[0]
	default:
		d.add(param, m.Names(param)[0])
	}
	return nil
}

// words are what a parameter type stands for.
var words = map[string]string{"topic": "topic", "app": "application", "group": "group"}

func (d declared) unknown(file string, line int, param, name string) *Problem {
	known := slices.Sorted(maps.Keys(d.names[param]))
	p := &Problem{File: file, Line: line, Text: fmt.Sprintf("unknown %s %q", words[param], name)}
	if near := nearest.Word(name, known); near != "" {
		p.Hint = fmt.Sprintf("did you mean %q?", near)
		return p
	}
	switch param {
	case "topic":
		p.Hint = fmt.Sprintf("declare it before: Given topic %q with 1 partition", name)
	case "app":
		p.Hint = fmt.Sprintf("declare it before: Given application %q is …; see `kafkaspec steps application`", name)
	case "group":
		p.Hint = fmt.Sprintf("no application of the scenario is in it; declare one before: Given application … in group %q "+
			"reading …", name)
	}
	return p
}

// tableProblem keeps the place that an error names itself: that of a row.
func tableProblem(file string, line int, err error) *Problem {
	text := err.Error()
	var row int
	if rest, ok := strings.CutPrefix(text, file+":"); ok {
		number, message, found := strings.Cut(rest, ": ")
		if _, scanned := fmt.Sscanf(number, "%d", &row); found && scanned == nil {
			return &Problem{File: file, Line: row, Text: message}
		}
	}
	return &Problem{File: file, Line: line, Text: text}
}

func (d declared) add(param, name string) {
	if d.names[param] == nil {
		d.names[param] = map[string]bool{}
	}
	d.names[param][name] = true
}

// setVariable notes a variable: its name, and its value where the step gives one. 0, which stands for a value only the
// run will know, is good wherever a text, a number or a time may be.
func (d declared) setVariable(texts []string) {
	value := "0"
	if len(texts) > 1 {
		value = texts[1]
	}
	d.variables[texts[0]] = value
}

// guess notes the names of a step that could not be tied, so that one slip in a declaration is not reported again at
// every use.
func (d declared) guess(text string) {
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			d.addAny(part)
		}
	}
	for _, word := range strings.Fields(text) { // a name whose quotes are missing or of another kind
		word = strings.Trim(word, `"'`+"“”„‘’«»`,.:")
		d.addAny(word)
	}
}

func (d declared) addAny(name string) {
	for param := range words {
		d.add(param, name)
	}
}

// strikesNobody reports steps that disturb a group which is nobody's in the scenario. Who uses a group may stand behind such a step: so this is
// looked for once all steps are known.
func (s *scenario) strikesNobody(known declared) []Problem {
	var problems []Problem
	for _, st := range s.steps {
		_, struck := st.match.Groups()
		for _, name := range struck {
			if known.names["group"][name] || s.mentions(name) {
				continue
			}
			p := known.unknown(s.feature.file, st.line, "group", name)
			s.placeInOutline(p, st)
			problems = append(problems, *p)
			break
		}
	}
	return problems
}

// mentions says whether a name stands in a step's texts or settings: a program may have a group of its own, which it is told there.
func (s *scenario) mentions(name string) bool {
	return slices.ContainsFunc(s.steps, func(st step) bool { return st.match.Mentions(name) })
}
