package record

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// node is what is expected of a key, a value, a header or a part of a JSON document: exact bytes, what a matcher says,
// or JSON: a literal, an object or a list.
type node struct {
	text     string             // of a cell or matcher, as written
	isBytes  bool               // bytes count; nil is null
	bytes    []byte             //
	matches  func(subject) bool // of a matcher
	literal  bool
	value    any         // of a literal
	fields   []nodeField // of an object, or of the named parts of one
	exact    bool        // an object with no other fields
	list     bool
	elements []*node // of a list, all of them
}

type nodeField struct {
	name string
	node *node
}

// exactTree expects a document as it is; strings that are matchers match.
func exactTree(v any) (*node, error) {
	switch v := v.(type) {
	case string:
		return parseExpectation(v, placeText)
	case []any:
		n := &node{list: true}
		for _, e := range v {
			child, err := exactTree(e)
			if err != nil {
				return nil, err
			}
			n.elements = append(n.elements, child)
		}
		return n, nil
	case map[string]any:
		n := &node{exact: true}
		for _, name := range sortedNames(v) {
			child, err := exactTree(v[name])
			if err != nil {
				return nil, fmt.Errorf("field %q: %w", name, err)
			}
			n.fields = append(n.fields, nodeField{name, child})
		}
		return n, nil
	default:
		return &node{literal: true, value: v}, nil
	}
}

// put adds an expected field at a path below n; the columns of a table are checked not to collide.
func (n *node) put(path []string, leaf *node) {
	for i := range n.fields {
		if n.fields[i].name != path[0] {
			continue
		}
		n.fields[i].node.put(path[1:], leaf)
		return
	}
	if len(path) > 1 {
		inner := &node{exact: n.exact}
		inner.put(path[1:], leaf)
		leaf = inner
	}
	n.fields = append(n.fields, nodeField{path[0], leaf})
}

// isJSON says that a document is compared, or a part of one.
func (n *node) isJSON() bool { return n != nil && !n.isBytes && n.matches == nil }

// takes says that a subject is as expected.
func (n *node) takes(s subject) bool {
	quick := &collector{quick: true}
	n.check(quick, "", s)
	return !quick.failed
}

func (n *node) check(c *collector, path string, s subject) {
	switch {
	case c.enough():
	case n.matches != nil:
		if !n.matches(s) {
			c.differs(path, n, s)
		}
	case n.isBytes:
		if s.json || (n.bytes == nil) != s.null || !bytes.Equal(n.bytes, s.bytes) {
			c.add(path, func() (want, got string) { return showPair(n.bytes, s.bytes) })
		}
	case !s.json:
		if document, ok := s.document(); ok {
			n.check(c, path, nodeSubject(document, true))
		} else {
			c.differs(path, n, s)
		}
	case !s.present && n.partial():
		for _, f := range n.fields { // so that a missing object names the fields one wanted from it
			f.node.check(c, below(c, path, f.name), s)
		}
	case !s.present:
		c.differs(path, n, s)
	case n.literal:
		n.checkLiteral(c, path, s)
	case n.list:
		n.checkList(c, path, s)
	default:
		n.checkObject(c, path, s)
	}
}

func (n *node) checkLiteral(c *collector, path string, s subject) {
	if equalJSON(n.value, s.node) {
		return
	}
	want, isText := n.value.(string)
	if got, ok := s.node.(string); ok && isText {
		c.add(path, func() (string, string) { return showTexts(want, got, quote) })
	} else {
		c.differs(path, n, s)
	}
}

func (n *node) checkList(c *collector, path string, s subject) {
	list, ok := s.node.([]any)
	if !ok {
		c.differs(path, n, s)
		return
	}
	if len(list) != len(n.elements) {
		c.add(path, func() (want, got string) {
			return plural(len(n.elements), "element"), plural(len(list), "element")
		})
	}
	for i := range min(len(list), len(n.elements)) {
		n.elements[i].check(c, below(c, path, strconv.Itoa(i)), nodeSubject(list[i], true))
	}
}

func (n *node) checkObject(c *collector, path string, s subject) {
	object, isObject := s.node.(map[string]any)
	_, isList := s.node.([]any)
	if s.node == nil && !n.exact && n.wantsNothing() {
		return // null, as an optional record of Avro, has no field
	}
	if !isObject && (n.exact || !isList || len(n.fields) == 0) {
		c.differs(path, n, s)
		return
	}
	for _, f := range n.fields {
		v, present := lookup(s.node, f.name)
		f.node.check(c, below(c, path, f.name), nodeSubject(v, present))
	}
	if !n.exact {
		return
	}
	for _, name := range sortedNames(object) {
		if !slices.ContainsFunc(n.fields, func(f nodeField) bool { return f.name == name }) {
			c.add(below(c, path, name), func() (want, got string) { return "absent", showJSON(object[name]) })
		}
	}
}

// wantsNothing is true of an object of which only absent fields are wanted.
func (n *node) wantsNothing() bool {
	return len(n.fields) > 0 && !slices.ContainsFunc(n.fields, func(f nodeField) bool {
		return !f.node.isMatcher(matchAbsent) && !f.node.wantsNothing()
	})
}

func below(c *collector, path, name string) string {
	if c.quick {
		return ""
	}
	return inside(path, name)
}

// show writes the expectation the way it could be written as JSON.
func (n *node) show() string { return shorten(string(n.append(nil)), shownLength) }

func (n *node) append(b []byte) []byte {
	n.write(func(text string) { b = append(b, text...) }, func(leaf *node) {
		if leaf.matches != nil {
			b = append(b, leaf.text...)
		} else {
			b = append(b, appendJSON(nil, leaf.value)...)
		}
	})
	return b
}

// write gives the parts of the tree as JSON, in their order; leaf writes literals and matchers.
func (n *node) write(text func(string), leaf func(*node)) {
	comma := ""
	switch {
	case n.matches != nil || n.literal:
		leaf(n)
	case n.list:
		text("[")
		for _, e := range n.elements {
			text(comma)
			e.write(text, leaf)
			comma = ","
		}
		text("]")
	default:
		text("{")
		for _, f := range n.fields {
			text(comma + quote(f.name) + ":")
			f.node.write(text, leaf)
			comma = ","
		}
		if !n.exact {
			text(comma + "…")
		}
		text("}")
	}
}

// written is the expectation as its cell has it.
func (n *node) written() string {
	if n.text == "" {
		return n.show()
	}
	return shorten(n.text, shownLength)
}

// partial says that the node is an object of which only some fields are named.
func (n *node) partial() bool { return !n.exact && len(n.fields) > 0 }

// describe lists the named fields as columns: "value.amount 7".
func (n *node) describe(parts []string, path string) []string {
	for _, f := range n.fields {
		at := inside(path, f.name)
		if f.node.partial() {
			parts = f.node.describe(parts, at)
		} else {
			parts = append(parts, at+" "+f.node.show())
		}
	}
	return parts
}
