package verdict

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// field reads something from a record. Its name is in the notation of record tables: key, value, headers.NAME,
// value.PATH, and PATH for a field of a JSON value; a path's names are parted by dots.
type field[T any] struct {
	name string
	read func(r *record.Record) (T, error)
}

// newField reads with one function what stands for itself, and with another what is at a path of a JSON document.
func newField[T any](name string, read func([]byte) (T, error), at func(document []byte, path []string) (T, error),
) field[T] {
	headerName, isHeader := strings.CutPrefix(name, "headers.")
	path := strings.Split(strings.TrimPrefix(name, "value."), ".")
	switch {
	case name == "key":
		return field[T]{name, func(r *record.Record) (T, error) { return read(r.Key) }}
	case name == "value":
		return field[T]{name, func(r *record.Record) (T, error) { return read(r.Value) }}
	case isHeader:
		return field[T]{name, func(r *record.Record) (none T, err error) {
			value, there := header(r, headerName)
			if !there {
				return none, fmt.Errorf("there is no header %s", headerName)
			}
			return read(value)
		}}
	}
	return field[T]{name, func(r *record.Record) (T, error) { return at(r.Value, path) }}
}

// header is the first header of a name.
func header(r *record.Record, name string) (value []byte, there bool) {
	i := slices.IndexFunc(r.Headers, func(h record.Header) bool { return h.Key == name })
	if i < 0 {
		return nil, false
	}
	return r.Headers[i].Value, true
}

// jsonAt is what stands at a path of a JSON document.
func jsonAt(document []byte, path []string) ([]byte, error) {
	for i, name := range path {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(document, &object); err != nil {
			if i > 0 {
				return nil, fmt.Errorf("%s is not an object", strings.Join(path[:i], "."))
			}
			return nil, errors.New("the value is not a JSON object")
		}
		raw, there := object[name]
		if !there {
			return nil, errors.New("there is none")
		}
		document = raw
	}
	return document, nil
}

// newIdentity reads what tells a record from others, as text. In a JSON value the text "1" is another one than the
// number 1, and so is not told from it where either may stand there.
func newIdentity(name string, asText bool) field[string] {
	by := newField(name, func(b []byte) (string, error) { return string(b), nil },
		func(document []byte, path []string) (string, error) {
			raw, err := jsonAt(document, path)
			if err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			if _, number := exact(string(raw)); !number && raw[0] != '"' {
				return "", fmt.Errorf("%s: got %s, want a text or a number", name, readable(string(raw)))
			}
			id, _ := cell{raw: raw, json: true}.identity(asText)
			return id, nil
		})
	headerName, isHeader := strings.CutPrefix(name, "headers.")
	if !isHeader {
		return by
	}
	return field[string]{name, func(r *record.Record) (string, error) {
		first, err := by.read(r)
		for _, h := range r.Headers {
			if err == nil && h.Key == headerName && string(h.Value) != first {
				return "", fmt.Errorf("there are several headers %s, %s and %s, of which clients read the first or the last",
					headerName, readable(first), readable(string(h.Value)))
			}
		}
		return first, err
	}}
}

// identityIn is what tells a record from others. An empty one tells nothing.
func identityIn(by field[string], r *record.Record) (string, error) {
	id, err := by.read(r)
	if err == nil && id == "" {
		err = fmt.Errorf("%s is empty", by.name)
	}
	return id, err
}

// holdsText tells whether what stands at a place, in the notation of record tables, is a text whatever it is of.
func holdsText(name string) bool {
	return name == "key" || name == "value" || strings.HasPrefix(name, "headers.")
}
