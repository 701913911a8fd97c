package screen

import (
	"reflect"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// A layout says how the body of one version of a request is laid out, so that a frame can be checked before kmsg
// decodes it: kmsg allocates what an array's length claims, and counts tags up to a number that the frame claims.
//
// Layouts are learnt from kmsg itself. A message is encoded, one field is changed, and it is encoded again: what did
// not change is not part of that version, and how the length changed tells a field from a tagged field. Source of the
// encodings: https://kafka.apache.org/protocol#protocol_types and KIP-482 (tagged fields).
type layout struct {
	fields   []field
	flexible bool // strings, bytes and arrays have compact lengths, and every structure ends with tags
}

type field struct {
	kind   kind
	size   int     // of kind fixed, in bytes
	memory int     // of one element of an array once decoded, in bytes
	of     []field // the element of an array as one field, or the fields of a structure
}

type kind int

const (
	fixed     kind = iota
	text           // a string
	blob           // bytes
	array          // a length, then elements
	structure      // fields, then tags
	optional       // a byte that is negative for null, then a structure
	nested         // a tagged field that holds structures, which have tags of their own
)

type layoutKey struct{ key, version int16 }

var layouts sync.Map // layoutKey -> *layout; a cache: each is the same whenever it is learnt

// layoutOf returns the layout of a request; nil for one that kmsg does not know.
func layoutOf(key, version int16) *layout {
	if known, ok := layouts.Load(layoutKey{key, version}); ok {
		return known.(*layout)
	}
	request := kmsg.RequestForKey(key)
	if request == nil || version < 0 || version > request.MaxVersion() {
		return nil
	}
	request.SetVersion(version)
	p := probe{request}
	message := reflect.ValueOf(request).Elem()
	fill(message)
	learnt := &layout{fields: p.fields(message), flexible: request.IsFlexible()}
	layouts.Store(layoutKey{key, version}, learnt)
	return learnt
}

// fill gives every list one element and every optional structure a value; all else keeps its default.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.Uint8 {
				continue
			}
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			if e := f.Index(0); e.Kind() == reflect.Struct {
				setDefaults(e)
				fill(e)
			}
		case reflect.Pointer:
			if f.Type().Elem().Kind() == reflect.Struct {
				f.Set(reflect.New(f.Type().Elem()))
				setDefaults(f.Elem())
				fill(f.Elem())
			}
		case reflect.Struct:
			if f.CanSet() && v.Type().Field(i).IsExported() {
				fill(f)
			}
		}
	}
}

func setDefaults(v reflect.Value) {
	if d, ok := v.Addr().Interface().(interface{ Default() }); ok {
		d.Default()
	}
}

// probe learns the fields of a message by changing it.
type probe struct{ request kmsg.Request }

// with encodes the message with a field set to a value, and sets it back.
func (p probe) with(f, value reflect.Value) []byte {
	before := reflect.ValueOf(f.Interface())
	f.Set(value)
	defer f.Set(before)
	return p.request.AppendTo(nil)
}

// fields are those of a structure that lies somewhere within the message.
func (p probe) fields(v reflect.Value) []field {
	var found []field
	for i := range v.NumField() {
		declared := v.Type().Field(i)
		if !declared.IsExported() || declared.Name == "Version" && v.Addr().Interface() == any(p.request) ||
			declared.Type == reflect.TypeFor[kmsg.Tags]() {
			continue
		}
		if f, ok := p.field(v.Field(i)); ok {
			found = append(found, f)
		}
	}
	return found
}

// field learns one; false where it is no part of this version, or a tagged field without structures in it.
func (p probe) field(v reflect.Value) (field, bool) {
	const more = "xyz"
	base := p.request.AppendTo(nil)
	switch v.Kind() {
	case reflect.String:
		return field{kind: text}, len(p.with(v, reflect.ValueOf(v.String()+more).Convert(v.Type()))) == len(base)+len(more)
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct {
			return p.optional(v, len(base))
		}
		long := more
		null, filled := p.with(v, reflect.Zero(v.Type())), p.with(v, reflect.ValueOf(&long))
		return field{kind: text}, len(filled) == len(null)+len(more)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			empty, filled := p.with(v, reflect.ValueOf([]byte{})), p.with(v, reflect.ValueOf([]byte(more)))
			return field{kind: blob}, len(filled) == len(empty)+len(more)
		}
		return p.array(v, len(base))
	case reflect.Struct:
		return p.structure(v, len(base))
	}
	changed := p.with(v, other(v))
	return field{kind: fixed, size: int(v.Type().Size())}, len(changed) == len(base) && string(changed) != string(base)
}

// other is a value of the type that differs from v.
func other(v reflect.Value) reflect.Value {
	o := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Bool:
		o.SetBool(!v.Bool())
	case reflect.Array:
		o.Index(0).SetUint(v.Index(0).Uint() ^ 1)
	case reflect.Float64:
		o.SetFloat(v.Float() + 1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		o.SetUint(v.Uint() ^ 1)
	default:
		o.SetInt(v.Int() ^ 1)
	}
	return o
}

func (p probe) array(v reflect.Value, base int) (field, bool) {
	one := v.Index(0)
	none := len(p.with(v, reflect.Zero(v.Type())))
	if none == base {
		return field{}, false
	}
	two := reflect.MakeSlice(v.Type(), 0, 2)
	size := len(p.with(v, reflect.Append(two, one, one))) - base // of the element
	element := field{kind: structure}
	if one.Kind() == reflect.Struct {
		element.of = p.fields(one)
	} else {
		element = scalar(v.Type().Elem())
	}
	if base-none != size { // the element and the tag around it
		return field{kind: nested}, one.Kind() == reflect.Struct
	}
	return field{kind: array, memory: max(int(v.Type().Elem().Size()), 1), of: []field{element}}, true
}

// scalar is the field of an element that is no structure.
func scalar(t reflect.Type) field {
	switch t.Kind() {
	case reflect.String, reflect.Pointer:
		return field{kind: text}
	case reflect.Slice:
		return field{kind: blob}
	}
	return field{kind: fixed, size: int(t.Size())}
}

func (p probe) optional(v reflect.Value, base int) (field, bool) {
	null := len(p.with(v, reflect.Zero(v.Type())))
	if null == base {
		return field{}, false
	}
	of := p.fields(v.Elem())
	return field{kind: optional, of: of}, true
}

// structure learns one that is not a list's. A tagged one is left out while all of it has its defaults.
func (p probe) structure(v reflect.Value, base int) (field, bool) {
	of := p.fields(v)
	if len(of) > 0 {
		return field{kind: structure, of: of}, true
	}
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() >= reflect.Bool && f.Kind() <= reflect.Float64 && len(p.with(f, other(f))) != base {
			return field{kind: nested}, true
		}
	}
	return field{}, false
}
