package steps

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Argument is what stands under a step: a table, a doc string or nothing.
type Argument struct {
	Source    record.Source // first line of the table, or of the doc string's text
	Rows      [][]string    // of a table; nil for none
	Doc       *string       // of a doc string; nil for none
	MediaType string        // after the opening quotes of a doc string: yaml, json
}

func (a Argument) empty() bool { return a.Rows == nil && a.Doc == nil }

// Table is a table as it stands in the feature file.
type Table struct {
	Source record.Source // of the first row; the following rows are on the following lines
	Rows   [][]string
}

// Records is a table or doc string that describes records to be sent.
type Records []record.Record

// Patterns is a table or doc string that describes expected records.
type Patterns []record.Pattern

// Readings is a table that describes what became of records at an application that reads them by a schema: the columns
// of Patterns, and outcome, class and defaulted.
type Readings []record.Pattern

// Settings is a table of two columns or a YAML doc string, as YAML; empty where the step has neither.
type Settings struct {
	YAML   []byte
	Source record.Source
}

var arguments = []reflect.Type{reflect.TypeFor[Table](), reflect.TypeFor[Records](), reflect.TypeFor[Patterns](),
	reflect.TypeFor[Readings](), reflect.TypeFor[Settings]()}

func isArgument(t reflect.Type) bool {
	for _, a := range arguments {
		if t == a {
			return true
		}
	}
	return false
}

// decode makes the handler's last argument out of what stands under the step. The value is invalid for a handler that
// takes none.
func (d *Definition) decode(a Argument, vars record.Vars) (reflect.Value, error) {
	if d.argument == nil {
		if !a.empty() {
			return reflect.Value{}, fmt.Errorf("%s:%d: the step %q takes no table or doc string; remove it or end the step's "+
				"text as its phrase does", a.Source.File, a.Source.Line, d.Phrase)
		}
		return reflect.Value{}, nil
	}
	value, err := decode(d.argument, a, vars)
	if err != nil {
		return reflect.Value{}, err
	}
	return reflect.ValueOf(value), nil
}

func decode(t reflect.Type, a Argument, vars record.Vars) (any, error) {
	if a.empty() && t != reflect.TypeFor[Settings]() {
		return nil, fmt.Errorf("%s:%d: nothing stands under the step; give it a table with a row of column names, or a doc "+
			"string", a.Source.File, a.Source.Line)
	}
	switch t {
	case reflect.TypeFor[Records]():
		records, err := either(a, vars, record.FromTable, record.FromDoc)
		return Records(records), err
	case reflect.TypeFor[Patterns]():
		patterns, err := either(a, vars, record.PatternsFromTable, record.PatternsFromDoc)
		return Patterns(patterns), err
	case reflect.TypeFor[Readings]():
		return readings(a, vars)
	case reflect.TypeFor[Settings]():
		return settings(a, vars)
	}
	if a.Rows == nil {
		return nil, fmt.Errorf("%s:%d: got a doc string, want a table", a.Source.File, a.Source.Line)
	}
	return Table{Source: a.Source, Rows: a.Rows}, nil
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

func settings(a Argument, vars record.Vars) (Settings, error) {
	s := Settings{Source: a.Source}
	var err error
	switch {
	case a.Doc != nil:
		var text string
		text, err = vars.Expand(*a.Doc)
		s.YAML = []byte(text)
		if err == nil { // behind as many empty lines as stand above it, for the error to have the feature's line
			_, err = app.ParseSettings([]byte(strings.Repeat("\n", a.Source.Line)+text), a.Source.File)
		}
	case a.Rows != nil:
		s.YAML, err = record.SettingsFromTable(a.Source, a.Rows, vars)
	}
	if err != nil && !strings.HasPrefix(err.Error(), a.Source.File+":") {
		err = fmt.Errorf("%s:%d: %w", a.Source.File, a.Source.Line, err)
	}
	return s, err
}
