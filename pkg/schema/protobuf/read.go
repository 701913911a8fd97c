package protobuf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// mostMessages bounds the messages within a value: an empty one takes two bytes, and far more when it is shown.
const mostMessages = 100_000

// Read implements schema.Codec. The bytes are read by the writer's message and by the reader's of the same name, as an
// application would, and the two are compared: what the writer wrote must not have become something else.
func (c *codec) Read(writer schema.Codec, payload []byte) (schema.Decoded, error) {
	from := writer.(*codec)
	path, body, err := cutIndexes(payload)
	if err != nil {
		return schema.Decoded{}, err
	}
	written, err := from.at(path)
	if err != nil {
		return schema.Decoded{}, err
	}
	wanted, err := c.message(string(written.FullName()))
	if err != nil {
		return schema.Decoded{}, &schema.MismatchError{Reason: err.Error()}
	}
	w, err := from.parse(written, body)
	if err != nil {
		return schema.Decoded{}, err
	}
	r, err := c.parse(wanted, body)
	if err != nil {
		return schema.Decoded{}, err
	}
	see := &comparison{}
	see.message(w, r, "")
	if see.err != nil {
		return schema.Decoded{}, see.err
	}
	if missing := missingIn(r, ""); len(missing) > 0 {
		return schema.Decoded{}, &schema.MissingError{Fields: missing}
	}
	text, err := c.show(r)
	if err != nil {
		return schema.Decoded{}, err
	}
	return schema.Decoded{JSON: text, Defaulted: distinct(see.defaulted), Ignored: distinct(see.ignored),
		Message: string(written.FullName())}, nil
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// parse reads bytes as a message. What it does not know stays beside it.
func (c *codec) parse(d protoreflect.MessageDescriptor, b []byte) (protoreflect.Message, error) {
	m := dynamicpb.NewMessage(d)
	options := proto.UnmarshalOptions{AllowPartial: true, Resolver: c.types, RecursionLimit: mostDeep}
	if err := options.Unmarshal(b, m); err != nil {
		return nil, mismatchf("", "the %d bytes behind the header are no %s: %s; they were not written by the schema that "+
			"their id names", len(b), d.FullName(), textOf(err))
	}
	if count := messagesIn(m); count > mostMessages {
		return nil, mismatchf("", "got %d messages within one record, want at most %d", count, mostMessages)
	}
	return m, nil
}

func messagesIn(m protoreflect.Message) int {
	count := 1
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		eachWithin(f, v, "", func(inner protoreflect.Message, _ string) { count += messagesIn(inner) })
		return true
	})
	return count
}

// comparison is what became of a writer's message at its reader.
type comparison struct {
	defaulted, ignored []string
	err                error // the first
}

func (c *comparison) fail(at, format string, args ...any) {
	if c.err == nil {
		c.err = mismatchf(at, format, args...)
	}
}

func (c *comparison) message(w, r protoreflect.Message, at string) {
	c.unknown(w, at)
	known := r.Descriptor().Fields()
	written := w.Descriptor().Fields()
	w.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := below(at, string(f.Name()))
		mine := known.ByNumber(f.Number())
		switch {
		case f.IsExtension():
		case mine == nil:
			c.ignored = append(c.ignored, name)
		default:
			c.field(f, mine, v, r, below(at, string(mine.Name())))
		}
		return c.err == nil
	})
	for i := range known.Len() {
		f := known.Get(i)
		name := below(at, string(f.Name()))
		switch {
		case r.Has(f) || f.Cardinality() == protoreflect.Required:
		case f.HasPresence() && f.HasDefault():
			r.Set(f, f.Default())
			c.defaulted = append(c.defaulted, name)
		case !f.HasPresence() && written.ByNumber(f.Number()) == nil:
			c.defaulted = append(c.defaulted, name)
		}
	}
}

