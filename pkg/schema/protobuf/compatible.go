package protobuf

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// CanRead implements schema.Codec by the rules of Confluent's registry. Allowed are new and removed fields that are
// not required, new names of fields, new messages, enums and their values in any way, other types of the same group
// (whole numbers, signed ones, text and bytes, each width of fixed numbers), and what is reserved or is so no more.
// Refused are a removed message, another package, other types, required fields that come or go, a field removed from a
// oneof that stays, fields moved into one oneof of which several could be set at a time, and numbers that become a list
// or stop being one.
func (c *codec) CanRead(writer schema.Codec) error {
	from := writer.(*codec)
	if from.file.Package() != c.file.Package() {
		return fmt.Errorf("the package %q becomes %q", from.file.Package(), c.file.Package())
	}
	d := &difference{seen: map[protoreflect.FullName]bool{}}
	d.messages(from.file.Messages(), c.file.Messages())
	return errors.Join(d.errs...)
}

// difference is what a registry minds between two versions.
type difference struct {
	seen map[protoreflect.FullName]bool
	errs []error
}

func (d *difference) add(format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf(format, args...))
}

func (d *difference) messages(old, next protoreflect.MessageDescriptors) {
	for i := range old.Len() {
		m := old.Get(i)
		switch now := next.ByName(m.Name()); {
		case m.IsMapEntry():
		case now == nil:
			d.add("the message %s is removed", m.FullName())
		default:
			d.message(m, now)
		}
	}
}

func (d *difference) message(old, next protoreflect.MessageDescriptor) {
	if d.seen[old.FullName()] {
		return
	}
	d.seen[old.FullName()] = true
	for i := range old.Fields().Len() {
		f := old.Fields().Get(i)
		now := next.Fields().ByNumber(f.Number())
		switch {
		case now != nil:
			d.field(f, now)
		case f.Cardinality() == protoreflect.Required:
			d.add("%s: the required field %d is removed", f.FullName(), f.Number())
		case oneofOf(f) != nil && next.Oneofs().ByName(oneofOf(f).Name()) != nil:
			d.add("%s: field %d is removed from the oneof %s, which stays", f.FullName(), f.Number(), oneofOf(f).Name())
		}
	}
	for i := range next.Fields().Len() {
		f := next.Fields().Get(i)
		was := old.Fields().ByNumber(f.Number())
		if f.Cardinality() == protoreflect.Required && (was == nil || was.Cardinality() != protoreflect.Required) {
			d.add("%s: field %d is required, and was not", f.FullName(), f.Number())
		}
	}
	for i := range next.Oneofs().Len() {
		if o := next.Oneofs().Get(i); !o.IsSynthetic() {
			d.oneof(old, o)
		}
	}
	d.messages(old.Messages(), next.Messages())
}

// oneof looks at where the fields of a oneof were: of several that could be set at a time one would be left.
func (d *difference) oneof(old protoreflect.MessageDescriptor, next protoreflect.OneofDescriptor) {
	alone, oneofs := 0, map[protoreflect.Name]bool{}
	for i := range next.Fields().Len() {
		was := old.Fields().ByNumber(next.Fields().Get(i).Number())
		switch {
		case was == nil:
		case oneofOf(was) == nil:
			alone++
		default:
			oneofs[oneofOf(was).Name()] = true
		}
	}
	switch {
	case alone > 1:
		d.add("%s: %d fields are moved into the oneof", next.FullName(), alone)
	case alone == 1 && len(oneofs) > 0:
		d.add("%s: a field is moved into the oneof, which had others before", next.FullName())
	case len(oneofs) > 1:
		d.add("%s: fields of %d oneofs are moved into one", next.FullName(), len(oneofs))
	}
}

// oneofOf is the oneof of a field; nil for that of the word optional alone.
func oneofOf(f protoreflect.FieldDescriptor) protoreflect.OneofDescriptor {
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		return o
	}
	return nil
}

func (d *difference) field(old, next protoreflect.FieldDescriptor) {
	if old.IsMap() && next.IsMap() {
		d.types(old.MapKey(), next.MapKey(), old, next)
		d.types(old.MapValue(), next.MapValue(), old, next)
		return
	}
	if old.IsMap() != next.IsMap() {
		d.add("%s: field %d changes from %s to %s", next.FullName(), next.Number(), kindOf(old), kindOf(next))
		return
	}
	d.types(old, next, old, next)
}

// types compares the types of fields, or of the keys or values of maps, whose fields are shown.
func (d *difference) types(old, next, shownOld, shown protoreflect.FieldDescriptor) {
	changed := false
	switch {
	case (old.Message() != nil) != (next.Message() != nil):
		changed = true
	case old.Message() != nil:
		if changed = local(old.Message()) != local(next.Message()); !changed &&
			old.Message().ParentFile() != shownOld.ParentFile() {
			d.message(old.Message(), next.Message()) // of an imported file
		}
	case groups[old.Kind()] != groups[next.Kind()]:
		changed = true
	default:
		changed = old.IsList() != next.IsList() && groups[old.Kind()] != textOrBytes
	}
	if changed {
		d.add("%s: field %d changes from %s to %s", shown.FullName(), shown.Number(), kindOf(shownOld), kindOf(shown))
	}
}

// local is a message's name without its package.
func local(m protoreflect.MessageDescriptor) string {
	return (&codec{file: m.ParentFile()}).short(m)
}

const textOrBytes = 5

// groups are the kinds that have the same form on the wire: https://protobuf.dev/programming-guides/proto3/#updating
var groups = map[protoreflect.Kind]int{
	protoreflect.Int32Kind: 1, protoreflect.Int64Kind: 1, protoreflect.Uint32Kind: 1, protoreflect.Uint64Kind: 1,
	protoreflect.BoolKind: 1, protoreflect.EnumKind: 1,
	protoreflect.Sint32Kind: 2, protoreflect.Sint64Kind: 2,
	protoreflect.Fixed32Kind: 3, protoreflect.Sfixed32Kind: 3,
	protoreflect.Fixed64Kind: 4, protoreflect.Sfixed64Kind: 4,
	protoreflect.StringKind: textOrBytes, protoreflect.BytesKind: textOrBytes,
	protoreflect.FloatKind: 6, protoreflect.DoubleKind: 7,
}
