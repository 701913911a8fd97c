package protobuf

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// same says that a single value is the same to its writer and its reader, whatever each calls it.
func same(v, got protoreflect.Value) bool {
	a, number := numberOf(v)
	b, other := numberOf(got)
	if number || other {
		return number && other && a.Cmp(b) == 0
	}
	if x, ok := floatOf(v); ok {
		y, other := floatOf(got)
		return other && (x == y || math.IsNaN(x) && math.IsNaN(y))
	}
	x, ok := bytesOf(v)
	y, other := bytesOf(got)
	return ok && other && bytes.Equal(x, y)
}

// numberOf is a whole number, a truth value or an enum's number.
func numberOf(v protoreflect.Value) (*big.Int, bool) {
	switch value := v.Interface().(type) {
	case bool:
		if value {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case int32:
		return big.NewInt(int64(value)), true
	case int64:
		return big.NewInt(value), true
	case uint32:
		return big.NewInt(int64(value)), true
	case uint64:
		return new(big.Int).SetUint64(value), true
	case protoreflect.EnumNumber:
		return big.NewInt(int64(value)), true
	}
	return nil, false
}

func floatOf(v protoreflect.Value) (float64, bool) {
	switch value := v.Interface().(type) {
	case float32:
		return float64(value), true
	case float64:
		return value, true
	}
	return 0, false
}

func bytesOf(v protoreflect.Value) ([]byte, bool) {
	switch value := v.Interface().(type) {
	case string:
		return []byte(value), true
	case []byte:
		return value, true
	}
	return nil, false
}

// kindOf is a field's type as people write it.
func kindOf(f protoreflect.FieldDescriptor) string {
	switch {
	case f.IsMap():
		return "map<" + kindOf(f.MapKey()) + ", " + kindOf(f.MapValue()) + ">"
	case f.IsList():
		return "repeated " + plainKind(f)
	}
	return plainKind(f)
}

func plainKind(f protoreflect.FieldDescriptor) string {
	switch {
	case f.Message() != nil:
		return string(f.Message().FullName())
	case f.Enum() != nil:
		return string(f.Enum().FullName())
	}
	return f.Kind().String()
}

// numbers makes numbers of 64-bit integers, which protojson gives as text.
func numbers(d protoreflect.MessageDescriptor, value any) any {
	if ofJSON(d) {
		if text, ok := value.(string); ok && (d.Name() == "Int64Value" || d.Name() == "UInt64Value") {
			return json.Number(text)
		}
		return value
	}
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for name, inner := range object {
		f := d.Fields().ByName(protoreflect.Name(name))
		if f == nil { // an extension
			continue
		}
		if entries, ok := inner.(map[string]any); ok && f.IsMap() {
			for key, one := range entries {
				entries[key] = number(f.MapValue(), one)
			}
			continue
		}
		if list, ok := inner.([]any); ok && f.IsList() {
			for i, one := range list {
				list[i] = number(f, one)
			}
			continue
		}
		object[name] = number(f, inner)
	}
	return object
}

func number(f protoreflect.FieldDescriptor, value any) any {
	if f.Message() != nil {
		return numbers(f.Message(), value)
	}
	switch f.Kind() {
	case protoreflect.Int64Kind, protoreflect.Uint64Kind, protoreflect.Sint64Kind, protoreflect.Fixed64Kind,
		protoreflect.Sfixed64Kind:
		if text, ok := value.(string); ok {
			return json.Number(text)
		}
	}
	return value
}
