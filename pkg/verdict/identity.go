package verdict

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// identity reads from a record what tells it from others, as text. It understands the notation of record tables: key,
// headers.NAME, value.PATH, and PATH for a field of a JSON value; a path's names are parted by dots.
type identity struct {
	name string
	of   func(r *record.Record) (string, error)
}

func newIdentity(name string) identity {
	header, isHeader := strings.CutPrefix(name, "headers.")
	path := strings.Split(strings.TrimPrefix(name, "value."), ".")
	switch {
	case name == "key":
		return identity{name, func(r *record.Record) (string, error) { return string(r.Key), nil }}
	case isHeader:
		return identity{name, func(r *record.Record) (string, error) {
			for i := range r.Headers {
				if r.Headers[i].Key == header {
					return string(r.Headers[i].Value), nil
				}
			}
			return "", fmt.Errorf("there is no header %s", header)
		}}
	}
	return identity{name, func(r *record.Record) (string, error) {
		text, err := jsonText(r.Value, path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		return text, nil
	}}
}

// jsonText reads a string or number at a path of a JSON document.
func jsonText(document []byte, path []string) (string, error) {
	for i, name := range path {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(document, &object); err != nil {
			if i > 0 {
				return "", fmt.Errorf("%s is not an object", strings.Join(path[:i], "."))
			}
			return "", errors.New("the value is not a JSON object")
		}
		raw, there := object[name]
		if !there {
			return "", errors.New("there is none")
		}
		document = raw
	}
	var text string
	if err := json.Unmarshal(document, &text); err == nil && document[0] == '"' {
		return text, nil
	}
	var number json.Number
	if err := json.Unmarshal(document, &number); err == nil && number != "" {
		if value, ok := exact(number.String()); ok && value.IsInt() {
			return plain(value), nil // 1.0 is 1
		}
		return number.String(), nil
	}
	return "", fmt.Errorf("got %s, want a text or a number", readable(string(document)))
}
