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

// imported are the schemas that one refers to, by their names. It refuses what is not among them: a schema of somebody
// else must not read this machine's files.
type imported []Import

func (all imported) Load(url string) (any, error) {
	for _, i := range all {
		if url == i.Name || strings.HasSuffix(url, "/"+i.Name) {
			if err := wellFormed([]byte(i.Text)); err != nil {
				return nil, err
			}
			return jsonschema.UnmarshalJSON(strings.NewReader(i.Text))
		}
	}
	return nil, fmt.Errorf("%s is not part of the schema, and nothing outside of it is loaded", url)
}

// jsonCodec is one JSON Schema.
type jsonCodec struct{ json *jsonschema.Schema }

func newJSON(text string, imports []Import) (Codec, error) {
	if err := wellFormed([]byte(text)); err != nil {
		return nil, err
	}
	for _, i := range imports {
		if err := wellFormed([]byte(i.Text)); err != nil {
			return nil, fmt.Errorf("the schema %q, which it refers to: %w", i.Name, err)
		}
	}
	s, err := parseJSONSchema(text, imports)
	if err != nil {
		return nil, err
	}
	return &jsonCodec{s}, nil
}

// Encode implements Codec.
func (s *jsonCodec) Encode(_ string, document []byte) ([]byte, error) {
	value, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	if err := s.validate(value); err != nil {
		return nil, err
	}
	return document, nil
}

// CanRead implements Codec: nobody here compares two JSON Schemas.
func (s *jsonCodec) CanRead(Codec) error { return ErrNotChecked }

func parseJSONSchema(text string, imports []Import) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w; correct it", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(imported(imports))
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
	if loop, ok := endless(s); ok {
		return nil, at(lineOf([]byte(text), pathOf(loop))).Errorf("the schema %s refers to itself without going into the "+
			"value, so checking a value would never end; take that reference out, or put it below properties or items",
			strings.Join(append([]string{"#"}, pathOf(loop)...), "/"))
	}
	return s, nil
}

// Read implements Codec: it checks a payload by the reader's schema, with its defaults filled in, and leaves out what
// it does not name.
func (s *jsonCodec) Read(_ Codec, payload []byte) (Decoded, error) {
	value, err := parseDocument(payload)
	if err != nil {
		return Decoded{}, err
	}
	view := &jsonView{}
	view.walk(parts(s.json), value, "", 0, view.fill)
	if err := s.validate(value); err != nil {
		return Decoded{}, err
	}
	view.walk(parts(s.json), value, "", 0, view.leaveOut)
	text, err := json.Marshal(value)
	if err != nil {
		return Decoded{}, &MismatchError{Reason: err.Error()}
	}
	return Decoded{JSON: text, Defaulted: distinct(view.defaulted), Ignored: distinct(view.ignored)}, nil
}

// validate tells fields that are missing from all else that is wrong.
func (s *jsonCodec) validate(value any) error {
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
	var found []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		found = append(found, leaves(cause)...)
	}
	if found == nil {
		found = append(found, e)
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

// walk changes every object of a document by the parts of the schema that are about it.
func (v *jsonView) walk(all []*jsonschema.Schema, value any, at string, depth int,
	change func(all []*jsonschema.Schema, object map[string]any, at string)) {
	if depth > mostDeep {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		change(all, value, at)
		for name, inner := range value {
			property, _ := propertyOf(all, name)
			v.walk(property, inner, field(at, name), depth+1, change)
		}
	case []any:
		var items []*jsonschema.Schema
		for _, part := range all {
			items = append(items, parts(itemsOf(part))...)
		}
		for _, inner := range value {
			v.walk(items, inner, at, depth+1, change)
		}
	}
}

// fill puts defaults in the place of properties that are absent. JSON Schema leaves it to the reader whether to do so.
func (v *jsonView) fill(all []*jsonschema.Schema, object map[string]any, at string) {
	for _, part := range all {
		for name, property := range part.Properties {
			if _, there := object[name]; there {
				continue
			}
			if d := defaultOf(property); d != nil {
				text, _ := json.Marshal(*d) // it was read as JSON
				object[name], _ = parseDocument(text)
				v.defaulted = append(v.defaulted, field(at, name))
			}
		}
	}
}

// leaveOut removes the properties of an object that the schema does not name, unless it says that any may be there.
func (v *jsonView) leaveOut(all []*jsonschema.Schema, object map[string]any, at string) {
	for name := range object {
		if _, named := propertyOf(all, name); !named {
			delete(object, name)
			v.ignored = append(v.ignored, field(at, name))
		}
	}
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

// propertyOf finds the schemas of a property; named is true as well where the property may stay without one.
func propertyOf(all []*jsonschema.Schema, name string) (property []*jsonschema.Schema, named bool) {
	named = !slices.ContainsFunc(all, func(s *jsonschema.Schema) bool { return len(s.Properties) > 0 })
	for _, s := range all {
		property = append(property, parts(s.Properties[name])...)
		for pattern := range s.PatternProperties {
			named = named || pattern.MatchString(name)
		}
		switch additional := s.AdditionalProperties.(type) {
		case bool:
			named = named || additional
		case *jsonschema.Schema:
			named = true
		}
	}
	return property, named || property != nil
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
