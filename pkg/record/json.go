package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// parseJSON reads a whole text as one JSON document: nil, bool, json.Number, string, []any or map[string]any. Text with
// broken UTF-8 is not taken for JSON, because decoding would make different bytes equal.
func parseJSON(text []byte) (any, bool) {
	if !utf8.Valid(text) || !json.Valid(text) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err == nil
}

// CanonicalJSON returns the same bytes for all texts of one JSON document, whatever their spaces, the order of their
// fields and the notation of their numbers (5.10 is 5.1). It returns false for what is not JSON.
func CanonicalJSON(text []byte) ([]byte, bool) {
	v, ok := parseJSON(text)
	if !ok {
		return nil, false
	}
	return appendCanonical(nil, v), true
}

// appendCanonical writes a document so that two that are equal (numbers by value, fields in any order) give the same
// bytes.
func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case json.Number:
		return appendNumber(b, v.String())
	case string:
		return strconv.AppendQuote(b, v)
	case []any:
		b = append(b, '[')
		for _, e := range v {
			b = append(appendCanonical(b, e), ',')
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, name := range sortedNames(v) {
			b = append(strconv.AppendQuote(b, name), ':')
			b = append(appendCanonical(b, v[name]), ',')
		}
		return append(b, '}')
	}
	return fmt.Append(b, v) // null, true or false
}

func equalJSON(a, b any) bool {
	return bytes.Equal(appendCanonical(nil, a), appendCanonical(nil, b))
}

// showJSON writes a document compactly, for display.
func showJSON(v any) string { return shorten(string(appendJSON(nil, v)), shownLength) }

// appendJSON writes a document as compact JSON; object fields are sorted by name.
func appendJSON(b []byte, v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return b
	}
	return append(b, bytes.TrimRight(out.Bytes(), "\n")...)
}

// lookup goes one step down: a field of an object, or an element of a list by its number.
func lookup(v any, name string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		field, ok := v[name]
		return field, ok
	case []any:
		i, err := strconv.Atoi(name)
		if err != nil || !isDigits(name) || i >= len(v) {
			return nil, false
		}
		return v[i], true
	}
	return nil, false
}

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
