package schema

import (
	"slices"

	"github.com/hamba/avro/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// avroFields are those of the types that a value may have.
type avroFields []avro.Schema

// Fields implements Codec.
func (c avroCodec) Fields(string) Fields { return avroFieldsOf(c.Schema) }

// avroFieldsOf takes a union apart.
func avroFieldsOf(s avro.Schema) (all avroFields) {
	s = plain(s)
	union, ok := s.(*avro.UnionSchema)
	if !ok {
		return avroFields{s}
	}
	for _, of := range union.Types() {
		all = append(all, avroFieldsOf(of)...)
	}
	return all
}

// Field implements Fields.
func (f avroFields) Field(name string) (Fields, bool) {
	var inner avroFields
	named := false
	for _, s := range f {
		switch s := s.(type) {
		case *avro.RecordSchema:
			for _, of := range s.Fields() {
				if of.Name() == name {
					inner, named = append(inner, avroFieldsOf(of.Type())...), true
				}
			}
		case *avro.MapSchema:
			inner = append(inner, avroFieldsOf(s.Values())...)
		}
	}
	return inner, named
}

// Element implements Fields.
func (f avroFields) Element() Fields {
	var inner avroFields
	for _, s := range f {
		if list, ok := s.(*avro.ArraySchema); ok {
			inner = append(inner, avroFieldsOf(list.Items())...)
		}
	}
	return inner
}

// Names implements Fields.
func (f avroFields) Names() (names []string) {
	for _, s := range f {
		if r, ok := s.(*avro.RecordSchema); ok {
			for _, of := range r.Fields() {
				names = append(names, of.Name())
			}
		}
	}
	return names
}

// jsonFields are those of all parts of a schema that are about a value. What Read leaves out is not among them.
type jsonFields []*jsonschema.Schema

// Fields implements Codec.
func (s *jsonCodec) Fields(string) Fields { return jsonFields(parts(s.json)) }

// Field implements Fields.
func (f jsonFields) Field(name string) (Fields, bool) {
	var inner jsonFields
	named := false
	for _, s := range f {
		if property, ok := s.Properties[name]; ok {
			inner, named = append(inner, parts(property)...), true
		}
		for pattern, property := range s.PatternProperties {
			if pattern.MatchString(name) {
				inner = append(inner, parts(property)...)
			}
		}
		if additional, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
			inner = append(inner, parts(additional)...)
		}
	}
	return inner, named
}

// Element implements Fields.
func (f jsonFields) Element() Fields {
	var inner jsonFields
	for _, s := range f {
		inner = append(inner, parts(itemsOf(s))...)
	}
	return inner
}

// Names implements Fields.
func (f jsonFields) Names() (names []string) {
	for _, s := range f {
		for name := range s.Properties {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
