package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Pattern is an expected record. What it does not name is not looked at.
type Pattern struct {
	source  source.Place
	parts   []part // in the order of patternColumns; that of the headers stands for all of them
	headers []part

	identity string // equal for patterns in the same words
	literals []literal
}

// part is what is expected of a column, or of the header of that name.
type part struct {
	name string
	want *node
}

var patternColumns = []string{columnTopic, columnPartition, columnOffset, columnKey, columnValue, columnHeaders,
	columnTimestamp}

// part gives what is expected of a column, or nil.
func (p *Pattern) part(column string) *node {
	for _, part := range p.parts {
		if part.name == column {
			return part.want
		}
	}
	return nil
}

func (p *Pattern) topic() string {
	if n := p.part(columnTopic); n != nil {
		return n.text
	}
	return ""
}

// PatternsFromTable reads expected records, one per row.
func PatternsFromTable(src Source, rows [][]string, vars Vars) ([]Pattern, error) {
	entries, err := tableEntries(src, rows, false)
	return makeAll(entries, err, vars.pattern)
}

// PatternsFromDoc reads expected records from a YAML (the default) or JSON text, in the form of FromDoc. A mapping
// looks only at the fields it names; a list has exactly its elements.
func PatternsFromDoc(src Source, mediaType, text string, vars Vars) ([]Pattern, error) {
	entries, err := documentEntries(src, mediaType, text, false)
	return makeAll(entries, err, vars.pattern)
}

func (v Vars) pattern(e entry) (Pattern, error) {
	p := Pattern{source: e.at, identity: e.identity()}
	for _, f := range e.fields {
		if err := p.set(f, v); err != nil {
			return p, err
		}
	}
	slices.SortStableFunc(p.parts, func(a, b part) int {
		return cmp.Compare(slices.Index(patternColumns, a.name), slices.Index(patternColumns, b.name))
	})
	p.findLiterals()
	return p, nil
}

func (p *Pattern) set(f field, vars Vars) error {
	switch f.kind {
	case columnKey, columnValue, columnHeaders:
		n, err := f.expectation(vars)
		if err != nil || n == nil {
			return err
		}
		switch {
		case f.kind == columnHeaders:
			if p.headers == nil {
				p.parts = append(p.parts, part{columnHeaders, nil})
			}
			p.headers = append(p.headers, part{f.header, n})
		case f.path == nil:
			p.parts = append(p.parts, part{f.kind, n})
		default:
			if p.part(columnValue) == nil {
				p.parts = append(p.parts, part{columnValue, &node{}})
			}
			p.part(columnValue).put(f.path, n)
		}
		return nil
	}
	text, err := f.text(vars)
	if err != nil || text == "" && f.isCell() {
		return err
	}
	if text == "" {
		return f.failf("got nothing, want a value; leave the key out where any will do")
	}
	var n *node
	switch f.kind {
	case columnTopic:
		n = &node{text: text, isBytes: true, bytes: []byte(text)}
	case columnPartition:
		n, err = parseCount(text, "a partition")
	case columnOffset:
		n, err = parseCount(text, "an offset")
	case columnTimestamp:
		n, err = parseTimePattern(text, vars)
	}
	p.parts = append(p.parts, part{f.kind, n})
	return f.fail(err)
}

// expectation reads what a key, a value, a field of it or a header must be; nil is an empty cell.
func (f field) expectation(vars Vars) (*node, error) {
	if f.value.Kind != yaml.ScalarNode {
		return f.tree(false, func(leaf field) (*node, error) { return leaf.expected(vars) })
	}
	if b, ok, err := f.literal(); ok || err != nil {
		return exactBytes(b), err
	}
	text, err := f.text(vars)
	switch {
	case err != nil || text == "" && f.isCell():
		return nil, err
	case text == "":
		return exactBytes([]byte{}), nil
	}
	where := placeKey
	switch {
	case f.path != nil:
		where = placeField
	case f.kind == columnValue:
		where = placeValue
	}
	n, err := parseExpectation(text, where)
	return n, f.fail(err)
}

