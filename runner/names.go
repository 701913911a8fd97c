package runner

// Names: what a scenario's steps declare, and what they speak of that nobody has declared.

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// declared collects what the steps so far have brought into being: topics and applications by name, and variables with
// their values.
type declared struct {
	around    world.Surroundings
	names     map[string]map[string]bool // by parameter type: "topic", "app", "group"
	sizes     map[string]int64           // the most partitions a topic has had so far, where that is known
	variables record.Vars
}

func newDeclared(around world.Surroundings) declared {
	return declared{around: around, names: map[string]map[string]bool{}, sizes: map[string]int64{},
		variables: record.Vars{record.BaseTime: "2000-01-01T00:00:00Z"}}
}

// checkValues reports slips in the step's values and table.
func (d declared) checkValues(st step, m steps.Match) source.Errors {
	variables := maps.Clone(d.variables)
	for _, hole := range m.Holes() {
		if _, known := variables[hole.Name]; known || isOfScenario(hole.Name) {
			continue
		}
		slip := strings.Contains(hole.Name, ".") || app.ValueNear(hole.Name) != "" // rather than of a variable
		switch err := app.CheckValueName(hole.Name); {
		case err == nil:
			variables[hole.Name] = unknownValue // checkTold finds out whether it has one
		case slip && nearest.Word(hole.Name, slices.Sorted(maps.Keys(d.variables))) == "":
			at := cmp.Or(hole.At, st.place)
			return source.Errors{at.Errorf("unknown variable ${%s}: %w; write $${ for a plain ${", hole.Name, err)}
		}
	}
	return tableProblems(st.place, m.Check(d.around, variables))
}

// isOfScenario tells whether a variable stands for a topic or a group, which steps must have spoken of before.
func isOfScenario(variable string) bool {
	head, name, _ := strings.Cut(variable, ".")
	return name != "" && (head == "topic" || head == "group")
}

// unknownValue stands for a value that only the run will know: it is good wherever a text, a number or a time may be.
const unknownValue = "0"

// checkNames reports names nobody has declared, and partitions that a topic does not have, and then takes note of what
// the step itself declares.
func (d declared) checkNames(st step, m steps.Match) *source.Error {
	for _, param := range []string{"topic", "app", "http"} {
		for i, name := range m.Names(param) {
			defines := m.Definition.Defines == param && i == 0
			if defines && d.names[param][name] {
				return st.place.Errorf("%s %q is declared twice in this scenario", kindsOfName[param], name).Advise(
					"remove one of the two steps, or name it otherwise")
			}
			if other := d.collides(name); defines && param == "topic" && other != "" {
				return st.place.Errorf("got topics %q and %q, which no cluster has together: it takes . and _ for the same",
					other, name).Advise("name one of them otherwise")
			}
			if !defines && !d.names[param][name] {
				return d.unknown(st, param, name)
			}
		}
	}
	if err := d.checkPartitions(m); err != nil {
		return &source.Error{Place: st.place, Err: err}
	}
	used, _ := m.Groups()
	for _, name := range used {
		d.add("group", name)
	}
	d.note(m)
	return nil
}

// collides is the declared topic of which the metrics of brokers have the same name.
func (d declared) collides(name string) string {
	metric := func(topic string) string { return strings.ReplaceAll(topic, ".", "_") }
	for _, other := range slices.Sorted(maps.Keys(d.names["topic"])) {
		if other != name && metric(other) == metric(name) {
			return other
		}
	}
	return ""
}

// note takes note of what a step declares.
func (d declared) note(m steps.Match) {
	switch param := m.Definition.Defines; param {
	case "":
	case "variable":
		d.setVariable(m.Names("string"))
	case "day":
		d.variables[record.Day] = m.Names("day")[0]
	default:
		d.add(param, m.Names(param)[0])
	}
}