// unknown looks at what the writer's own message does not explain.
func (c *comparison) unknown(w protoreflect.Message, at string) {
	for b := w.GetUnknown(); len(b) > 0; {
		number, kind, size := protowire.ConsumeField(b)
		if size < 0 {
			return // the parser has seen to it
		}
		if f := w.Descriptor().Fields().ByNumber(number); f == nil {
			c.ignored = append(c.ignored, below(at, fmt.Sprintf("field %d", number)))
		} else if f.Enum() == nil || kind != protowire.VarintType {
			c.fail(below(at, string(f.Name())), "got bytes that are no %s in field %d: they were not written by the schema "+
				"that their id names", f.Kind(), number)
		}
		b = b[size:]
	}
}

// field holds what a writer wrote in a field against what its reader has.
func (c *comparison) field(f, mine protoreflect.FieldDescriptor, v protoreflect.Value, r protoreflect.Message,
	at string) {
	if unknownToClosed(mine, r) {
		r.Clear(mine)
		return
	}
	if !r.Has(mine) {
		if f.IsList() || f.IsMap() || mine.IsList() || mine.IsMap() || !same(v, r.Get(mine)) {
			c.fail(at, "field %d was written as %s, and cannot be read as %s", f.Number(), kindOf(f), kindOf(mine))
		}
		return
	}
	got := r.Get(mine)
	switch {
	case f.IsMap() != mine.IsMap() || f.IsMap() && f.MapKey().Kind() != mine.MapKey().Kind():
		c.fail(at, "field %d was written as %s, and cannot be read as %s", f.Number(), kindOf(f), kindOf(mine))
	case f.IsMap():
		v.Map().Range(func(key protoreflect.MapKey, inner protoreflect.Value) bool {
			c.value(f.MapValue(), mine.MapValue(), inner, got.Map().Get(key), below(at, key.String()))
			return c.err == nil
		})
	case f.IsList() && mine.IsList():
		c.list(f, mine, v.List(), got.List(), at)
	case f.IsList():
		if n := v.List().Len(); n > 1 {
			c.fail(at, "got a list of %d, want one value, which the reader has", n)
			return
		}
		c.value(f, mine, v.List().Get(0), got, at)
	case mine.IsList():
		c.value(f, mine, v, got.List().Get(got.List().Len()-1), at)
	default:
		c.value(f, mine, v, got, at)
	}
}

// unknownToClosed says that a field has a value that its enum does not have, and that such are no values (proto2).
func unknownToClosed(f protoreflect.FieldDescriptor, m protoreflect.Message) bool {
	return f.Enum() != nil && !f.IsList() && f.Enum().IsClosed() && m.Has(f) &&
		f.Enum().Values().ByNumber(m.Get(f).Enum()) == nil
}

func (c *comparison) list(f, mine protoreflect.FieldDescriptor, v, got protoreflect.List, at string) {
	if v.Len() != got.Len() {
		c.fail(at, "got a list of %d %s, of which %d can be read as %s", v.Len(), f.Kind(), got.Len(), mine.Kind())
		return
	}
	for i := 0; i < v.Len() && c.err == nil; i++ {
		c.value(f, mine, v.Get(i), got.Get(i), at)
	}
}

func (c *comparison) value(f, mine protoreflect.FieldDescriptor, v, got protoreflect.Value, at string) {
	switch {
	case !got.IsValid():
		c.fail(at, "what was written as %s cannot be read as %s", kindOf(f), kindOf(mine))
	case f.Message() != nil && mine.Message() != nil:
		c.message(v.Message(), got.Message(), at)
	case !same(v, got):
		c.fail(at, "got %.100s, written as %s, which read as %s is %.100s", v.String(), kindOf(f), kindOf(mine),
			got.String())
	}
}

// show is a message as JSON.
func (c *codec) show(m protoreflect.Message) ([]byte, error) {
	options := protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true, AllowPartial: true,
		Resolver: c.types}
	text, err := options.Marshal(m.Interface())
	if err != nil {
		return nil, mismatchf("", "%s has no form in JSON: %s", m.Descriptor().FullName(), textOf(err))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, mismatchf("", "%s has no form in JSON: %v", m.Descriptor().FullName(), err)
	}
	return json.Marshal(numbers(m.Descriptor(), value))
}
