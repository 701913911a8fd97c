package record

import (
	"strconv"
	"strings"
)

// A comparison first groups patterns that say the same and records that are the same, and then finds for each group of
// patterns the groups of records it matches. Patterns that name literal values find them by a hash of those values, so that ten
// thousand plain rows against ten thousand records cost ten thousand look-ups; only the rest is tried one by one.

// group is a number of equal patterns or equal records, by their indexes.
type group struct{ members []int }

// candidates is a bipartite graph: edges[p] lists the record groups that pattern group p matches, ascending.
type candidates struct {
	patterns []group
	records  []group
	edges    [][]int32
}

func findCandidates(want []Pattern, got []Record) *candidates {
	c := &candidates{}
	patternKeys := make(map[string]int, len(want))
	var looks looksAt
	for i := range want {
		c.patterns = addTo(c.patterns, patternKeys, want[i].identity(), i)
		looks.add(&want[i])
	}
	recordKeys := make(map[string]int, len(got))
	var key []byte
	for i := range got {
		key = looks.identity(key[:0], &got[i])
		c.records = addTo(c.records, recordKeys, string(key), i)
	}
	views := make([]view, len(c.records))
	for i, g := range c.records {
		views[i].Record = &got[g.members[0]]
	}
	c.edges = make([][]int32, len(c.patterns))
	indexes := map[string]map[string][]int32{}
	for i, g := range c.patterns {
		c.edges[i] = matching(&want[g.members[0]], views, indexes)
	}
	return c
}

func addTo(groups []group, keys map[string]int, key string, member int) []group {
	i, ok := keys[key]
	if !ok {
		i = len(groups)
		keys[key] = i
		groups = append(groups, group{})
	}
	groups[i].members = append(groups[i].members, member)
	return groups
}

// matching gives the records a pattern matches, through an index on the literal values it names.
func matching(p *Pattern, views []view, indexes map[string]map[string][]int32) []int32 {
	var found []int32
	s := p.shape()
	if len(s) == 0 {
		for i := range views {
			if p.matches(&views[i]) {
				found = append(found, int32(i))
			}
		}
		return found
	}
	name := s.name()
	index, ok := indexes[name]
	if !ok {
		index = map[string][]int32{}
		var key []byte
		for i := range views {
			if key, ok = s.project(key[:0], &views[i]); ok {
				index[string(key)] = append(index[string(key)], int32(i))
			}
		}
		indexes[name] = index
	}
	for _, i := range index[s.key()] {
		if p.matches(&views[i]) {
			found = append(found, i)
		}
	}
	return found
}

func (p *Pattern) matches(v *view) bool {
	quick := collector{quick: true}
	p.check(&quick, v)
	return !quick.failed
}

// identity is equal for patterns that say the same in the same words.
func (p *Pattern) identity() string {
	var b []byte
	b = append(b, p.topic...)
	for _, e := range []*expectation{p.partition, p.offset, p.key, p.value} {
		b = e.identity(append(b, 0))
	}
	for _, h := range p.headers {
		b = h.want.identity(append(strconv.AppendQuote(append(b, 0), h.key), '='))
	}
	if p.timestamp != nil {
		b = append(append(b, 0), p.timestamp.operator...)
		b = strconv.AppendInt(b, p.timestamp.at.UnixMilli(), 10)
	}
	return string(b)
}

func (e *expectation) identity(b []byte) []byte {
	switch {
	case e == nil:
		return b
	case e.matcher != nil:
		return strconv.AppendQuote(append(b, 'm'), e.matcher.text)
	case e.tree != nil:
		return e.tree.append(append(b, 'j'))
	}
	return appendBytes(b, e.bytes)
}

// appendBytes keeps null, empty and every length apart.
func appendBytes(b, value []byte) []byte {
	if value == nil {
		return append(b, '-', ':')
	}
	b = strconv.AppendInt(b, int64(len(value)), 10)
	return append(append(b, ':'), value...)
}

// looksAt says which of the fields that differ from record to record any pattern asks about.
type looksAt struct{ partition, offset, timestamp, headers bool }

func (l *looksAt) add(p *Pattern) {
	l.partition = l.partition || p.partition != nil
	l.offset = l.offset || p.offset != nil
	l.timestamp = l.timestamp || p.timestamp != nil
	l.headers = l.headers || len(p.headers) > 0
}

// identity is equal for records that no pattern can tell apart.
func (l *looksAt) identity(b []byte, r *Record) []byte {
	b = append(b, r.Topic...)
	b = appendBytes(append(b, 0), r.Key)
	b = appendBytes(b, r.Value)
	if l.partition {
		b = strconv.AppendInt(append(b, 'p'), int64(r.Partition), 10)
	}
	if l.offset {
		b = strconv.AppendInt(append(b, 'o'), r.Offset, 10)
	}
	if l.timestamp {
		b = strconv.AppendInt(append(b, 't'), r.Timestamp.UnixMilli(), 10)
	}
	if l.headers {
		for _, h := range r.Headers {
			b = strconv.AppendQuote(append(b, 'h'), h.Key)
			b = appendBytes(b, h.Value)
		}
	}
	return b
}

// shape is the literal values a pattern names, each with where it is looked for.
type shape []literalAt

type literalAt struct {
	field string   // "topic", "key", "bytes" (of the value), "json" (the whole value), "field"
	path  []string // of "field"
	key   []byte   // the wanted value in the form project gives
}

// indexedFields bounds how many JSON fields go into an index; the rest is compared afterwards.
const indexedFields = 8

func (p *Pattern) shape() shape {
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

func (s shape) key() string {
	var b []byte
	for _, l := range s {
		b = appendBytes(b, l.key)
	}
	return string(b)
}

// project gives a record's values of the shape's fields, and false when it has not all of them.
func (s shape) project(b []byte, v *view) ([]byte, bool) {
	for _, l := range s {
		var value []byte
		switch l.field {
		case "topic":
			value = appendBytes(nil, []byte(v.Topic))
		case "key":
			value = appendBytes(nil, v.Key)
		case "bytes":
			value = appendBytes(nil, v.Value)
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
			value = appendCanonical(nil, document)
		}
		b = appendBytes(b, value)
	}
	return b, true
}
