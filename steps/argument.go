package steps

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
)

// Argument is what stands under a step: a table, a doc string or nothing.
type Argument struct {
	Source    record.Source // first line of the table, or of the doc string's text
	Rows      [][]string    // of a table; nil for none
	Doc       *string       // of a doc string; nil for none
	MediaType string        // after the opening quotes of a doc string: yaml, json
}

func (a Argument) empty() bool { return a.Rows == nil && a.Doc == nil }

// Table is a table of the feature file, with variables put in.
type Table struct {
	Source record.Source // of the first row; the following rows are on the following lines
	Rows   [][]string
}

// Records is a table or doc string that describes records to be sent.
type Records []record.Record

// Patterns is a table or doc string that describes expected records.
type Patterns []record.Pattern

// Settings is a table of two columns or a YAML doc string, as YAML; empty where the step has neither.
type Settings = world.Settings

// Decoder is a type of table or doc string that a handler may take as its last argument. One with a method MayBeAbsent
// is left as it is where a step has neither.
type Decoder interface {
	// Decode reads what stands under the step, which is not nothing, with the scenario's variables put in.
	Decode(a Argument, vars record.Vars) error
}

var (
	decoderType  = reflect.TypeFor[Decoder]()
	settingsType = reflect.TypeFor[world.Settings]()
)

func isArgument(t reflect.Type) bool {
	return t == settingsType || reflect.PointerTo(t).Implements(decoderType)
}

// decode makes the handler's last argument out of what stands under the step. The value is invalid for a handler that
// takes none.
func (m Match) decode(vars record.Vars) (reflect.Value, error) {
	d, a := m.Definition, m.argument
	if d.argument == nil {
		if !a.empty() {
			text, _ := m.Expanded()
			return reflect.Value{}, a.Source.Errorf("the step %q takes no table or doc string; remove it or end the step's "+
				"text as its phrase does", text)
		}
		return reflect.Value{}, nil
	}
	value := reflect.New(d.argument)
	switch into := value.Interface().(type) {
	case *world.Settings:
		var err error
		if *into, err = settings(a, vars); err != nil {
			return reflect.Value{}, err
		}
	case Decoder:
		if _, may := into.(interface{ MayBeAbsent() }); a.empty() && may {
			break
		}
		if a.empty() {
			return reflect.Value{}, a.Source.Errorf("nothing stands under the step; give it a table with a row of column " +
				"names, or a doc string")
		}
		if err := into.Decode(a, vars); err != nil {
			return reflect.Value{}, err
		}
	}
	return value.Elem(), nil
}

// Decode keeps the rows.
func (t *Table) Decode(a Argument, vars record.Vars) error {
	if a.Rows == nil {
		return a.Source.Errorf("got a doc string, want a table")
	}
	*t = Table{Source: a.Source, Rows: make([][]string, len(a.Rows))}
	for i, row := range a.Rows {
		for _, cell := range row {
			full, err := vars.Expand(cell)
			if err != nil {
				return a.Source.Row(i).Wrap(err)
			}
			t.Rows[i] = append(t.Rows[i], full)
		}
	}
	return nil
}

// Decode reads records to be sent.
func (r *Records) Decode(a Argument, vars record.Vars) (err error) {
	*r, err = either(a, vars, record.FromTable, record.FromDoc)
	return err
}

// Decode reads patterns of expected records.
func (p *Patterns) Decode(a Argument, vars record.Vars) (err error) {
	*p, err = either(a, vars, record.PatternsFromTable, record.PatternsFromDoc)
	return err
}

func either[T any](a Argument, vars record.Vars,
	table func(record.Source, [][]string, record.Vars) (T, error),
	doc func(record.Source, string, string, record.Vars) (T, error),
) (T, error) {
	if a.Doc != nil {
		return doc(a.Source, a.MediaType, *a.Doc, vars)
	}
	return table(a.Source, a.Rows, vars)
}

func settings(a Argument, vars record.Vars) (world.Settings, error) {
	s := world.Settings{Source: a.Source}
	var err error
	switch {
	case a.Doc != nil:
		var text string
		text, err = vars.Expand(*a.Doc)
		s.YAML = []byte(text)
		if err == nil {
			_, err = s.Parse()
		}
	case a.Rows != nil:
		s.YAML, s.Lines, err = record.SettingsFromTable(a.Source, a.Rows, vars)
	}
	return s, a.Source.Wrap(err)
}

// Settings has the settings under the step read, and gives an error about them the line of the setting. Settings with
// variables are left for the run, which alone knows their values.
func (m Match) Settings(read func(app.Settings) error) error {
	a := m.argument
	if a.Doc != nil && strings.Contains(*a.Doc, "${") || strings.Contains(fmt.Sprint(a.Rows), "${") {
		return nil
	}
	given, err := settings(a, nil)
	if err != nil {
		return err
	}
	parsed, err := given.Parse()
	if err == nil {
		err = read(parsed)
	}
	if err == nil || source.Known(err) {
		return err
	}
	lines := parsed.Lines()
	for _, key := range slices.SortedFunc(maps.Keys(lines), func(a, b string) int { return lines[a] - lines[b] }) {
		if mentioned, _ := regexp.MatchString(`(?:^|[\s"])`+regexp.QuoteMeta(key)+`(?:[\s":,]|$)`, err.Error()); mentioned {
			return source.Place{File: a.Source.File, Line: lines[key]}.Wrap(err)
		}
	}
	return a.Source.Wrap(err)
}
