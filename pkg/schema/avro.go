package schema

// Avro, by hamba/avro: it parses schemas, compares them, and reads and writes the primitives. What is in between is
// here, since its own resolution refuses by the schemas alone what the specification leaves to the data (a symbol or a
// union's type that the reader lacks), and does not say which fields were missing.

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hamba/avro/v2"
)

// avroCodec is one Avro schema.
type avroCodec struct{ avro.Schema }

func newAvro(text string, imports []Import) (Codec, error) {
	if err := notHuge(text); err != nil {
		return nil, err
	}
	// A cache of its own: with the usual one, versions of a type would replace each other.
	cache := &avro.SchemaCache{}
	for _, i := range imports {
		if err := notHuge(i.Text); err != nil {
			return nil, fmt.Errorf("the schema %q, which it refers to: %w", i.Name, err)
		}
		if _, err := avro.ParseBytesWithCache([]byte(i.Text), "", cache); err != nil {
			return nil, fmt.Errorf("the schema %q, which it refers to, is no Avro: %s; correct it", i.Name, avroText(err))
		}
	}
	s, err := avro.ParseBytesWithCache([]byte(text), "", cache)
	if err != nil {
		return nil, fmt.Errorf("the schema is no Avro: %s; correct it", avroText(err))
	}
	return avroCodec{s}, nil
}

// mostFixed is the size of the largest fixed type: values of it are made whole in memory, before anything is read.
const mostFixed = 64 << 20

// notHuge refuses what is not well-formed, and fixed types that would fill the memory.
func notHuge(text string) error {
	if err := wellFormed([]byte(text)); err != nil {
		return err
	}
	var tree any
	_ = json.Unmarshal([]byte(text), &tree) // it is well-formed
	if size := largestFixed(tree); size > mostFixed {
		return at(lineOf([]byte(text), []string{"fixed"})).Errorf("got a fixed type of %.0f bytes, want at most "+
			"%d", size, mostFixed)
	}
	return nil
}

func largestFixed(tree any) (largest float64) {
	switch t := tree.(type) {
	case map[string]any:
		if size, ok := t["size"].(float64); ok && t["type"] == "fixed" {
			largest = size
		}
		for _, inner := range t {
			largest = max(largest, largestFixed(inner))
		}
	case []any:
		for _, inner := range t {
			largest = max(largest, largestFixed(inner))
		}
	}
	return largest
}

// Encode implements Codec.
func (c avroCodec) Encode(_ string, document []byte) ([]byte, error) {
	value, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	return encodeAvro(c.Schema, value)
}

// Read implements Codec.
func (c avroCodec) Read(writer Codec, payload []byte) (Decoded, error) {
	return readAvro(writer.(avroCodec).Schema, c.Schema, payload)
}

// CanRead implements Codec.
func (c avroCodec) CanRead(writer Codec) error {
	err := avro.NewSchemaCompatibility().Compatible(c.Schema, writer.(avroCodec).Schema)
	if err == nil {
		return nil
	}
	return errors.New(avroText(err))
}

func avroText(err error) string { return strings.TrimPrefix(err.Error(), "avro: ") }

// plain takes a reference to a named type for the type itself.
func plain(s avro.Schema) avro.Schema {
	if ref, ok := s.(*avro.RefSchema); ok {
		return ref.Schema()
	}
	return s
}

// typeName is what a union calls its type.
func typeName(s avro.Schema) string {
	if named, ok := s.(avro.NamedSchema); ok {
		return named.FullName()
	}
	return string(s.Type())
}

// sameName is the rule for named types: the names without their namespaces are equal, or the reader's alias is the
// writer's.
func sameName(reader, writer avro.NamedSchema) bool {
	return reader.Name() == writer.Name() || slices.Contains(reader.Aliases(), writer.FullName()) ||
		slices.Contains(reader.Aliases(), writer.Name())
}

// writtenField finds the writer's field for one of the reader's: by name, then by the reader's aliases.
func writtenField(fields []*avro.Field, wanted *avro.Field) *avro.Field {
	for _, name := range append([]string{wanted.Name()}, wanted.Aliases()...) {
		if i := slices.IndexFunc(fields, func(f *avro.Field) bool { return f.Name() == name }); i >= 0 {
			return fields[i]
		}
	}
	return nil
}

// defaultJSON is a field's default as a document has it.
func defaultJSON(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, value := range v {
			object[name] = defaultJSON(value)
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i, value := range v {
			list[i] = defaultJSON(value)
		}
		return list
	}
	if reflect.TypeOf(v).Kind() == reflect.Slice || reflect.TypeOf(v).Kind() == reflect.Array { // bytes, fixed
		return latin1(fmt.Appendf(nil, "%s", v))
	}
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	value, _ := parseDocument(text)
	return value
}

// latin1 is bytes as text of the characters 0 to 255, as Avro's JSON encoding has them.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
