package verdict

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// Picture says what stands where in the records of a topic, so that judges read them in whatever form an application
// writes them. It is a list of places and of what stands there:
//
//	key           {key}@{start}
//	value.at      {time in s}
//	value.sum     {sum as text}
//	value.user    {right}
//
// A place is key, value, value.PATH, headers.NAME or timestamp. A name in braces stands for what a judge asks for,
// alone or with text around it; of {any} it does not ask. What a picture does not draw stands where the judge's own
// does.
type Picture struct{ places []drawn }

// drawn is a place, and what stands there.
type drawn struct {
	place string
	path  []string // within a JSON value; nil for another place
	whole string   // as it is written: {key}@{start}
	parts []part
	match *regexp.Regexp // takes the parts out of a text; nil where one stands alone
}

// part is a name within a picture.
type part struct {
	name string
	path []string      // behind the name: left.a.b
	unit time.Duration // of a time that is a number
	text bool          // what it names is written as text, though it is a number
}

// names are what judges ask for.
var names = []string{"any", "count", "end", "id", "key", "left", "max", "min", "offset", "partition", "right", "start",
	"sum", "time", "value"}

var (
	braces   = regexp.MustCompile(`\{[^{}]*\}`)
	inBraces = regexp.MustCompile(`^\{(\w+)((?:\.[^\s.{}]+)*)(?: in (\w+))?( as text)?\}$`)
)

// units are those that times are written in as numbers.
var units = map[string]time.Duration{"s": time.Second, "ms": time.Millisecond, "us": time.Microsecond,
	"ns": time.Nanosecond}

// NewPicture reads rows of two cells: a place, and what stands there.
func NewPicture(rows [][]string) (*Picture, error) {
	p := &Picture{}
	for _, row := range rows {
		if len(row) != 2 {
			return nil, fmt.Errorf("got a row of %d cells, want 2: a place and what stands there", len(row))
		}
		if err := p.draw(row[0], row[1]); err != nil {
			return nil, fmt.Errorf("%s: %w", row[0], err)
		}
	}
	if len(p.places) == 0 {
		return nil, errors.New("nothing is drawn; want rows such as: | value.at | {time in s} |")
	}
	return p, nil
}

func (p *Picture) draw(place, what string) error {
	d := drawn{place: place, whole: what}
	path, inValue := strings.CutPrefix(place, "value.")
	header, isHeader := strings.CutPrefix(place, "headers.")
	switch {
	case inValue:
		d.path = strings.Split(path, ".")
	case isHeader && header != "", place == "key", place == "value", place == "timestamp":
	default:
		return errors.New("no place in a record; want key, value, value.PATH, headers.NAME or timestamp")
	}
	if slices.Contains(d.path, "") {
		return errors.New("got an empty name in the path")
	}
	for _, other := range p.places {
		if other.place == place || len(d.path) > 0 && len(other.path) > 0 && (isPrefix(d.path, other.path) ||
			isPrefix(other.path, d.path)) {
			return fmt.Errorf("drawn already, as %s", other.place)
		}
	}
	if err := d.parse(); err != nil {
		return err
	}
	for _, part := range d.parts {
		if part.name != "any" && len(part.path) == 0 && p.of(part.name) != nil && part.name != "left" &&
			part.name != "right" {
			return fmt.Errorf("{%s} stands at %s already", part.name, p.of(part.name).place)
		}
	}
	p.places = append(p.places, d)
	return nil
}

func isPrefix(a, b []string) bool { return len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }

// parse reads what stands at a place.
func (d *drawn) parse() error {
	var pattern strings.Builder
	at := 0
	for _, found := range braces.FindAllStringIndex(d.whole, -1) {
		part, err := parsePart(d.whole[found[0]:found[1]])
		if err != nil {
			return err
		}
		if at == found[0] && at > 0 {
			return fmt.Errorf("got %s, where nothing parts one name from the next", d.whole)
		}
		pattern.WriteString(regexp.QuoteMeta(d.whole[at:found[0]]) + "(.*)")
		d.parts = append(d.parts, part)
		at = found[1]
	}
	rest := d.whole[at:]
	switch {
	case len(d.parts) == 0:
		return fmt.Errorf("got %q, want a name in braces, such as {%s}", d.whole, "key")
	case len(d.parts) > 1 || len(d.whole) > len(braces.FindString(d.whole)):
		d.match = regexp.MustCompile(`(?s)^` + pattern.String() + regexp.QuoteMeta(rest) + `$`)
	}
	return nil
}

