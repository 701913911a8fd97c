package phrase

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// Param is a parameter type: what may stand for {name} in a step, and the Go value it becomes.
//
// The patterns are wider than the values they accept ("5x" looks like a duration), so that a slip is reported as a bad
// value with the place and the accepted forms, and not as an unknown step.
type Param struct {
	Name    string
	Doc     string                         // accepted forms, for the catalogue
	Pattern string                         // without capturing groups; editors are given it
	Type    reflect.Type                   // of the value
	Parse   func(text string) (any, error) // makes it out of the step's text, quotes included
	Inner   func(value any) []Value        // names that stand inside of the value; nil for none
	Forms   []*Form                        // of a part: the forms it may have, in place of Parse and Inner

	// What a handler may take in place of the value: looked up in the scenario when the step runs. Nil for none.
	Object reflect.Type
	Find   func(ctx context.Context, value any) (any, error)
}

// Patterns of values.
const (
	Quoted = `"(?:[^"\\]|\\.)*"`
	Number = `-?\d[\w.]*`
)

// Of makes a parameter type out of a function that reads its values.
func Of[T any](name, doc, pattern string, parse func(text string) (T, error)) Param {
	return Param{Name: name, Doc: doc, Pattern: pattern, Type: reflect.TypeFor[T](),
		Parse: func(text string) (any, error) { return parse(text) }}
}

// Named is a parameter type whose values are names in double quotes, of what a role says: "application".
func Named(name, role string) Param {
	return Of(name, "the name of the "+role+` in double quotes: "orders"`, Quoted, func(text string) (string, error) {
		value := Unquote(text)
		if strings.TrimSpace(value) == "" {
			return "", fmt.Errorf(`got an empty %s name, want one such as "shipping"`, role)
		}
		return value, nil
	})
}

// Finding is p for handlers that take what a value names in place of the value.
func Finding[V, T any](p Param, find func(ctx context.Context, value V) (T, error)) Param {
	p.Object = reflect.TypeFor[T]()
	p.Find = func(ctx context.Context, value any) (any, error) { return find(ctx, value.(V)) }
	return p
}

// Params are parameter types by their names.
type Params map[string]Param

// Add adds a parameter type, in place of one that has its name.
func (s Params) Add(p Param) { s[p.Name] = p }

// Basic are the parameter types for texts, numbers and times.
func Basic() Params {
	basic := Params{}
	for _, p := range []Param{
		Of("string", `text in double quotes: "not json"; \" for a quote`, Quoted,
			func(text string) (string, error) { return Unquote(text), nil }),
		Of("int", "a whole number: 3, 1_000_000", Number, units.Int.Parse),
		Of("count", "a number of things: 500, 1_000_000, 10k, 1M", Number, units.Count.Parse),
		Of("float", "a number: 0.05, 12", Number, units.Float.Parse),
		Of("duration", "a time span: 250ms, 5s, 1m30s, 2h", `-?\d\S*`, units.Period.Parse),
		Of("day", "a calendar day: 2026-01-05", `-?\d\S*`, parseDay),
		Of("rate", "records in a second: 200k records/s", `-?\d\S*(?: [^\s/]+/\S+)?`, units.Rate.Parse),
		Of("size", "bytes: 100B, 64KiB, 1MiB, 10MB", Number, units.Size.Parse),
		Of("percent", "a share: 2%, 0.5%", `-?\d[\w.]*%?`, units.Percent.Parse),
	} {
		basic.Add(p)
	}
	return basic
}

// Names lists the parameter types in braces, sorted.
func (s Params) Names() []string {
	var names []string
	for n := range s {
		names = append(names, "{"+n+"}")
	}
	sort.Strings(names)
	return names
}

func parseDay(text string) (string, error) {
	if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1970 {
		return "", fmt.Errorf("got %q, want a calendar day from 1970 on, such as 2026-01-05", text)
	}
	return text, nil
}

// Unquote takes the quotes off; \" and \\ stand for themselves, \n and \t for a line break and a tab.
func Unquote(text string) string {
	if len(text) < 2 || text[0] != '"' {
		return text
	}
	return escapes.Replace(text[1 : len(text)-1])
}

var escapes = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\t`, "\t")
