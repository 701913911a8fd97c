package protobuf

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// mostDeep is how deeply messages may be nested in a value, as other implementations of Protobuf have it.
const mostDeep = 100

// Encode implements schema.Codec.
func (c *codec) Encode(message string, document []byte) ([]byte, error) {
	d, err := c.message(message)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		return nil, mismatchf("", "not JSON: %v", err)
	}
	if err := unknownField(d, value, ""); err != nil {
		return nil, err
	}
	m := dynamicpb.NewMessage(d)
	options := protojson.UnmarshalOptions{AllowPartial: true, Resolver: c.types, RecursionLimit: mostDeep}
	if err := options.Unmarshal(document, m); err != nil {
		return nil, mismatchf("", "no %s: %s", d.FullName(), jsonText(err))
	}
	if missing := missingIn(m, ""); len(missing) > 0 {
		return nil, &schema.MissingError{Fields: missing}
	}
	b, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(appendIndexes(nil, d), m)
	if err != nil {
		return nil, mismatchf("", "no %s: %s", d.FullName(), textOf(err))
	}
	return b, nil
}

var linePrefix = regexp.MustCompile(`^(syntax error )?\(line \d+:\d+\): `)

// jsonText is an error of protojson without the place in a document that stands in a table.
func jsonText(err error) string { return linePrefix.ReplaceAllString(textOf(err), "") }

// unknownField looks for fields that a message does not have, and for the one that was meant.
func unknownField(d protoreflect.MessageDescriptor, value any, at string) error {
	object, ok := value.(map[string]any)
	if !ok || ofJSON(d) {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		f := d.Fields().ByName(protoreflect.Name(name))
		if f == nil {
			f = d.Fields().ByJSONName(name)
		}
		path := below(at, name)
		if f == nil {
			if strings.HasPrefix(name, "[") {
				continue // an extension
			}
			return mismatchf(path, "got a field that %s does not have; %s", d.FullName(), meant(d, name))
		}
		if err := unknownWithin(f, object[name], path); err != nil {
			return err
		}
	}
	return nil
}

func unknownWithin(f protoreflect.FieldDescriptor, value any, at string) error {
	d := f.Message()
	if f.IsMap() {
		d = f.MapValue().Message()
	}
	if d == nil {
		return nil
	}
	inner := []any{value}
	switch v := value.(type) {
	case []any:
		inner = v
	case map[string]any:
		if f.IsMap() {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if err := unknownField(d, v[key], below(at, key)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, one := range inner {
		if err := unknownField(d, one, at); err != nil {
			return err
		}
	}
	return nil
}

// meant is what to do about a name that is no field's.
func meant(d protoreflect.MessageDescriptor, name string) string {
	var known []string
	for i := range d.Fields().Len() {
		known = append(known, string(d.Fields().Get(i).Name()))
	}
	if near := nearest.Word(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "it has " + strings.Join(known, ", ")
}

// ofJSON are the messages that have a form of their own in JSON.
func ofJSON(d protoreflect.MessageDescriptor) bool {
	return d.FullName().Parent() == "google.protobuf" && d.ParentFile().Path() != rootName &&
		slices.Contains(ownForm, d.Name())
}

var ownForm = []protoreflect.Name{"Any", "Timestamp", "Duration", "Struct", "Value", "ListValue", "FieldMask",
	"BoolValue", "BytesValue", "StringValue", "DoubleValue", "FloatValue", "Int32Value", "Int64Value", "UInt32Value",
	"UInt64Value"}

// missingIn are the required fields that a message and those within it lack.
func missingIn(m protoreflect.Message, at string) (missing []string) {
	required := m.Descriptor().RequiredNumbers()
	for i := range required.Len() {
		if f := m.Descriptor().Fields().ByNumber(required.Get(i)); !m.Has(f) {
			missing = append(missing, below(at, string(f.Name())))
		}
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		eachWithin(f, v, below(at, string(f.Name())), func(inner protoreflect.Message, at string) {
			missing = append(missing, missingIn(inner, at)...)
		})
		return true
	})
	slices.Sort(missing)
	return slices.Compact(missing)
}

// eachWithin visits the messages that a field holds.
func eachWithin(f protoreflect.FieldDescriptor, v protoreflect.Value, at string,
	see func(m protoreflect.Message, at string)) {
	switch {
	case f.IsMap():
		if f.MapValue().Message() != nil {
			v.Map().Range(func(key protoreflect.MapKey, inner protoreflect.Value) bool {
				see(inner.Message(), below(at, key.String()))
				return true
			})
		}
	case f.Message() == nil:
	case f.IsList():
		for i := range v.List().Len() {
			see(v.List().Get(i).Message(), at)
		}
	default:
		see(v.Message(), at)
	}
}

// below is the path of a field.
func below(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}