func parsePart(text string) (part, error) {
	m := inBraces.FindStringSubmatch(text)
	if m == nil {
		return part{}, fmt.Errorf("got %s, want a name in braces, such as {key}, {time in ms}, {sum as text} or "+
			"{left.user.id}", text)
	}
	if !slices.Contains(names, m[1]) {
		advice := "want one of " + strings.Join(names, ", ")
		if near := nearest.Word(m[1], names); near != "" {
			advice = fmt.Sprintf("did you mean {%s}? There are %s", near, strings.Join(names, ", "))
		}
		return part{}, fmt.Errorf("got %s, and there is no {%s}; %s", text, m[1], advice)
	}
	p := part{name: m[1], text: m[4] != "", unit: time.Millisecond}
	isTime := slices.Contains([]string{"time", "start", "end"}, m[1])
	switch {
	case m[2] != "" && m[1] != "left" && m[1] != "right":
		return part{}, fmt.Errorf("got %s, want a path behind left or right only", text)
	case m[2] != "":
		p.path = strings.Split(m[2][1:], ".")
	case m[3] != "" && (!isTime || units[m[3]] == 0):
		return part{}, fmt.Errorf("got %s, want a time in s, ms, us or ns", text)
	case m[3] != "":
		p.unit = units[m[3]]
	}
	return p, nil
}

// of is the place of a name; nil for none.
func (p *Picture) of(name string) *drawn {
	if p == nil {
		return nil
	}
	for i := range p.places {
		if slices.ContainsFunc(p.places[i].parts, func(q part) bool { return q.name == name }) {
			return &p.places[i]
		}
	}
	return nil
}

// Draws tells whether a name stands somewhere.
func (p *Picture) Draws(name string) bool { return p.of(name) != nil }

// holdsText tells whether the place of a name is one that holds texts only: the one that is drawn, or else another.
func (p *Picture) holdsText(name, otherwise string) bool {
	d := p.of(name)
	if d == nil {
		return holdsText(otherwise)
	}
	i := slices.IndexFunc(d.parts, func(q part) bool { return q.name == name })
	return d.asText(d.parts[i])
}

// with adds places of a judge's own for names that are not drawn. No picture at all is one without places.
func (p *Picture) with(own ...[2]string) *Picture {
	full := &Picture{}
	if p != nil {
		full.places = slices.Clone(p.places)
	}
	for _, row := range own {
		d := drawn{place: row[0], whole: row[1]}
		if path, inValue := strings.CutPrefix(row[0], "value."); inValue {
			d.path = strings.Split(path, ".")
		}
		if err := d.parse(); err == nil && (full.of(d.parts[0].name) == nil || d.parts[0].name == "any") {
			full.places = append(full.places, d)
		}
	}
	return full
}

// Only refuses a picture with names that a judge does not ask for: what stands there would not be looked at. The names
// are those that it does ask for.
func (p *Picture) Only(judge string, asked ...string) error {
	if p == nil {
		return nil
	}
	for _, d := range p.places {
		for _, q := range d.parts {
			if q.name != "any" && !slices.Contains(asked, q.name) {
				return fmt.Errorf("%s is drawn as %s, and {%s} says nothing to %s; want one of %s, or {any}", d.place, d.whole,
					q.name, judge, strings.Join(asked, ", "))
			}
		}
	}
	return nil
}

// read returns what stands at each place of a record, by name.
func (p *Picture) read(r *content) (map[string]cell, error) {
	cells := make(map[string]cell, len(p.places))
	for i := range p.places {
		parts, err := p.places[i].read(r)
		if err != nil {
			return nil, err
		}
		for k, c := range parts {
			cells[p.places[i].parts[k].name] = c
		}
	}
	return cells, nil
}

// read returns what stands at the place, part by part.
func (d *drawn) read(r *content) ([]cell, error) {
	c := d.cell(r)
	if d.match == nil {
		c.part = d.parts[0]
		return []cell{c}, nil
	}
	text, there := c.text()
	found := d.match.FindSubmatch([]byte(text))
	if found == nil || !there {
		return nil, fmt.Errorf("%s: got %s, want %s", d.place, c, d.whole)
	}
	parts := make([]cell, len(d.parts))
	for i := range parts {
		parts[i] = cell{raw: found[i+1], part: d.parts[i], place: d.place}
	}
	return parts, nil
}

// cell is what stands at the place as a whole.
func (d *drawn) cell(r *content) cell {
	c := cell{place: d.place}
	name, isHeader := strings.CutPrefix(d.place, "headers.")
	switch {
	case len(d.path) > 0:
		c.raw, c.json = r.at(d.path), true
	case d.place == "value":
		c.raw, c.json = r.Value, true
	case d.place == "key":
		c.raw = r.Key
	case isHeader:
		c.raw, _ = header(r.Record, name)
	default:
		c.raw = fmt.Append(nil, r.Timestamp.UnixMilli())
	}
	return c
}
