package record

import (
	"strconv"
	"strings"
)

// shape is the literal values a pattern names, each with where it is looked for.
type shape []literalAt

type literalAt struct {
	field string   // "topic", "key", "bytes" (the value), "json" (the value as JSON), "field" (of the value)
	path  []string // of "field"
	key   []byte   // the wanted value in the form project gives
}

// indexedFields bounds how many JSON fields go into an index; the rest is compared afterwards.
const indexedFields = 8

func (p *Pattern) shape(exactText bool) shape {
	var s shape
	if p.topic != "" {
		s = append(s, literalAt{field: "topic", key: appendBytes(nil, []byte(p.topic))})
	}
	if p.key != nil && p.key.tree == nil && p.key.matcher == nil {
		s = append(s, literalAt{field: "key", key: appendBytes(nil, p.key.bytes)})
	}
	switch {
	case p.value == nil || p.value.matcher != nil:
	case p.value.tree == nil:
		s = append(s, literalAt{field: "bytes", key: appendBytes(nil, p.value.bytes)})
	case exactText && p.value.raw != nil:
		s = append(s, literalAt{field: "bytes", key: appendBytes(nil, p.value.raw)})
	default:
		if v, ok := p.value.tree.literalValue(); ok {
			return append(s, literalAt{field: "json", key: appendCanonical(nil, v)})
		}
		s = p.value.tree.literals(s, nil)
	}
	return s
}

// literals adds the literal fields of an object that is not literal as a whole.
func (n *node) literals(s shape, path []string) shape {
	for _, f := range n.fields {
		if len(s) >= indexedFields {
			return s
		}
		at := append(path[:len(path):len(path)], f.name)
		if v, ok := f.node.literalValue(); ok {
			s = append(s, literalAt{field: "field", path: at, key: appendCanonical(nil, v)})
		} else {
			s = f.node.literals(s, at)
		}
	}
	return s
}

// literalValue gives the one document that a node matches, if there is but one.
func (n *node) literalValue() (any, bool) {
	switch {
	case n.literal:
		return n.value, true
	case n.matcher != nil || !n.list && !n.exact:
		return nil, false
	case n.list:
		list := make([]any, len(n.elements))
		for i, e := range n.elements {
			v, ok := e.literalValue()
			if !ok {
				return nil, false
			}
			list[i] = v
		}
		return list, true
	}
	object := make(map[string]any, len(n.fields))
	for _, f := range n.fields {
		v, ok := f.node.literalValue()
		if !ok {
			return nil, false
		}
		object[f.name] = v
	}
	return object, true
}

// name is equal for shapes that look at the same fields.
func (s shape) name() string {
	var b strings.Builder
	for _, l := range s {
		b.WriteString(l.field)
		for _, step := range l.path {
			b.WriteString(strconv.Quote(step))
		}
		b.WriteByte(',')
	}
	return b.String()
}

// cheap is how many of the literals at the front need no parsing.
func (s shape) cheap() int {
	for i, l := range s {
		if l.field == "json" || l.field == "field" {
			return i
		}
	}
	return len(s)
}

func (s shape) key() string {
	var b []byte
	for _, l := range s {
		b = appendBytes(b, l.key)
	}
	return string(b)
}

// project gives a record's values of the shape's fields, and false when it has not all of them.
func (s shape) project(b []byte, v *view) ([]byte, bool) {
	var value []byte
	for _, l := range s {
		value = value[:0]
		switch l.field {
		case "topic":
			value = appendBytes(value, []byte(v.Topic))
		case "key":
			value = appendBytes(value, v.Key)
		case "bytes":
			value = appendBytes(value, v.Value)
		default:
			document, ok := v.document()
			for _, step := range l.path {
				if ok {
					document, ok = lookup(document, step)
				}
			}
			if !ok {
				return b, false
			}
			value = appendCanonical(value, document)
		}
		b = appendBytes(b, value)
	}
	return b, true
}

// indexes find records by the literal values patterns name, one index for each shape.
type indexes struct {
	byShape map[string]*index
	all     []int32 // for patterns without a literal value
}

type index struct {
	wanted  map[string]bool // values of the cheap literals that any pattern names: other records need no parsing
	records map[string][]int32
}

// expect notes what will be looked for; all patterns are noted before the first find.
func (x *indexes) expect(s shape) {
	if len(s) == 0 {
		return
	}
	name := s.name()
	if x.byShape[name] == nil {
		x.byShape[name] = &index{wanted: map[string]bool{}}
	}
	x.byShape[name].wanted[s[:s.cheap()].key()] = true
}

// find gives the records that have the values of s, ascending.
func (x *indexes) find(s shape, views []view) []int32 {
	if len(s) == 0 {
		if x.all == nil {
			x.all = make([]int32, len(views))
			for i := range x.all {
				x.all[i] = int32(i)
			}
		}
		return x.all
	}
	at := x.byShape[s.name()]
	if at.records == nil {
		at.fill(s, views)
	}
	return at.records[s.key()]
}

func (x *index) fill(s shape, views []view) {
	x.records = map[string][]int32{}
	cheap, costly := s[:s.cheap()], s[s.cheap():]
	var key []byte
	for i := range views {
		key, _ = cheap.project(key[:0], &views[i])
		if !x.wanted[string(key)] {
			continue
		}
		var ok bool
		if key, ok = costly.project(key, &views[i]); ok {
			x.records[string(key)] = append(x.records[string(key)], int32(i))
		}
	}
}
