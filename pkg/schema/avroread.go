package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hamba/avro/v2"
)

const (
	readBuffer = 512
	// mostDeep and mostItems keep bytes that are no Avro from filling the memory: a recursive type, or a list of nulls,
	// takes no bytes for each of them.
	mostDeep  = 500
	mostItems = 1 << 20
)

// avroReader reads a writer's bytes as a reader's schema sees them, in one pass.
type avroReader struct {
	in        *avro.Reader
	depth     int
	items     int64
	defaulted []string
	ignored   []string
	missing   []string
	mismatch  *MismatchError // the first
}

func readAvro(writer, reader avro.Schema, payload []byte) (Decoded, error) {
	r := &avroReader{in: avro.NewReader(bytes.NewReader(payload), readBuffer)}
	value := r.read(writer, reader, "")
	if err := r.in.Error; err != nil {
		if errors.Is(err, io.EOF) {
			return Decoded{}, &MismatchError{Reason: fmt.Sprintf("the %d bytes behind the header end too early: they were not "+
				"written by the schema their id names", len(payload))}
		}
		return Decoded{}, &MismatchError{Reason: fmt.Sprintf("the bytes are not what the schema their id names writes: %v",
			err)}
	}
	switch {
	case r.mismatch != nil:
		return Decoded{}, r.mismatch
	case len(r.missing) > 0:
		return Decoded{}, &MissingError{Fields: distinct(r.missing)}
	}
	r.in.Peek()
	if r.in.Error == nil {
		return Decoded{}, &MismatchError{Reason: fmt.Sprintf("bytes follow behind the record, of %d behind the header: "+
			"they were not written by the schema their id names", len(payload))}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return Decoded{}, &MismatchError{Reason: err.Error()}
	}
	return Decoded{JSON: text, Defaulted: distinct(r.defaulted), Ignored: distinct(r.ignored)}, nil
}

// distinct is a list without repetitions, as the items of an array give them, in order.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// fail notes what does not go together. Reading goes on, so that fields that are missing are found all the same.
func (r *avroReader) fail(at, format string, args ...any) any {
	if r.mismatch == nil {
		r.mismatch = &MismatchError{Field: at, Reason: fmt.Sprintf(format, args...)}
	}
	return nil
}

// read reads a value. A nil reader skips it.
func (r *avroReader) read(writer, reader avro.Schema, at string) any {
	writer = plain(writer)
	if reader != nil {
		reader = plain(reader)
	}
	if r.depth++; r.depth > mostDeep {
		r.in.ReportError("read", "the record is nested too deeply")
	}
	defer func() { r.depth-- }()
	if r.in.Error != nil {
		return nil
	}
	if union, ok := writer.(*avro.UnionSchema); ok {
		i := r.in.ReadLong()
		if i < 0 || i >= int64(len(union.Types())) {
			r.in.ReportError("read", fmt.Sprintf("%s: got type %d of a union of %d", at, i, len(union.Types())))
			return nil
		}
		return r.read(union.Types()[i], reader, at)
	}
	if union, ok := reader.(*avro.UnionSchema); ok {
		chosen := branch(union, writer)
		if chosen == nil {
			r.read(writer, nil, at)
			return r.fail(at, "got %s, want one of %s, which the reader's union has", typeName(writer), names(union.Types()))
		}
		return r.read(writer, chosen, at)
	}
	switch w := writer.(type) {
	case *avro.RecordSchema:
		return r.record(w, reader, at)
	case *avro.EnumSchema:
		return r.enum(w, reader, at)
	case *avro.ArraySchema:
		return r.array(w, reader, at)
	case *avro.MapSchema:
		return r.mapping(w, reader, at)
	case *avro.FixedSchema:
		return r.fixed(w, reader, at)
	}
	return r.primitive(writer, reader, at)
}

// branch picks the type of a reader's union for what was written: the same type, or else the first it can become.
func branch(union *avro.UnionSchema, writer avro.Schema) avro.Schema {
	for _, exact := range []bool{true, false} {
		for _, t := range union.Types() {
			t = plain(t)
			if named, ok := t.(avro.NamedSchema); ok {
				if other, ok := writer.(avro.NamedSchema); ok && t.Type() == writer.Type() && sameName(named, other) {
					return t
				}
				continue
			}
			if t.Type() == writer.Type() || !exact && promotable(writer.Type(), t.Type()) {
				return t
			}
		}
	}
	return nil
}

func names(types []avro.Schema) string {
	var all []string
	for _, t := range types {
		all = append(all, typeName(plain(t)))
	}
	return strings.Join(all, ", ")
}

// promotable is the table of the specification, section "Schema Resolution".
func promotable(from, to avro.Type) bool {
	switch from {
	case avro.Int:
		return to == avro.Long || to == avro.Float || to == avro.Double
	case avro.Long:
		return to == avro.Float || to == avro.Double
	case avro.Float:
		return to == avro.Double
	case avro.String:
		return to == avro.Bytes
	case avro.Bytes:
		return to == avro.String
	}
	return false
}

func (r *avroReader) record(w *avro.RecordSchema, reader avro.Schema, at string) any {
	want, ok := reader.(*avro.RecordSchema)
	if ok && !sameName(want, w) {
		ok = false
	}
	if !ok {
		for _, f := range w.Fields() {
			r.read(f.Type(), nil, "")
		}
		return r.unlike(w, reader, at)
	}
	wanted := map[*avro.Field]*avro.Field{} // the writer's to the reader's
	object := make(map[string]any, len(want.Fields()))
	for _, f := range want.Fields() {
		name := field(at, f.Name())
		switch written := writtenField(w.Fields(), f); {
		case written != nil:
			wanted[written] = f
		case f.HasDefault():
			object[f.Name()] = defaultJSON(f.Default())
			r.defaulted = append(r.defaulted, name)
		default:
			r.missing = append(r.missing, name)
		}
	}
	for _, f := range w.Fields() {
		mine := wanted[f]
		if mine == nil {
			r.ignored = append(r.ignored, field(at, f.Name()))
			r.read(f.Type(), nil, "")
			continue
		}
		object[mine.Name()] = r.read(f.Type(), mine.Type(), field(at, mine.Name()))
	}
	return object
}

// unlike reports a type that the reader did not expect; a skipped value is none.
func (r *avroReader) unlike(w, reader avro.Schema, at string) any {
	if reader == nil {
		return nil
	}
	return r.fail(at, "got %s, want %s", typeName(w), typeName(reader))
}

func (r *avroReader) enum(w *avro.EnumSchema, reader avro.Schema, at string) any {
	i := r.in.ReadInt()
	symbol, ok := w.Symbol(int(i))
	if !ok {
		r.in.ReportError("read", fmt.Sprintf("%s: got symbol %d of an enum of %d", at, i, len(w.Symbols())))
		return nil
	}
	want, ok := reader.(*avro.EnumSchema)
	switch {
	case !ok || !sameName(want, w):
		return r.unlike(w, reader, at)
	case slices.Contains(want.Symbols(), symbol):
		return symbol
	case want.HasDefault():
		r.defaulted = append(r.defaulted, at)
		return want.Default()
	}
	return r.fail(at, "got the symbol %s, want one of %v, which the reader knows", symbol, want.Symbols())
}
