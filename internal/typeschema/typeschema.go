// Package typeschema derives the JSON Schemas of files that kafkaspec writes from the Go types that are written, and
// holds files against them.
package typeschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Object is a part of a schema.
type Object = map[string]any

// Schema is one that is being put together. Special has the schemas of types that are not what their kind says.
type Schema struct {
	Special map[reflect.Type]Object
	defs    Object
}

// Document is the whole schema of what top says.
func (s *Schema) Document(title, description string, top Object) ([]byte, error) {
	document := Object{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title,
		"description": description, "$defs": s.defs}
	maps.Copy(document, top)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return b.Bytes(), err
}

// Of is the schema of a type. A struct is a reference to its definition.
func (s *Schema) Of(t reflect.Type) Object {
	if special, ok := s.Special[t]; ok {
		return special
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.Of(t.Elem())
	case reflect.String:
		return Object{"type": "string"}
	case reflect.Bool:
		return Object{"type": "boolean"}
	case reflect.Slice:
		return Object{"type": "array", "items": s.Of(t.Elem())}
	case reflect.Map:
		return Object{"type": "object", "additionalProperties": s.Of(t.Elem())}
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return Object{"type": "string", "format": "date-time"}
		}
		return s.Define(t.Name(), func() Object { return s.Struct(t) })
	case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Object{"type": "integer", "minimum": 0}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Object{"type": "integer"}
	}
	panic("a schema of " + t.String())
}

// Define adds a definition once and refers to it.
func (s *Schema) Define(name string, make func() Object) Object {
	if s.defs == nil {
		s.defs = Object{}
	}
	if _, known := s.defs[name]; !known {
		s.defs[name] = nil // it may contain itself
		s.defs[name] = make()
	}
	return Object{"$ref": "#/$defs/" + name}
}

// Struct is the schema of a struct's fields, and of no others. What may be left out is not required; what else is nil
// is written as null.
func (s *Schema) Struct(t reflect.Type) Object {
	properties, required := Object{}, []string{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || field.Type.Kind() == reflect.Interface {
			continue
		}
		of := s.Of(field.Type)
		if options == "" {
			required = append(required, name)
			if kind := field.Type.Kind(); kind == reflect.Slice || kind == reflect.Map {
				of["type"] = []any{of["type"], "null"}
			}
		}
		properties[name] = of
	}
	return Object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// Compile makes a function that holds a JSON text against a schema.
func Compile(schema []byte) (func(text []byte) error, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", document); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		return nil, err
	}
	return func(text []byte) error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("got no JSON: %w", err)
		}
		return compiled.Validate(value)
	}, nil
}