// checkPartitions reports a partition that its topic does not have.
func (d declared) checkPartitions(m steps.Match) error {
	form, values := m.Expanded()
	params := parameter.FindAllStringIndex(form, -1)
	for i := 1; i < len(params) && i < len(values); i++ {
		number, whole := values[i].Value.(int64)
		name := values[i-1].Text
		if !whole || values[i-1].Param != "topic" {
			continue
		}
		switch between := form[params[i-1][1]:params[i][0]]; between {
		case " partition ":
			if size, known := d.sizes[name]; known && number >= size && !m.Definition.Awaited {
				return fmt.Errorf("topic %q has %s, so there is no partition %d; they are numbered from 0", name,
					words.Counted(size, "partition"), number)
			}
		case " with ", " is grown to ":
			d.sizes[name] = max(d.sizes[name], number)
		}
	}
	return nil
}

var parameter = regexp.MustCompile(`\{\w+\}`)

// roles are what a parameter type stands for.
var kindsOfName = map[string]string{"topic": "topic", "app": "application", "group": "group",
	"http": "HTTP service"}

// declarations are how a name of a parameter type comes into being.
var declarations = map[string]string{
	"topic": "declare it before: Given topic %q with 1 partition",
	"app":   "declare it before: Given application %q is …; see `kafkaspec steps application`",
	"http":  "declare it before: Given an HTTP service %q",
	"group": "no application of the scenario is in it and no step commits for it; declare one: Given application … in " +
		"group %q reading …",
}

func (d declared) unknown(st step, param, name string) *source.Error {
	hint := fmt.Sprintf(declarations[param], name)
	if near := nearest.Word(name, slices.Sorted(maps.Keys(d.names[param]))); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return st.place.Errorf("unknown %s %q", kindsOfName[param], name).Advise(hint)
}

// tableProblems keep the places that errors name themselves: those of rows.
func tableProblems(at source.Place, err error) source.Errors {
	if err == nil {
		return nil
	}
	if several, ok := errors.AsType[source.Errors](err); ok && several[0].File == at.File {
		return several
	}
	if placed, ok := errors.AsType[*source.Error](err); ok && placed.File == at.File {
		return source.Errors{placed}
	}
	return source.Errors{{Place: at, Err: err}}
}

func (d declared) add(param, name string) {
	if d.names[param] == nil {
		d.names[param] = map[string]bool{}
	}
	d.names[param][name] = true
	if param == "topic" || param == "group" {
		d.variables[param+"."+name] = name // the run knows what the cluster calls it
	}
}

// setVariable notes a variable: its name, and its value where the step gives one.
func (d declared) setVariable(texts []string) {
	value := unknownValue
	if len(texts) > 1 {
		value = texts[1]
	}
	d.variables[texts[0]] = value
}

// guess notes the names of a step that could not be tied, so that one slip in a declaration is not reported again at
// every use: what stands in quotes, and each word, as quotes may be missing or of another kind.
func (d declared) guess(text string) {
	names := strings.Fields(text)
	for i, word := range names {
		names[i] = strings.Trim(word, `"'`+"“”„‘’«»`,.:")
	}
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			names = append(names, part)
		}
	}
	for _, name := range names {
		for param := range kindsOfName {
			d.add(param, name)
		}
	}
}

// slips places what is wrong with steps.
func (s *scenario) slips(found []builtin.Slip) (problems source.Errors) {
	for _, slip := range found {
		st := s.steps[slip.Step]
		problems = append(problems, s.placeInOutline(st, st.errorf("%s", slip.Text).Advise(slip.Hint))...)
	}
	return problems
}

// groupsOfNobody reports steps that look at or disturb a group which is nobody's in the scenario. Who uses a group may
// stand behind such a step, so this is looked for once all steps are known. A program may have a group of its own,
// which it is told in a step's text or settings.
func (s *scenario) groupsOfNobody(known declared) (problems source.Errors) {
	for _, st := range s.steps {
		_, meant := st.match.Groups()
		for _, name := range meant {
			if known.names["group"][name] ||
				slices.ContainsFunc(s.steps, func(st step) bool { return st.match.Mentions(name) }) {
				continue
			}
			problems = append(problems, s.placeInOutline(st, known.unknown(st, "group", name))...)
			break
		}
	}
	return problems
}
