package runner

// What applications of the profile and commands are told, and what steps say in their words: a name that their scenario
// does not have is found before anything runs.

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// checkTold refuses a scenario whose steps, commands and applications of the profile cannot be told what they ask for.
// Without a profile, applications are not looked at.
func (s *scenario) checkTold(from *profile.Profile, p Params) {
	if s.lacking != nil {
		return
	}
	s.needTold(from, p)
	here, known := newTellable(p, s.needs), newDeclared(world.Surroundings{})
	for _, st := range s.steps {
		if err := commandTold(st.match, known.variables, here); err != nil {
			s.refused = append(s.refused, s.placeInOutline(st, st.errorf("%w", err))...)
		}
		value := here.valueIn(st.match)
		for _, hole := range holesOf(st.match, known.variables) {
			if _, err := value(hole.Name); err != nil {
				s.refused = append(s.refused, s.placeInOutline(st, st.at(hole, err))...)
			}
		}
		here.add(st.match, p.entry(st.match) != "")
		known.note(st.match)
	}
	if from == nil {
		return
	}
	for _, st := range s.steps {
		d, _ := builtin.Declares(st.match)
		d.Entry = p.entry(st.match)
		if d.Entry == "" || from.Has(d.Entry) != nil {
			continue
		}
		topics := slices.Sorted(maps.Keys(here.env.Topics))
		for _, problem := range from.Untold(d.Entry, here.application(d, st.match, true), topics) {
			s.refused = append(s.refused, problem.Advise("in the scenario at "+s.feature.at(s.block.line).String()))
		}
	}
}

// needTold gives the scenario the database and the registry that its commands and its applications of the profile must
// be told, though no step speaks of them.
func (s *scenario) needTold(from *profile.Profile, p Params) {
	for family, need := range map[string]*bool{"database.": &s.needs.Database, "registry": &s.needs.Registry} {
		without := func(name string) (string, error) { // where all values but those of the family are there
			if strings.HasPrefix(name, family) {
				return "", app.ErrNoValue
			}
			return "", nil
		}
		known := newDeclared(world.Surroundings{})
		for _, st := range s.steps {
			for _, hole := range holesOf(st.match, known.variables) {
				*need = *need || strings.HasPrefix(hole.Name, family)
			}
			known.note(st.match)
			*need = *need || errors.Is(filledCommands(st.match, nil, without), app.ErrNoValue)
			if entry := p.entry(st.match); from != nil && entry != "" && from.Has(entry) == nil {
				*need = *need || errors.Is(from.Untold(entry, without, nil).Err(), app.ErrNoValue)
			}
		}
	}
}

// entry is the application of the profile that a step declares, or that stands in for the reference one it does.
func (p Params) entry(m steps.Match) string {
	d, _ := builtin.Declares(m)
	if standIn, used := p.Use[d.Reference]; used {
		return standIn
	}
	return d.Entry
}

// commandTold reports what a command that a step runs cannot be told.
func commandTold(m steps.Match, variables record.Vars, here *tellable) error {
	return filledCommands(m, variables, here.value(here.env))
}

func filledCommands(m steps.Match, variables record.Vars, value func(string) (string, error)) error {
	for _, v := range m.Values {
		words, is := v.Value.([]string)
		if v.Param != "command" || !is {
			continue
		}
		for _, word := range words {
			if _, err := world.Filled(word, variables, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// holesOf are those of a step that are no variables, and that applications are told.
func holesOf(m steps.Match, variables record.Vars) (found []steps.Hole) {
	for _, hole := range m.Holes() {
		_, known := variables[hole.Name]
		if !known && !isOfScenario(hole.Name) && app.CheckValueName(hole.Name) == nil {
			found = append(found, hole)
		}
	}
	return found
}

// at is an error about a hole of the step, at its place.
func (st step) at(hole steps.Hole, err error) *source.Error {
	if hole.At == (source.Place{}) {
		return st.errorf("${%s} %w", hole.Name, err)
	}
	return hole.At.Errorf("${%s} %w", hole.Name, err)
}

// tellable is what the steps of a scenario let applications be told, as far as that is known before it runs: names
// stand for themselves, and what only the run knows for something.
type tellable struct {
	env     app.Env
	unknown []string                                // beginnings of names that only the run knows
	values  map[string]func(string) (string, error) // of applications that were declared, by name
}

// newTellable is what there is without any step.
func newTellable(p Params, needs world.Needs) *tellable {
	t := &tellable{env: app.Env{Bootstrap: []string{"broker:9092"}, Access: p.access, Registry: p.environ.Registry,
		Database: p.environ.Database, Topics: map[string]string{}, Groups: map[string]string{},
		Services: map[string]string{}}, values: map[string]func(string) (string, error){}}
	if p.Backend != nil {
		t.unknown = []string{"kafka."}
	}
	if needs.Registry {
		t.env.Registry = "http://registry:8081"
	}
	if needs.Database {
		switch kind, _, _ := strings.Cut(p.Database, ":"); kind {
		case "", database.SQLite:
			t.env.Database = "sqlite:////folder/file"
		case database.MySQL:
			t.env.Database = "mysql://user:password@host:3306/name"
		default:
			t.env.Database = "postgresql://user:password@host:5432/name?options=-csearch_path%3Dschema"
		}
	}
	return t
}

// add takes note of what a step declares; an application of the profile is given ports and a folder.
func (t *tellable) add(m steps.Match, profiled bool) {
	switch m.Definition.Defines {
	case "topic":
		for _, name := range m.Names("topic") {
			t.env.Topics[name] = name
		}
	case "http":
		for _, name := range m.Names("http") {
			t.env.Services[name] = "http://service:8080"
		}
	}
	d, _ := builtin.Declares(m)
	for _, group := range []string{d.Group, d.Watches} {
		if group != "" {
			t.env.Groups[group] = group
		}
	}
	if d.Name != "" {
		t.values[d.Name] = t.application(d, m, profiled)
	}
}

// valueIn are the values that stand in a step: those of the application that it speaks of, or of a command.
func (t *tellable) valueIn(m steps.Match) func(string) (string, error) {
	if value := t.values[m.About()]; value != nil {
		return value
	}
	return t.value(t.env)
}

// application are the values of one that a step declares.
func (t *tellable) application(d builtin.Declared, m steps.Match, profiled bool) func(string) (string, error) {
	env, known := t.env, false
	env.Name, env.Group, env.WatchedGroup, env.Inputs, env.Outputs = d.Name, d.Group, d.Watches, d.Reads, d.Writes
	var unknown []string
	if profiled {
		env.Folder, unknown = "folder", []string{"port."}
	}
	_ = m.Settings(func(settings app.Settings) error { // what is wrong with them is told elsewhere
		env.Settings, known = settings, true
		return nil
	})
	if !known { // a variable stands in them
		unknown = append(unknown, "settings.")
	}
	return t.value(env, unknown...)
}

// value asks env, but for names with beginnings that only the run knows.
func (t *tellable) value(env app.Env, unknown ...string) func(string) (string, error) {
	unknown = slices.Concat(t.unknown, unknown)
	return func(name string) (string, error) {
		if slices.ContainsFunc(unknown, func(head string) bool { return strings.HasPrefix(name, head) }) {
			return name, nil
		}
		return env.Value(name)
	}
}
