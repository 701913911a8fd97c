// Package protobuf adds Protobuf to the types of schemas that pkg/schema knows. Import it for that alone:
//
//	import _ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf"
//
// Schemas are .proto files, proto2, proto3 and editions, or descriptors as Python's client registers them. Values go
// in and come out as protojson has them, with three differences, which make a table of records read like the .proto
// file and like a table of Avro's: fields have their names of the .proto file (the lowerCamelCase ones go in as well),
// fields without presence are shown with their default, and 64-bit integers come out as numbers, not as text (both go
// in).
//
// A payload begins with the path to its message (Confluent's message indexes).
package protobuf

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

func init() { schema.Register(schema.Protobuf, Parse) }

// codec is one schema: the messages of one file.
type codec struct {
	file  protoreflect.FileDescriptor
	types *dynamicpb.Types // of the file and all that it imports
}

// Parse reads a .proto file, or a descriptor in base64.
func Parse(text string, imports []schema.Import) (schema.Codec, error) {
	file, err := fileOf(text, imports)
	if err != nil {
		return nil, err
	}
	if file.Messages().Len() == 0 {
		return nil, fmt.Errorf("the schema has no message, want at least one; records are messages")
	}
	files, err := withImports(file)
	if err != nil {
		return nil, err
	}
	return &codec{file, dynamicpb.NewTypes(files)}, nil
}

// HasMessage implements schema.Messages.
func (c *codec) HasMessage(name string) error {
	_, err := c.message(name)
	return err
}

// message finds a message by its full name, or without its package; "" is the first.
func (c *codec) message(name string) (protoreflect.MessageDescriptor, error) {
	if name == "" {
		return c.file.Messages().Get(0), nil
	}
	var short []string
	var found protoreflect.MessageDescriptor
	eachMessage(c.file.Messages(), func(m protoreflect.MessageDescriptor) {
		s := c.short(m)
		short = append(short, s)
		if name == s || name == string(m.FullName()) {
			found = m
		}
	})
	if found != nil {
		return found, nil
	}
	hint := "it has " + strings.Join(short, ", ")
	if near := nearest.Word(strings.TrimPrefix(name, string(c.file.Package())+"."), short); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, fmt.Errorf("got the message %q, which the schema does not have; %s", name, hint)
}

// short is a message's name without the package.
func (c *codec) short(m protoreflect.MessageDescriptor) string {
	return strings.TrimPrefix(string(m.FullName()), string(c.file.Package())+".")
}

// eachMessage visits messages and those within them. The entries of maps are none that anybody writes.
func eachMessage(messages protoreflect.MessageDescriptors, see func(protoreflect.MessageDescriptor)) {
	for i := range messages.Len() {
		if m := messages.Get(i); !m.IsMapEntry() {
			see(m)
			eachMessage(m.Messages(), see)
		}
	}
}

// Canonical implements schema.Canonical: what a compiler makes of the text, without spaces, comments and a name.
func (c *codec) Canonical() string { return c.Serialized() }

// Serialized implements schema.Canonical: the descriptor, in base64.
func (c *codec) Serialized() string {
	file := protodesc.ToFileDescriptorProto(c.file)
	file.SourceCodeInfo, file.Name = nil, nil
	file.Name = proto.String(rootName)
	b, err := proto.MarshalOptions{Deterministic: true, AllowPartial: true}.Marshal(file)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(b)
}

// descriptorOf is the descriptor that a text holds in base64; nil for other texts.
func descriptorOf(text string) []byte {
	trimmed := bytes.TrimSpace([]byte(text))
	if len(trimmed) == 0 || bytes.ContainsAny(trimmed, "{;\"") {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(string(trimmed))
	if err != nil {
		return nil
	}
	return b
}
