package protobuf

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// fields are those of messages, of the elements of a list, or of the values of a map.
type fields struct {
	messages     []protoreflect.MessageDescriptor
	list, mapped protoreflect.FieldDescriptor
}

// Fields implements schema.Codec.
func (c *codec) Fields(message string) schema.Fields {
	if m, err := c.message(message); err == nil && message != "" {
		return fields{messages: []protoreflect.MessageDescriptor{m}}
	}
	var all fields
	for i := range c.file.Messages().Len() {
		all.messages = append(all.messages, c.file.Messages().Get(i))
	}
	return all
}

// Field implements schema.Fields.
func (f fields) Field(name string) (schema.Fields, bool) {
	if f.mapped != nil {
		return single(f.mapped), false
	}
	for _, m := range f.messages {
		of := m.Fields().ByName(protoreflect.Name(name))
		switch {
		case of == nil:
		case of.IsMap():
			return fields{mapped: of.MapValue()}, true
		case of.IsList():
			return fields{list: of}, true
		default:
			return single(of), true
		}
	}
	return fields{}, false
}

// single are the fields of one value. Those of Protobuf's own messages, such as times, are shown otherwise.
func single(of protoreflect.FieldDescriptor) fields {
	m := of.Message()
	if m == nil || strings.HasPrefix(string(m.FullName()), "google.protobuf.") {
		return fields{}
	}
	return fields{messages: []protoreflect.MessageDescriptor{m}}
}

// Element implements schema.Fields.
func (f fields) Element() schema.Fields {
	if f.list == nil {
		return fields{}
	}
	return single(f.list)
}

// Names implements schema.Fields.
func (f fields) Names() (names []string) {
	for _, m := range f.messages {
		for i := range m.Fields().Len() {
			names = append(names, string(m.Fields().Get(i).Name()))
		}
	}
	return names
}
