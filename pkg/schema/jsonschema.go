package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// noLoader refuses what is not in the schema itself: a schema of somebody else must not read this machine's files.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is not part of the schema, and nothing outside of it is loaded", url)
}

func parseJSONSchema(text string) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w; correct it", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	const name = "schema.json"
	if err := compiler.AddResource(name, document); err != nil {
		return nil, fmt.Errorf("the schema is no JSON Schema: %w; correct it", err)
	}
	s, err := compiler.Compile(name)
	var invalid *jsonschema.SchemaValidationError
	if errors.As(err, &invalid) {
		if found, ok := invalid.Err.(*jsonschema.ValidationError); ok { //nolint:errorlint // it is never wrapped
			for len(found.Causes) > 0 {
				found = found.Causes[0]
			}
			return nil, at(lineOf([]byte(text), found.InstanceLocation)).Errorf("the schema is no JSON Schema: %s: %s; "+
				"correct it", strings.Join(found.InstanceLocation, "."), leafText(found))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON Schema: %w; correct it", err)
	}
	return s, nil
}

// readJSON checks a payload by the reader's schema, with its defaults filled in, and leaves out what it does not name.
func (s *Schema) readJSON(payload []byte) (Decoded, error) {
	value, err := parseDocument(payload)
	if err != nil {
		return Decoded{}, err
	}
	view := &jsonView{}
	value = view.fill(s.json, value, "", 0)
	if err := s.validate(value); err != nil {
		return Decoded{}, err
	}
	value = view.leaveOut(s.json, value, "", 0)
	text, err := json.Marshal(value)
	if err != nil {
		return Decoded{}, &MismatchError{Reason: err.Error()}
	}
	return Decoded{JSON: text, Defaulted: distinct(view.defaulted), Ignored: distinct(view.ignored)}, nil
}

// validate tells fields that are missing from all else that is wrong.
func (s *Schema) validate(value any) error {
	err := s.json.Validate(value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return &MismatchError{Reason: err.Error()}
	}
	missing := &MissingError{}
	for _, leaf := range leaves(invalid) {
		required, ok := leaf.ErrorKind.(*kind.Required)
		if !ok {
			return &MismatchError{Field: strings.Join(leaf.InstanceLocation, "."), Reason: leafText(leaf)}
		}
		for _, name := range required.Missing {
			missing.Fields = append(missing.Fields, field(strings.Join(leaf.InstanceLocation, "."), name))
		}
	}
	missing.Fields = distinct(missing.Fields)
	return missing
}

// leaves are the errors at the bottom. What alternatives say is not looked into: which of them was meant nobody knows.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		return []*jsonschema.ValidationError{e}
	}
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var found []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		found = append(found, leaves(cause)...)
	}
	return found
}

// leafText is what is wrong, without the schema's address.
func leafText(e *jsonschema.ValidationError) string {
	alone := &jsonschema.ValidationError{SchemaURL: e.SchemaURL, InstanceLocation: e.InstanceLocation,
		ErrorKind: e.ErrorKind}
	text := alone.Error() // at '/id': got number, want string
	if _, reason, placed := strings.Cut(text, "': "); placed {
		text = reason
	}
	return text
}

// jsonView is what a reader's schema makes of a document.
type jsonView struct{ defaulted, ignored []string }

// fill puts defaults in the place of properties that are absent. JSON Schema leaves it to the reader whether to do so.
func (v *jsonView) fill(s *jsonschema.Schema, value any, at string, depth int) any {
	if depth > mostDeep {
		return value
	}
	for _, part := range parts(s) {
		switch value := value.(type) {
		case map[string]any:
			for name, property := range part.Properties {
				here := field(at, name)
				if inner, ok := value[name]; ok {
					value[name] = v.fill(property, inner, here, depth+1)
				} else if d := defaultOf(property); d != nil {
					value[name] = *d
					v.defaulted = append(v.defaulted, here)
				}
			}
		case []any:
			for i := range value {
				if items := itemsOf(part); items != nil {
					value[i] = v.fill(items, value[i], at, depth+1)
				}
			}
		}
	}
	return value
}

// leaveOut removes the properties of objects that the schema does not name, unless it says that any may be there.
func (v *jsonView) leaveOut(s *jsonschema.Schema, value any, at string, depth int) any {
	if depth > mostDeep {
		return value
	}
	all := parts(s)
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			property, named := propertyOf(all, name)
			switch {
			case property != nil:
				value[name] = v.leaveOut(property, inner, field(at, name), depth+1)
			case !named:
				delete(value, name)
				v.ignored = append(v.ignored, field(at, name))
			}
		}
	case []any:
		for _, part := range all {
			for i := range value {
				if items := itemsOf(part); items != nil {
					value[i] = v.leaveOut(items, value[i], at, depth+1)
				}
			}
		}
	}
	return value
}

// parts are a schema and all that it refers to or is made of.
func parts(s *jsonschema.Schema) []*jsonschema.Schema {
	var all []*jsonschema.Schema
	var add func(s *jsonschema.Schema)
	add = func(s *jsonschema.Schema) {
		if s == nil || slices.Contains(all, s) {
			return
		}
		all = append(all, s)
		add(s.Ref)
		for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
			for _, part := range list {
				add(part)
			}
		}
	}
	add(s)
	return all
}

// propertyOf finds the schema of a property; named is true as well where the property may stay without one.
func propertyOf(all []*jsonschema.Schema, name string) (property *jsonschema.Schema, named bool) {
	anyNamed := false
	for _, s := range all {
		if p, ok := s.Properties[name]; ok {
			return p, true
		}
		for pattern := range s.PatternProperties {
			named = named || pattern.MatchString(name)
		}
		switch additional := s.AdditionalProperties.(type) {
		case bool:
			named = named || additional
		case *jsonschema.Schema:
			named = true
		}
		anyNamed = anyNamed || len(s.Properties) > 0
	}
	return nil, named || !anyNamed
}

func itemsOf(s *jsonschema.Schema) *jsonschema.Schema {
	if s.Items2020 != nil {
		return s.Items2020
	}
	items, _ := s.Items.(*jsonschema.Schema)
	return items
}

func defaultOf(s *jsonschema.Schema) *any {
	for _, part := range parts(s) {
		if part.Default != nil {
			return part.Default
		}
	}
	return nil
}
