package record

import (
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

// enough spares the rest of a quick check that has failed already.
func (c *collector) enough() bool { return c.quick && c.failed }

func (c *collector) add(field string, texts func() (want, got string)) {
	c.failed = true
	if !c.quick {
		want, got := texts()
		c.list = append(c.list, Mismatch{Field: field, Want: want, Got: got})
	}
}

// differs notes that a subject is not what a node wants.
func (c *collector) differs(field string, n *node, s subject) {
	c.add(field, func() (want, got string) { return n.show(), s.show() })
}

// place says which cell is read: where bare JSON scalars count as JSON, and what text falls back to.
type place int

const (
	placeKey   place = iota // key, header: only objects and lists are JSON
	placeValue              // value: any JSON document is JSON
	placeField              // value.x: everything is JSON, bare text is a string
	placeText               // a string inside a document: only quotes and matchers mean something
)

// parseExpectation reads a cell that is not empty.
func parseExpectation(text string, where place) (*node, error) {
	if literal, ok := unquote(text); ok {
		return literalText(text, literal, where), nil
	}
	if text == "null" && where != placeText {
		return &node{text: text, isBytes: where != placeField, literal: where == placeField}, nil
	}
	if m, err := parseMatcher(text, where); m != nil || err != nil {
		return m, err
	}
	if where == placeKey || where == placeValue {
		if b, binary, err := parseBinary(text); binary || err != nil {
			return exactBytes(b), err
		}
	}
	if v, ok := parseJSON([]byte(text)); ok && where != placeText && (where != placeKey || isContainer(v)) {
		n, err := exactTree(v)
		if err != nil {
			return nil, err
		}
		n.text = text
		return n, nil
	}
	return literalText(text, text, where), nil
}

func exactBytes(b []byte) *node { return &node{text: showBytes(b), isBytes: true, bytes: b} }

func literalText(shown, text string, where place) *node {
	if where == placeField || where == placeText {
		return &node{text: shown, literal: true, value: text}
	}
	return &node{text: shown, isBytes: true, bytes: []byte(text)}
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
		if b, err = hex.DecodeString(digits); err != nil || digits == "" {
			err = fmt.Errorf("got %q, want pairs of hexadecimal digits behind 0x; quote it to mean the text",
				shorten(text, 40))
		}
		return b, true, err
	}
	if digits, ok := strings.CutPrefix(text, "base64:"); ok {
		if b, err = base64.StdEncoding.DecodeString(digits); err != nil {
			b, err = base64.RawStdEncoding.DecodeString(digits)
		}
		if err != nil {
			err = fmt.Errorf("got %q, want standard base64 behind base64: (%w); quote it to mean the text",
				shorten(text, 40), err)
		}
		return append([]byte{}, b...), true, err
	}
	return nil, false, nil
}
