package phrase

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// Form is one of the forms that a part may have: words with parameters, as of a phrase, and what they mean.
type Form struct {
	*Phrase
	Maker string // the function that makes the value, as package.name; its comment is the form's documentation
	make  reflect.Value
}

// Words are the words of a form, and the function that makes the part's value: it takes one argument for each parameter
// of the words, and returns the value, and an error where not all arguments are good.
type Words struct {
	Text string
	Make any
}

var errorType = reflect.TypeFor[error]()

// PartOf makes a parameter type whose values have one of several forms. The parameter types inside of the forms must be
// known already.
func PartOf[T any](known Params, name, doc string, forms ...Words) (Param, error) {
	p := Param{Name: name, Doc: doc, Type: reflect.TypeFor[T]()}
	var patterns []string
	for _, words := range forms {
		f, err := known.form(words, p.Type)
		if err != nil {
			return p, fmt.Errorf("part {%s}: %w", name, err)
		}
		p.Forms = append(p.Forms, f)
		patterns = append(patterns, f.plain)
	}
	p.Pattern = "(?:" + strings.Join(patterns, "|") + ")"
	return p, nil
}

func (s Params) form(words Words, result reflect.Type) (*Form, error) {
	compiled, err := s.Compile(words.Text)
	if err != nil {
		return nil, err
	}
	f := &Form{Phrase: compiled, make: reflect.ValueOf(words.Make)}
	t := f.make.Type()
	if t.Kind() != reflect.Func {
		return nil, fmt.Errorf("form %q: got a maker of kind %s, want a func", words.Text, t.Kind())
	}
	fits := t.NumIn() == len(compiled.params) && (t.NumOut() == 1 || t.NumOut() == 2 && t.Out(1) == errorType) &&
		t.Out(0).AssignableTo(result)
	for i := 0; fits && i < t.NumIn(); i++ {
		fits = t.In(i) == compiled.params[i].Type
	}
	if !fits {
		var want []string
		for _, p := range compiled.params {
			want = append(want, p.Type.String())
		}
		return nil, fmt.Errorf("form %q: got the maker %s, want func(%s) %s", words.Text, t, strings.Join(want, ", "), result)
	}
	full := runtime.FuncForPC(f.make.Pointer()).Name()
	f.Maker = full[strings.LastIndexByte(full, '/')+1:]
	return f, nil
}

// value is what the form makes of the values inside of it.
func (f *Form) value(inner []Value) (any, error) {
	in := make([]reflect.Value, len(inner))
	for i, v := range inner {
		in[i] = reflect.ValueOf(v.Value)
		if !in[i].IsValid() {
			in[i] = reflect.Zero(f.params[i].Type)
		}
	}
	out := f.make.Call(in)
	if len(out) == 2 {
		if err, _ := out[1].Interface().(error); err != nil {
			return nil, err
		}
	}
	return out[0].Interface(), nil
}

// read makes a value out of text that has one of the part's forms.
func (p *Param) read(text string) (v Value, err error) {
	v = Value{Param: p.Name, Text: text}
	var first error
	for _, f := range p.Forms {
		if !f.Matches(text) {
			continue
		}
		if v.Inner, err = f.Read(text); err == nil {
			v.Value, err = f.value(v.Inner)
		}
		if err == nil {
			v.Form = f
			return v, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = fmt.Errorf("got %q, want one of the forms of {%s}", text, p.Name)
	}
	return v, first
}

// Replaced is the value with its text changed if it is of a parameter type, or with those changed that stand inside of
// it, and made anew of them.
func (v Value) Replaced(param string, change func(string) (string, error)) (Value, error) {
	if text, ok := v.Value.(string); ok && v.Param == param {
		changed, err := change(text)
		v.Value = changed
		return v, err
	}
	if v.Form == nil {
		return v, nil
	}
	inner := make([]Value, len(v.Inner))
	for i, within := range v.Inner {
		var err error
		if inner[i], err = within.Replaced(param, change); err != nil {
			return v, err
		}
	}
	v.Inner = inner
	made, err := v.Form.value(inner)
	if err == nil {
		v.Value = made
	}
	return v, err
}

// Expanded is the phrase with the forms that the values have in place of its parts, and the values of the parameters
// that it then has.
func (p *Phrase) Expanded(values []Value) (text string, leaves []Value) {
	var b strings.Builder
	at := 0
	for i, v := range values {
		if v.Form == nil {
			leaves = append(leaves, v)
			continue
		}
		b.WriteString(p.text[at:p.places[i][0]])
		at = p.places[i][1]
		inner, within := v.Form.Expanded(v.Inner)
		b.WriteString(inner)
		leaves = append(leaves, within...)
	}
	b.WriteString(p.text[at:])
	return b.String(), leaves
}

// Variants are the values that the phrase may have, one of each form of its parts, with the zero value of its type in
// place of each value that a step gives.
func (p *Phrase) Variants() [][]Value {
	all := [][]Value{nil}
	for i := range p.params {
		var longer [][]Value
		for _, before := range all {
			for _, v := range p.params[i].variants() {
				longer = append(longer, append(before[:len(before):len(before)], v))
			}
		}
		all = longer
	}
	return all
}

func (p *Param) variants() (all []Value) {
	if p.Forms == nil {
		return []Value{{Param: p.Name, Value: reflect.Zero(p.Type).Interface()}}
	}
	for _, f := range p.Forms {
		for _, inner := range f.Variants() {
			v := Value{Param: p.Name, Inner: inner, Form: f}
			v.Value, _ = f.value(inner) // nil where zero is no good value
			all = append(all, v)
		}
	}
	return all
}

// Made is what the form makes of zero values, once for each of the forms that parts inside of it may have.
func (f *Form) Made() (made []any) {
	for _, inner := range f.Variants() {
		value, _ := f.value(inner) // nil where zero is no good value
		made = append(made, value)
	}
	return made
}
