package schema

import "fmt"

// Codec reads and writes values by one schema.
type Codec interface {
	// Encode writes a JSON document, without the wire format's header: message is one of Messages, or "" for the first.
	// Its errors are those of Read.
	Encode(message string, document []byte) ([]byte, error)
	// Read decodes what was written by another schema of its type, as it sees it itself.
	Read(writer Codec, payload []byte) (Decoded, error)
	// CanRead says why it cannot read all that another schema of its type writes, as a registry would: nil when it can,
	// ErrNotChecked when nobody here knows.
	CanRead(writer Codec) error
	// Fields are those that it declares of a value: message is one of Messages, or "" for any at the top.
	Fields(message string) Fields
}

// Fields is what a schema declares of a value, be it there or not.
type Fields interface {
	// Field is what is declared of the value of a field, and whether the schema names the field: a map may have any.
	Field(name string) (inner Fields, named bool)
	// Element is what is declared of the elements of a list.
	Element() Fields
	// Names are the fields that the schema names.
	Names() []string
}

// Fields are those that the schema declares: message is the full name of one of several, or "" for any at the top.
func (s *Schema) Fields(message string) Fields { return s.codec.Fields(message) }

// Messages is implemented by codecs of schemas that may have several messages.
type Messages interface {
	// HasMessage says what is wrong with the name of a message.
	HasMessage(name string) error
}

// Canonical is implemented by codecs whose schemas may be written in more than one way, beyond what JSON allows.
type Canonical interface {
	// Canonical is equal for schemas that are the same.
	Canonical() string
	// Serialized is the schema for programs, as a registry hands it out for format=serialized.
	Serialized() string
}

// Parser reads a schema, with all that it refers to, what is referred to first. Its errors have the line, and no file.
type Parser func(text string, imports []Import) (Codec, error)

// Import is the text of a schema, and the name by which others refer to it.
type Import struct{ Name, Text string }

// parsers are by type. It changes only before main, as drivers of databases do.
var parsers = map[Type]Parser{Avro: newAvro, JSON: newJSON}

// Register adds a type. It is for init functions of packages that are imported for this alone.
func Register(t Type, p Parser) { parsers[t] = p }

func parserOf(t Type) (Parser, error) {
	p, ok := parsers[t]
	switch {
	case ok:
		return p, nil
	case t == Protobuf:
		return nil, fmt.Errorf("%w: this program does not read %s; add to it: "+
			"import _ \"github.com/kafkaspec/kafkaspec/pkg/schema/protobuf\"", ErrUnsupported, t)
	}
	return nil, fmt.Errorf("%w: got the type %q, want %s, %s or %s", ErrUnsupported, t, Avro, JSON, Protobuf)
}

// Canonical is equal for schemas that a registry takes for the same.
func (s *Schema) Canonical() string {
	if of, ok := s.codec.(Canonical); ok {
		return of.Canonical()
	}
	return s.Text
}

// Serialized is the schema as a registry hands it out for format=serialized; false where there is no such form.
func (s *Schema) Serialized() (string, bool) {
	of, ok := s.codec.(Canonical)
	if !ok {
		return "", false
	}
	return of.Serialized(), true
}
