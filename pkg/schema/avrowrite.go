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

// avroWriter writes JSON values by schemas. It goes on behind an error: nothing of it is kept then.
type avroWriter struct {
	*avro.Writer
	stored bool  // values of logical types are what is stored for them
	err    error // the first
}

func encodeAvro(s avro.Schema, value any) ([]byte, error) { return encodeAs(s, value, false) }

// encodeStored encodes what schemas have for defaults.
func encodeStored(s avro.Schema, value any) ([]byte, error) { return encodeAs(s, value, true) }

func encodeAs(s avro.Schema, value any, stored bool) ([]byte, error) {
	var out bytes.Buffer
	w := &avroWriter{Writer: avro.NewWriter(&out, readBuffer), stored: stored}
	w.write(s, value, "")
	if w.err == nil {
		w.err = w.Flush()
	}
	return out.Bytes(), w.err
}

func (w *avroWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *avroWriter) unfit(at string, value any, want string) {
	text, _ := json.Marshal(value)
	w.fail(&MismatchError{Field: at, Reason: fmt.Sprintf("got %.100s, want %s", text, want)})
}

func (w *avroWriter) write(s avro.Schema, value any, at string) {
	switch t := plain(s).(type) {
	case *avro.RecordSchema:
		w.record(t, value, at)
	case *avro.UnionSchema:
		w.union(t, value, at)
	case *avro.EnumSchema:
		symbol, ok := value.(string)
		i := slices.Index(t.Symbols(), symbol)
		if !ok || i < 0 {
			w.unfit(at, value, "one of the symbols "+strings.Join(t.Symbols(), ", "))
		}
		w.WriteInt(int32(i))
	case *avro.ArraySchema:
		list, ok := value.([]any)
		if !ok {
			w.unfit(at, value, "a list")
		}
		if len(list) > 0 {
			w.WriteLong(int64(len(list)))
		}
		for _, item := range list {
			w.write(t.Items(), item, at)
		}
		w.WriteLong(0)
	case *avro.MapSchema:
		object, ok := value.(map[string]any)
		if !ok {
			w.unfit(at, value, "an object")
		}
		if len(object) > 0 {
			w.WriteLong(int64(len(object)))
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			w.WriteString(key)
			w.write(t.Values(), object[key], field(at, key))
		}
		w.WriteLong(0)
	case *avro.FixedSchema:
		l := logicalOf(t)
		if l != nil && !w.stored {
			value = w.toStored(l, value, at)
		}
		b, ok := fromLatin1(value)
		if _, decimal := l.(*avro.DecimalLogicalSchema); decimal && ok {
			b = signExtended(b, t.Size())
		}
		if !ok || len(b) != t.Size() {
			w.unfit(at, value, fmt.Sprintf("text of %d characters, each one byte", t.Size()))
		}
		_, _ = w.Write(b) // into memory
	default:
		w.primitive(t, value, at)
	}
}

func (w *avroWriter) record(t *avro.RecordSchema, value any, at string) {
	object, ok := value.(map[string]any)
	if !ok {
		w.unfit(at, value, "an object with the fields of "+t.FullName())
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
		w.fail(&MismatchError{Field: field(at, name), Reason: fmt.Sprintf("got a field that %s does not have; %s",
			t.FullName(), hint)})
	}
	for _, f := range t.Fields() {
		switch v, given := object[f.Name()]; {
		case given:
			w.write(f.Type(), v, field(at, f.Name()))
		case f.HasDefault():
			was := w.stored
			w.stored = true
			w.write(f.Type(), defaultJSON(f.Default()), field(at, f.Name()))
			w.stored = was
		default:
			w.fail(&MissingError{Fields: []string{field(at, f.Name())}})
		}
	}
}

// union writes a value as the first type of the union that takes it. {"long": 5} names the type where more than
// one would.
func (w *avroWriter) union(t *avro.UnionSchema, value any, at string) {
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
			if trial, err := encodeAs(s, v, w.stored); err == nil {
				w.WriteLong(int64(i))
				_, _ = w.Write(trial)
				return
			}
		}
	}
	w.unfit(at, value, "a value of one of the union's types "+names(t.Types()))
}

func (w *avroWriter) primitive(t avro.Schema, value any, at string) {
	if l := logicalOf(t); l != nil && !w.stored {
		value = w.toStored(l, value, at)
	}
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
		w.unfit(at, value, want)
	}
}

func fromLatin1(value any) (b []byte, ok bool) {
	text, ok := value.(string)
	for _, r := range text {
		b, ok = append(b, byte(r)), ok && r <= 255
	}
	return b, ok
}
