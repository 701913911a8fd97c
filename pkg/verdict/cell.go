package verdict

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// cell is what stands at a place of a record, or a part of it.
type cell struct {
	part
	place string
	raw   []byte // a JSON value, or bytes as they are; nil: null, or nothing is there
	json  bool
}

// content is a record whose value is taken apart once, when a field of it is first asked for.
type content struct {
	*record.Record
	apart  bool
	fields map[string]json.RawMessage // of the value; none where it is no object
}

func contentOf(r *record.Record) *content { return &content{Record: r} }

// at is what stands at a path of the value; nil for null and for nothing.
func (c *content) at(path []string) []byte {
	if !c.apart {
		_ = json.Unmarshal(c.Value, &c.fields) // what is no object has no fields
		c.apart = true
	}
	raw := []byte(c.fields[path[0]])
	if len(path) > 1 {
		var err error
		if raw, err = jsonAt(raw, path[1:]); err != nil {
			return nil
		}
	}
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func (c cell) String() string {
	if c.raw == nil {
		return "nothing"
	}
	return readable(string(c.raw))
}

// text is what stands there as a text, with numbers in one notation; there is none for nothing.
func (c cell) text() (text string, there bool) {
	if c.raw == nil {
		return "", false
	}
	if !c.json {
		return string(c.raw), true
	}
	if c.raw[0] == '"' && json.Unmarshal(c.raw, &text) == nil {
		return text, true
	}
	canonical, ok := record.CanonicalJSON(c.raw)
	if !ok {
		canonical = c.raw
	}
	return string(canonical), true
}

// identity is what stands there as a text that tells it from others; there is none for nothing. Unless it is compared
// with what can only be text, a JSON string that reads as another JSON value is told from that one by quotes.
func (c cell) identity(asText bool) (id string, there bool) {
	id, there = c.text()
	if there && !asText && c.json && c.raw[0] == '"' && json.Valid([]byte(id)) {
		id = strconv.Quote(id)
	}
	return id, there
}

// same is equal bytes for equal content. As text a number is what its digits are; else a text is not equal to a number.
func (c cell) same(asText bool) []byte {
	if asText || !c.json {
		text, there := c.text()
		if !there {
			return nil
		}
		return []byte(text)
	}
	if canonical, ok := record.CanonicalJSON(c.raw); ok {
		return canonical
	}
	return c.raw
}

var errNothing = errors.New("there is none")

// number reads a JSON number, or one that is written as text where that is drawn or the place holds texts only.
func (c cell) number() (*big.Float, error) {
	digits := string(c.raw)
	if c.raw == nil {
		return nil, fmt.Errorf("%s: %w", c.place, errNothing)
	}
	if c.json && c.part.text {
		var text string
		if err := json.Unmarshal(c.raw, &text); err != nil {
			return nil, fmt.Errorf("%s: got %s, want a number as text", c.place, c)
		}
		digits = text
	}
	value, ok := exact(digits)
	if !ok {
		return nil, fmt.Errorf("%s: got %s, want a number", c.place, c)
	}
	return value, nil
}

// layouts are those of ISO 8601 that applications write. A fraction of a second may follow each second. Without a zone
// it is UTC.
var layouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04"}

// time reads ISO 8601, or a number of units since 1970.
func (c cell) time() (time.Time, error) {
	text, there := c.text()
	if !there {
		return time.Time{}, fmt.Errorf("%s: %w", c.place, errNothing)
	}
	if c.json && c.raw[0] != '"' {
		text = string(c.raw)
	}
	if n, ok := exact(text); ok && n.MantExp(nil) < 64 {
		n.Mul(n, big.NewFloat(float64(c.unit)))
		n.Add(n, big.NewFloat(0.5)) // a decimal fraction is not exact
		if n.Sign() < 0 && !n.IsInt() {
			n.Sub(n, big.NewFloat(1))
		}
		if whole, _ := n.Int(nil); whole.IsInt64() {
			return time.Unix(0, whole.Int64()).UTC(), nil
		}
	}
	written, _, _ := strings.Cut(strings.Replace(text, " ", "T", 1), "[")
	for _, layout := range layouts {
		if t, err := time.Parse(layout, written); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: got %s, want a time in ISO 8601, or a number of %s since 1970", c.place, c, c.unit)
}

// millis is a time that a window can begin or end at.
func (c cell) millis() (int64, error) {
	t, err := c.time()
	if err == nil && t.Nanosecond()%int(time.Millisecond) != 0 {
		err = fmt.Errorf("%s: got %s, want whole milliseconds", c.place, c)
	}
	return t.UnixMilli(), err
}

// without is a JSON object with nothing at some paths, in one notation. An object that has nothing else goes with it.
// What is no object stays as it is.
func without(value []byte, paths [][]string) []byte {
	for _, path := range paths {
		value = cutOut(value, path)
	}
	if canonical, ok := record.CanonicalJSON(value); ok {
		return canonical
	}
	return value
}

func cutOut(value []byte, path []string) []byte {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(value, &object); err != nil || object == nil {
		return value
	}
	inner, there := object[path[0]]
	if !there {
		return value
	}
	delete(object, path[0])
	if len(path) > 1 {
		if rest := cutOut(inner, path[1:]); string(rest) != "{}" {
			object[path[0]] = rest
		}
	}
	rest, _ := json.Marshal(object) // raw messages that were just parsed
	return rest
}

// paths are the places of a picture within the value.
func (p *Picture) paths() [][]string {
	var all [][]string
	for _, d := range p.places {
		if len(d.path) > 0 {
			all = append(all, slices.Clone(d.path))
		}
	}
	return all
}