// expected reads a scalar inside a mapping or list.
func (f field) expected(vars Vars) (*node, error) {
	v, err := f.leaf(vars)
	if err != nil {
		return nil, err
	}
	text, ok := v.(string)
	if !ok {
		return &node{literal: true, value: v}, nil
	}
	n, err := parseExpectation(text, placeText)
	return n, f.fail(err)
}

// parseCount reads an expected partition or offset.
func parseCount(text, what string) (*node, error) {
	n, err := parseExpectation(text, placeField)
	if err != nil || n.matches != nil {
		return n, err
	}
	if number, ok := n.value.(json.Number); ok {
		if i, err := strconv.ParseInt(number.String(), 10, 64); err == nil && i >= 0 {
			return n, nil
		}
	}
	return nil, fmt.Errorf("got %q, want %s: a whole number from 0, or a comparison like >= 5", text, what)
}

// parseTimePattern compares milliseconds; a record without a timestamp matches none.
func parseTimePattern(text string, vars Vars) (*node, error) {
	if text == matchAny {
		return &node{text: text, matches: subject.hasValue}, nil
	}
	holds, wanted := func(c int) bool { return c == 0 }, text
	if rest, ok := strings.CutPrefix(text, "!="); ok {
		holds, wanted = func(c int) bool { return c != 0 }, strings.TrimSpace(rest)
	}
	for _, op := range comparisons {
		if rest, ok := strings.CutPrefix(text, op.text); ok {
			holds, wanted = op.holds, strings.TrimSpace(rest)
			break
		}
	}
	at, err := parseTimestamp(wanted, vars, func() (time.Time, error) {
		if _, ok := vars[BaseTime]; !ok {
			return time.Time{}, fmt.Errorf("got %q, but nothing says from when it counts; set the variable %s or write RFC 3339",
				wanted, BaseTime)
		}
		return vars.baseTime(time.Time{})
	})
	return &node{text: text, matches: func(s subject) bool {
		return s.present && holds(cmp.Compare(s.view.Timestamp.UnixMilli(), at.UnixMilli()))
	}}, err
}

// view is a record with its value's JSON, parsed at most once.
type view struct {
	*Record
	parsed bool
	isJSON bool
	json   any
}

func (v *view) document() (any, bool) {
	if !v.parsed {
		v.json, v.isJSON = parseJSON(v.Value)
		v.parsed = true
	}
	return v.json, v.isJSON
}

// subject is what a column holds.
func (v *view) subject(column string) subject {
	switch column {
	case columnTopic:
		return bytesSubject([]byte(v.Topic))
	case columnPartition:
		return numberSubject(int64(v.Partition), v.Partition >= 0)
	case columnOffset:
		return numberSubject(v.Offset, v.Offset >= 0)
	case columnKey:
		return bytesSubject(v.Key)
	case columnValue:
		s := bytesSubject(v.Value)
		s.view = v
		return s
	}
	s := subject{view: v, json: true, present: !v.Timestamp.IsZero(), shown: "none"}
	if s.present {
		s.shown = v.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return s
}

// Match gives the fields of a record that are not as expected, none when it matches.
func (p Pattern) Match(r Record) []Mismatch {
	c := &collector{}
	p.check(c, &view{Record: &r})
	return c.list
}

func (p *Pattern) check(c *collector, v *view) {
	for _, part := range p.parts {
		switch {
		case c.enough():
			return
		case part.name == columnHeaders:
			p.checkHeaders(c, v.Headers)
		default:
			part.want.check(c, part.name, v.subject(part.name))
		}
	}
}

// String gives the pattern in one line: "key u1, value {"amount":5}, headers trace=a".
func (p Pattern) String() string {
	var parts []string
	for _, part := range p.parts {
		switch {
		case part.name == columnHeaders:
			for _, h := range p.headers {
				parts = append(parts, "headers."+h.name+" "+h.want.written())
			}
		case part.want.partial():
			parts = part.want.describe(parts, part.name)
		default:
			parts = append(parts, part.name+" "+part.want.written())
		}
	}
	if len(parts) == 0 {
		return "any record"
	}
	return shorten(strings.Join(parts, ", "), 4*shownLength)
}
