package record

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Mismatch is one field of a record that is not as expected. Field is "key", "value", "value.amount", "headers.trace",
// "partition" and so on; Want and Got are written in the notation of tables.
type Mismatch struct{ Field, Want, Got string }

// String reads "value.amount: got 7, want 5".
func (m Mismatch) String() string { return fmt.Sprintf("%s: got %s, want %s", m.Field, m.Got, m.Want) }

// collector gathers mismatches; quick, it only notes that there is one and spares the texts.
type collector struct {
	quick  bool
	failed bool
	list   []Mismatch
}

// fail notes a mismatch; a false answer says that no text is wanted.
func (c *collector) fail() bool {
	c.failed = true
	return !c.quick
}

func (c *collector) add(field, want, got string) {
	c.failed = true
	c.list = append(c.list, Mismatch{Field: field, Want: want, Got: got})
}

// expectation is what a whole key, value or header must be: exact bytes (nil: null), a JSON document, or a matcher.
type expectation struct {
	text    string // as written, for display
	bytes   []byte
	tree    *node
	raw     []byte // of a tree without matchers: its text as written
	matcher *matcher
}

// place says which cell is read: where bare JSON scalars count as JSON, and what text falls back to.
type place int

const (
	placeBytes place = iota // key, header: only objects and lists are JSON
	placeValue              // value: any JSON document is JSON
	placeField              // value.x: everything is JSON, bare text is a string
	placeText               // a string inside a document: only quotes and matchers mean something
)

// parseExpectation reads a cell that is not empty.
func parseExpectation(text string, where place) (*expectation, error) {
	if literal, ok := unquote(text); ok {
		return literalText(text, literal, where), nil
	}
	if text == "null" && where != placeText {
		if where == placeField {
			return &expectation{text: text, tree: &node{literal: true}}, nil
		}
		return &expectation{text: text}, nil
	}
	m, err := parseMatcher(text, where)
	if err != nil {
		return nil, err
	}
	if m != nil {
		return &expectation{text: m.text, matcher: m}, nil
	}
	if where == placeText {
		return literalText(text, text, where), nil
	}
	if where != placeField {
		if b, binary, err := parseBinary(text); binary || err != nil {
			return &expectation{text: showBytes(b), bytes: b}, err
		}
	}
	if v, ok := parseJSON([]byte(text)); ok && (where != placeBytes || isContainer(v)) {
		tree, err := exactTree(v)
		if err != nil {
			return nil, err
		}
		e := &expectation{text: text, tree: tree}
		if _, literal := tree.literalValue(); literal {
			e.raw = []byte(text)
		}
		return e, nil
	}
	return literalText(text, text, where), nil
}

func literalText(shown, text string, where place) *expectation {
	if where == placeField || where == placeText {
		return &expectation{text: shown, tree: &node{literal: true, value: text}}
	}
	return &expectation{text: shown, bytes: []byte(text)}
}

func isContainer(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// unquote reads a cell that is a JSON string: the text inside is meant literally.
func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	var s string
	if json.Unmarshal([]byte(text), &s) != nil {
		return "", false
	}
	return s, true
}

// parseBinary reads 0x… and base64:…
func parseBinary(text string) (b []byte, binary bool, err error) {
	if digits, ok := strings.CutPrefix(text, "0x"); ok {
		b, err = hex.DecodeString(digits)
		if err != nil || digits == "" {
			return nil, true, fmt.Errorf("got %q, want pairs of hexadecimal digits behind 0x; quote it to mean the text",
				shorten(text, 40))
		}
		return b, true, nil
	}
	if digits, ok := strings.CutPrefix(text, "base64:"); ok {
		b, err = base64.StdEncoding.DecodeString(digits)
		if err != nil {
			b, err = base64.RawStdEncoding.DecodeString(digits)
		}
		if err != nil {
			return nil, true, fmt.Errorf("got %q, want standard base64 behind base64: (%w); quote it to mean the text",
				shorten(text, 40), err)
		}
		if b == nil {
			b = []byte{}
		}
		return b, true, nil
	}
	return nil, false, nil
}

// check looks at a key, a value or a header. For a value, document gives its JSON once it is asked for.
func (e *expectation) check(c *collector, field string, got []byte, document func() (any, bool)) {
	switch {
	case e.matcher != nil:
		if s := bytesSubject(got); !e.matcher.matches(s) && c.fail() {
			c.add(field, e.text, s.show())
		}
	case e.raw != nil && bytes.Equal(e.raw, got):
	case e.tree != nil:
		v, ok := any(nil), false
		if got != nil {
			v, ok = document()
		}
		if ok {
			e.tree.check(c, field, v, true)
		} else if c.fail() {
			c.add(field, e.tree.show(), showBytes(got))
		}
	default:
		if (e.bytes == nil) == (got == nil) && bytes.Equal(e.bytes, got) {
			return
		}
		if c.fail() {
			want, shown := showPair(e.bytes, got)
			c.add(field, want, shown)
		}
	}
}

// equal is check for the operand of !=.
func (e *expectation) equal(s subject) bool {
	c := &collector{quick: true}
	switch {
	case !s.json:
		e.check(c, "", s.bytes, func() (any, bool) { return parseJSON(s.bytes) })
	case e.tree != nil:
		e.tree.check(c, "", s.node, s.present)
	case e.matcher != nil:
		return e.matcher.matches(s)
	default:
		return false
	}
	return !c.failed
}
