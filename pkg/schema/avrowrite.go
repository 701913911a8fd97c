package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
			v = defaultJSON(f.Default())
		}
		if err := writeAvro(w, f.Type(), v, field(at, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// writeUnion writes a value as the first type of the union that takes it. {"long": 5} names the type where more than
// one would.
func writeUnion(w *avro.Writer, t *avro.UnionSchema, value any, at string) error {
	object, _ := value.(map[string]any)
	for _, named := range []bool{true, false} {
		for i, s := range t.Types() {
			v := value
			if named {
				var ok bool
				if v, ok = object[typeName(plain(s))]; !ok || len(object) != 1 {
					continue
				}
			}
			if trial, err := encodeAvro(s, v); err == nil {
				w.WriteLong(int64(i))
				_, _ = w.Write(trial)
				return nil
			}
		}
	}
	return unfit(at, value, "a value of one of the union's types "+names(t.Types()))
}

// writePrimitive writes something in any case: of a value that does not fit, nothing is kept.
func writePrimitive(w *avro.Writer, t avro.Schema, value any, at string) error {
	want, fits, err := "", true, error(nil)
	number, _ := value.(json.Number)
	switch t.Type() {
	case avro.Null:
		want, fits = "null", value == nil
	case avro.Boolean:
		var b bool
		want = "true or false"
		b, fits = value.(bool)
		w.WriteBool(b)
	case avro.Int, avro.Long:
		var n int64
		want = fmt.Sprintf("a whole number within an Avro %s", t.Type())
		n, err = strconv.ParseInt(number.String(), 10, map[avro.Type]int{avro.Int: 32, avro.Long: 64}[t.Type()])
		w.WriteLong(n) // an int is written alike
	case avro.Float:
		var n float64
		want = "a number within an Avro float"
		n, err = strconv.ParseFloat(number.String(), 32)
		w.WriteFloat(float32(n))
	case avro.Double:
		var n float64
		want = "a number within an Avro double"
		n, err = number.Float64()
		w.WriteDouble(n)
	case avro.String:
		var text string
		want = "text"
		text, fits = value.(string)
		w.WriteString(text)
	case avro.Bytes:
		var b []byte
		want = "text of characters that are each one byte"
		b, fits = fromLatin1(value)
		w.WriteBytes(b)
	}
	if !fits || err != nil {
		return unfit(at, value, want)
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
