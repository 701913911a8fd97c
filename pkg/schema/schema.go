// Package schema encodes and decodes records by schemas, in the wire format of Confluent's serializers, with the
// schemas in a registry: Avro and JSON Schema, and Protobuf where the program imports pkg/schema/protobuf.
//
// A payload is written by one schema, the writer's, and read by another, the reader's. Read brings the two together by
// the rules of Avro's schema resolution: fields by name or alias, defaults for what the writer did not write, promotion
// of numbers, and the writer's extra fields left out. JSON Schema has no such rules of its own; the same are applied as
// far as it can say them: properties the reader does not name are left out, and its defaults fill in what is absent.
//
// Protobuf's bytes are read by the reader's message itself; the writer's says what was lost on the way.
//
// Values go in and come out as JSON, since that is how features write them down. Where Avro has more than one way: a
// union's value stands for itself, not wrapped in its type's name; bytes are text of the characters 0 to 255; a decimal
// is a number, dates and times are text of RFC 3339.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Type is the language a schema is written in, as registries call it.
type Type string

// The types that are known.
const (
	Avro     Type = "AVRO"
	JSON     Type = "JSON"
	Protobuf Type = "PROTOBUF"
)

// Schema is one schema that was parsed.
type Schema struct {
	Type       Type
	Text       string
	References []Reference

	codec Codec
}

// Parse reads a schema of a type that refers to others, or to none.
func Parse(t Type, text string, references ...Reference) (*Schema, error) {
	parse, err := parserOf(t)
	if err != nil {
		return nil, err
	}
	imports, err := importsOf(t, references)
	if err != nil {
		return nil, err
	}
	codec, err := parse(text, imports)
	if err != nil {
		return nil, err
	}
	return &Schema{t, text, references, codec}, nil
}

// endings are those of schema files.
var endings = map[string]Type{".avsc": Avro, ".json": JSON, ".proto": Protobuf}

// ParseFile reads a schema from a file that refers to none: .avsc holds Avro, .json JSON Schema, .proto Protobuf.
// Errors begin with file:line.
func ParseFile(name string, text []byte) (*Schema, error) { return parseFile(name, text, nil) }

func parseFile(name string, text []byte, references []Reference) (*Schema, error) {
	t, ok := TypeOf(name)
	if !ok {
		return nil, source.Place{File: name}.Errorf("got a schema file that ends in none of .avsc (Avro), .json (JSON " +
			"Schema) and .proto (Protobuf); name it so")
	}
	s, err := Parse(t, string(text), references...)
	if err == nil {
		return s, nil
	}
	placed, ok := errors.AsType[*source.Error](err)
	if !ok {
		placed = at(mentioned(text, err.Error())).Errorf("%w", err)
	}
	placed.File = name
	return nil, placed
}

// TypeOf tells by its name what a schema file holds; false for what is no schema file.
func TypeOf(file string) (Type, bool) {
	t, ok := endings[path.Ext(file)]
	return t, ok
}

// at is a line of a schema whose file is not known yet.
func at(line int) source.Place { return source.Place{Line: line} }

// lineAt is the line of an offset.
func lineAt(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

// lineOf looks for the names of a path within a schema, each behind the one before it.
func lineOf(text []byte, path []string) int {
	offset := 0
	for _, name := range path {
		if next := bytes.Index(text[offset:], []byte(`"`+name+`"`)); next >= 0 {
			offset += next
		}
	}
	return lineAt(text, offset)
}

// deepest is how deep a schema may be nested: the time to compile one grows with the third power of that.
const deepest = 200

// wellFormed refuses what is no JSON, which hamba/avro would take for the name of a type, and what is nested too deep.
func wellFormed(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	_, err := decodeOne(decoder, "the schema")
	if err == nil {
		return notDeep(text)
	}
	offset := decoder.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	return at(lineAt(text, int(offset))).Errorf("the schema is no JSON: %w; correct it there", err)
}

func notDeep(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil { // the end: it is well-formed
			return nil
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > deepest {
			return at(lineAt(text, int(decoder.InputOffset()))).Errorf("got a schema that is nested deeper than %d, want a "+
				"flatter one", deepest)
		}
	}
}

// mentioned finds the line on which the last word of an error stands in quotes: parsers of schemas know no lines.
func mentioned(text []byte, message string) int {
	words := strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(" :;,'\"`()[]", r) })
	for i := len(words) - 1; i >= 0; i-- {
		if at := bytes.Index(text, []byte(`"`+words[i]+`"`)); at >= 0 {
			return lineAt(text, at)
		}
	}
	return 1
}

// Encode writes a JSON document by the schema, without the wire format's header. A schema with several messages writes
// its first.
func (s *Schema) Encode(document []byte) ([]byte, error) { return s.codec.Encode("", document) }

// EncodeAs is Encode for one of several messages, by its name.
func (s *Schema) EncodeAs(message string, document []byte) ([]byte, error) {
	if err := s.HasMessage(message); err != nil {
		return nil, err
	}
	return s.codec.Encode(message, document)
}

// HasMessage says what is wrong with the name of a message.
func (s *Schema) HasMessage(name string) error {
	if of, ok := s.codec.(Messages); ok {
		return of.HasMessage(name)
	}
	return fmt.Errorf("got the message %q of a schema of the type %s, which has no messages; leave it out", name, s.Type)
}

// Decoded is a value as its reader sees it.
type Decoded struct {
	JSON      []byte   // with the fields of objects sorted by name
	Defaulted []string // fields that have the reader's default because the writer wrote none, such as "address.zip"
	Ignored   []string // fields of the writer that the reader does not know
	Message   string   // the full name of the writer's message, where a schema may have several
}

// Read decodes a payload, without the wire format's header, that was written by one schema, as the reader's sees it.
// The error is a *MissingError when the payload lacks fields the reader must have, and a *MismatchError when the two
// do not go together for another reason.
func Read(writer, reader *Schema, payload []byte) (Decoded, error) {
	if writer.Type != reader.Type {
		return Decoded{},
			&MismatchError{Reason: fmt.Sprintf("written by a schema of the type %s, want %s, which the reader knows",
				writer.Type, reader.Type)}
	}
	return reader.codec.Read(writer.codec, payload)
}

// MissingError is a record without fields that its reader requires.
type MissingError struct {
	Fields []string // such as "address.zip"
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("missing required %s; write it, or give the reader's schema a default", strings.Join(e.Fields,
		", "))
}

// MismatchError is a record that its reader cannot make sense of.
type MismatchError struct {
	Field  string // "" for the record itself
	Reason string
}

func (e *MismatchError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

func parseDocument(document []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	value, err := decodeOne(decoder, "the document")
	if err != nil {
		return nil, &MismatchError{Reason: fmt.Sprintf("not JSON: %v", err)}
	}
	return value, nil
}

func decodeOne(decoder *json.Decoder, what string) (value any, err error) {
	err = decoder.Decode(&value)
	if err == nil && decoder.More() {
		err = fmt.Errorf("something follows behind %s", what)
	}
	return value, err
}

// field is the path of a field below another.
func field(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}
