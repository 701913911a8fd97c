package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hamba/avro/v2"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

func encodeAvro(s avro.Schema, value any) ([]byte, error) {
	var out bytes.Buffer
	w := avro.NewWriter(&out, readBuffer)
	if err := writeAvro(w, s, value, ""); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// writeAvro writes a JSON value by a schema.
func writeAvro(w *avro.Writer, s avro.Schema, value any, at string) error {
	switch t := plain(s).(type) {
	case *avro.RecordSchema:
		return writeRecord(w, t, value, at)
	case *avro.UnionSchema:
		return writeUnion(w, t, value, at)
	case *avro.EnumSchema:
		symbol, ok := value.(string)
		i := slices.Index(t.Symbols(), symbol)
		if !ok || i < 0 {
			return unfit(at, value, "one of the symbols "+strings.Join(t.Symbols(), ", "))
		}
		w.WriteInt(int32(i))
	case *avro.ArraySchema:
		list, ok := value.([]any)
		if !ok {
			return unfit(at, value, "a list")
		}
		return writeBlock(w, len(list), func() error {
			for _, item := range list {
				if err := writeAvro(w, t.Items(), item, at); err != nil {
					return err
				}
			}
			return nil
		})
	case *avro.MapSchema:
		object, ok := value.(map[string]any)
		if !ok {
			return unfit(at, value, "an object")
		}
		return writeBlock(w, len(object), func() error {
			for _, key := range slices.Sorted(maps.Keys(object)) {
				w.WriteString(key)
				if err := writeAvro(w, t.Values(), object[key], field(at, key)); err != nil {
					return err
				}
			}
			return nil
		})
	case *avro.FixedSchema:
		b, ok := fromLatin1(value)
		if !ok || len(b) != t.Size() {
			return unfit(at, value, fmt.Sprintf("text of %d characters, each one byte", t.Size()))
		}
		_, _ = w.Write(b) // into memory
	default:
		return writePrimitive(w, t, value, at)
	}
	return nil
}

func writeBlock(w *avro.Writer, count int, items func() error) error {
	if count > 0 {
		w.WriteLong(int64(count))
	}
	if err := items(); err != nil {
		return err
	}
	w.WriteLong(0)
	return nil
}

func writeRecord(w *avro.Writer, t *avro.RecordSchema, value any, at string) error {
	object, ok := value.(map[string]any)
	if !ok {
		return unfit(at, value, "an object with the fields of "+t.FullName())
	}
	var known []string
	for _, f := range t.Fields() {
		known = append(known, f.Name())
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if slices.Contains(known, name) {
			continue
		}
		hint := "it has " + strings.Join(known, ", ")
		if near := nearest.Word(name, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return &MismatchError{Field: field(at, name), Reason: fmt.Sprintf("got a field that %s does not have; %s",
			t.FullName(), hint)}
	}
	for _, f := range t.Fields() {
		v, given := object[f.Name()]
		if !given && !f.HasDefault() {
			return &MissingError{Fields: []string{field(at, f.Name())}}
		}
		if !given {
			v = numbered(defaultJSON(f.Default()))
		}
		if err := writeAvro(w, f.Type(), v, field(at, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// numbered brings the numbers of a default into the form of those of a document.
func numbered(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	value, err := parseDocument(text)
	if err != nil {
		return v
	}
	return value
}

// writeUnion writes a value as the first type of the union that takes it. {"long": 5} names the type where more than
// one would.
func writeUnion(w *avro.Writer, t *avro.UnionSchema, value any, at string) error {
	if object, ok := value.(map[string]any); ok && len(object) == 1 {
		for i, s := range t.Types() {
			if v, named := object[typeName(plain(s))]; named {
				if trial, err := encodeAvro(s, v); err == nil {
					w.WriteLong(int64(i))
					_, _ = w.Write(trial)
					return nil
				}
			}
		}
	}
	for i, s := range t.Types() {
		if trial, err := encodeAvro(s, value); err == nil {
			w.WriteLong(int64(i))
			_, _ = w.Write(trial)
			return nil
		}
	}
	return unfit(at, value, "a value of one of the union's types "+names(t.Types()))
}

func writePrimitive(w *avro.Writer, t avro.Schema, value any, at string) error {
	switch t.Type() {
	case avro.Null:
		if value != nil {
			return unfit(at, value, "null")
		}
	case avro.Boolean:
		b, ok := value.(bool)
		if !ok {
			return unfit(at, value, "true or false")
		}
		w.WriteBool(b)
	case avro.Int, avro.Long:
		number, _ := value.(json.Number)
		n, err := number.Int64()
		if err != nil || t.Type() == avro.Int && (n < math.MinInt32 || n > math.MaxInt32) {
			return unfit(at, value, fmt.Sprintf("a whole number within an Avro %s", t.Type()))
		}
		if t.Type() == avro.Int {
			w.WriteInt(int32(n))
		} else {
			w.WriteLong(n)
		}
	case avro.Float, avro.Double:
		number, _ := value.(json.Number)
		n, err := number.Float64()
		if err != nil || t.Type() == avro.Float && math.IsInf(float64(float32(n)), 0) {
			return unfit(at, value, fmt.Sprintf("a number within an Avro %s", t.Type()))
		}
		if t.Type() == avro.Float {
			w.WriteFloat(float32(n))
		} else {
			w.WriteDouble(n)
		}
	case avro.String:
		text, ok := value.(string)
		if !ok {
			return unfit(at, value, "text")
		}
		w.WriteString(text)
	case avro.Bytes:
		b, ok := fromLatin1(value)
		if !ok {
			return unfit(at, value, "text of characters that are each one byte")
		}
		w.WriteBytes(b)
	}
	return nil
}

func unfit(at string, value any, want string) error {
	text, _ := json.Marshal(value)
	return &MismatchError{Field: at, Reason: fmt.Sprintf("got %.100s, want %s", text, want)}
}

func fromLatin1(value any) ([]byte, bool) {
	text, ok := value.(string)
	if !ok {
		return nil, false
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, true
}
