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
func (r *avroReader) fail(at, format string, args ...any) {
	if r.mismatch == nil {
		r.mismatch = &MismatchError{Field: at, Reason: fmt.Sprintf(format, args...)}
	}
}

// read reads a value. With a nil reader it only finds where the value ends.
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
		if reader = branch(union, writer); reader == nil {
			r.fail(at, "got %s, want one of %s, which the reader's union has", typeName(writer), names(union.Types()))
		}
	} else if reader != nil && !fits(writer, reader, true) {
		r.fail(at, "got %s, want %s", typeName(writer), typeName(reader))
		reader = nil
	}
	switch w := writer.(type) {
	case *avro.RecordSchema:
		want, _ := reader.(*avro.RecordSchema)
		return r.record(w, want, at)
	case *avro.EnumSchema:
		want, _ := reader.(*avro.EnumSchema)
		return r.enum(w, want, at)
	case *avro.ArraySchema:
		want, _ := reader.(*avro.ArraySchema)
		return r.array(w, want, at)
	case *avro.MapSchema:
		want, _ := reader.(*avro.MapSchema)
		return r.mapping(w, want, at)
	case *avro.FixedSchema:
		b := make([]byte, w.Size())
		r.in.Read(b)
		return r.logical(w, reader, latin1(b), at)
	}
	return r.logical(writer, reader, r.primitive(writer, reader), at)
}

// fits says that what one type writes can be read as another: it is the same type, or may become the other.
func fits(writer, reader avro.Schema, promoted bool) bool {
	if writer.Type() != reader.Type() {
		return promoted && slices.Contains(promotions[writer.Type()], reader.Type())
	}
	if want, ok := reader.(*avro.FixedSchema); ok && want.Size() != writer.(*avro.FixedSchema).Size() {
		return false
	}
	named, ok := reader.(avro.NamedSchema)
	return !ok || sameName(named, writer.(avro.NamedSchema))
}

// branch picks the type of a reader's union for what was written: the same type, or else the first it can become; nil
// when there is none.
func branch(union *avro.UnionSchema, writer avro.Schema) avro.Schema {
	for _, promoted := range []bool{false, true} {
		for _, t := range union.Types() {
			if t = plain(t); fits(writer, t, promoted) {
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

// promotions are those of the specification, section "Schema Resolution".
var promotions = map[avro.Type][]avro.Type{
	avro.Int:    {avro.Long, avro.Float, avro.Double},
	avro.Long:   {avro.Float, avro.Double},
	avro.Float:  {avro.Double},
	avro.String: {avro.Bytes},
	avro.Bytes:  {avro.String},
}

func (r *avroReader) record(w, want *avro.RecordSchema, at string) any {
	wanted := map[*avro.Field]*avro.Field{} // the writer's to the reader's
	object := map[string]any{}
	if want != nil {
		for _, f := range want.Fields() {
			name := field(at, f.Name())
			switch written := writtenField(w.Fields(), f); {
			case written != nil:
				wanted[written] = f
			case f.HasDefault():
				object[f.Name()] = defaultOfField(f)
				r.defaulted = append(r.defaulted, name)
			default:
				r.missing = append(r.missing, name)
			}
		}
	}
	for _, f := range w.Fields() {
		if mine := wanted[f]; mine != nil {
			object[mine.Name()] = r.read(f.Type(), mine.Type(), field(at, mine.Name()))
			continue
		}
		if want != nil {
			r.ignored = append(r.ignored, field(at, f.Name()))
		}
		r.read(f.Type(), nil, "")
	}
	return object
}

func (r *avroReader) enum(w, want *avro.EnumSchema, at string) any {
	i := r.in.ReadInt()
	symbol, ok := w.Symbol(int(i))
	switch {
	case !ok:
		r.in.ReportError("read", fmt.Sprintf("%s: got symbol %d of an enum of %d", at, i, len(w.Symbols())))
	case want == nil:
	case slices.Contains(want.Symbols(), symbol):
		return symbol
	case want.HasDefault():
		r.defaulted = append(r.defaulted, at)
		return want.Default()
	default:
		r.fail(at, "got the symbol %s, want one of %v, which the reader knows", symbol, want.Symbols())
	}
	return nil
}
