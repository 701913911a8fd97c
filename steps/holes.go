package steps

import (
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/holes"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Hole is a ${name} in a step.
type Hole struct {
	Name string
	At   source.Place // of one under the step, the row or the line; zero for one in the step's own text
}

// Holes are what variables are put in place of: in the step's texts, and in the table or doc string under it.
func (m Match) Holes() (all []Hole) {
	for _, text := range textsOf(m.Values) {
		all = append(all, holesIn(text, func(int) source.Place { return source.Place{} })...)
	}
	for i, row := range m.argument.Rows {
		for _, cell := range row {
			all = append(all, holesIn(cell, func(int) source.Place { return m.argument.Source.Row(i) })...)
		}
	}
	if m.argument.Doc != nil {
		all = append(all, holesIn(*m.argument.Doc, func(line int) source.Place {
			return m.argument.Source.Row(1 + line) // below the opening quotes
		})...)
	}
	return all
}

// filled are the parameters whose values may have variables in them.
var filled = []string{"string", "path"}

func textsOf(values []phrase.Value) (texts []string) {
	for _, v := range values {
		if text, is := v.Value.(string); is && slices.Contains(filled, v.Param) {
			texts = append(texts, text)
		}
		texts = append(texts, textsOf(v.Inner)...)
	}
	return texts
}

// expanded puts the values of variables into the step's texts.
func (m Match) expanded(vars record.Vars) (Match, error) {
	m.Values = slices.Clone(m.Values)
	for _, param := range filled {
		if param == "path" { // which may have the number of a request in it
			if vars = maps.Clone(vars); vars == nil {
				vars = record.Vars{}
			}
			vars[world.Number] = "${" + world.Number + "}"
		}
		for i, v := range m.Values {
			var err error
			if m.Values[i], err = v.Replaced(param, vars.Expand); err != nil {
				return m, err
			}
		}
	}
	return m, nil
}

// holesIn reads the holes of a text; at is the place of its line of that number, from 0.
func holesIn(text string, at func(line int) source.Place) (found []Hole) {
	line := 0
	_ = holes.Each(text, func(between string) { line += strings.Count(between, "\n") }, // which has no error of its own
		func(text string) (string, error) {
			hole, rest, closed := holes.Cut(text)
			if closed {
				found = append(found, Hole{Name: holes.Name(hole), At: at(line)})
			}
			return rest, nil
		})
	return found
}

// About is the application that a step speaks of; "" where it speaks of none, or of several.
func (m Match) About() string {
	names := m.Names("app")
	slices.Sort(names)
	if names = slices.Compact(names); len(names) != 1 {
		return ""
	}
	return names[0]
}
