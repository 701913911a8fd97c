package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Pattern is an expected record. What it does not name is not looked at.
type Pattern struct {
	source    source.Place
	topic     string
	key       *expectation
	value     *expectation
	headers   []headerPattern
	partition *expectation // tree or matcher of a number
	offset    *expectation
	timestamp *timePattern

	identity string // equal for patterns in the same words
	literals []literal
}

type headerPattern struct {
	key  string
	want *expectation
}

// timePattern compares milliseconds; a record without a timestamp matches none.
type timePattern struct {
	text    string
	matches func(milliseconds int64) bool
}

// PatternsFromTable reads expected records, one per row.
func PatternsFromTable(src Source, rows [][]string, vars Vars) ([]Pattern, error) {
	return makePatterns(vars, func(each func(entry) error) error { return eachInTable(src, rows, useExpect, each) })
}

// PatternsFromDoc reads expected records from a YAML (the default) or JSON text, in the form of FromDoc. A mapping
// looks only at the fields it names; a list has exactly its elements.
func PatternsFromDoc(src Source, mediaType, text string, vars Vars) ([]Pattern, error) {
	return makePatterns(vars, func(each func(entry) error) error {
		return eachInDocument(src, mediaType, text, useExpect, each)
	})
}

func makePatterns(vars Vars, read func(each func(entry) error) error) ([]Pattern, error) {
	return readAll(read, func(e entry) (Pattern, error) {
		p := Pattern{source: e.at, identity: e.identity()}
		for _, f := range e.fields {
			if err := p.set(f, vars); err != nil {
				return p, err
			}
		}
		p.findLiterals()
		return p, nil
	})
}

func (p *Pattern) set(f field, vars Vars) error {
	switch f.kind {
	case columnKey, columnValue, columnHeaders:
		e, err := f.expectation(vars)
		if err == nil && e != nil {
			p.expect(f, e)
		}
		return err
	}
	text, err := f.text(vars)
	if err != nil || text == "" && f.isCell() {
		return err
	}
	if text == "" {
		return f.failf("got nothing, want a value; leave the key out where any will do")
	}
	switch f.kind {
	case columnTopic:
		p.topic = text
	case columnPartition:
		p.partition, err = parseCount(text, "a partition")
	case columnOffset:
		p.offset, err = parseCount(text, "an offset")
	case columnTimestamp:
		p.timestamp, err = parseTimePattern(text, vars)
	}
	if err != nil {
		return f.fail(err)
	}
	return nil
}

func (p *Pattern) expect(f field, e *expectation) {
	switch {
	case f.kind == columnKey:
		p.key = e
	case f.kind == columnHeaders:
		p.headers = append(p.headers, headerPattern{f.header, e})
	case f.path == nil:
		p.value = e
	default:
		if p.value == nil {
			p.value = &expectation{tree: &node{}}
		}
		p.value.tree.put(f.path, e.asNode())
	}
}

// expectation reads what a key, a value, a field of it or a header must be; nil is an empty cell.
func (f field) expectation(vars Vars) (*expectation, error) {
	if f.value.Kind != yaml.ScalarNode {
		tree, err := f.tree(false, func(leaf field) (*node, error) { return leaf.expected(vars) })
		return &expectation{tree: tree}, err
	}
	if b, ok, err := f.literal(); ok || err != nil {
		return &expectation{text: showBytes(b), bytes: b}, err
	}
	text, err := f.text(vars)
	switch {
	case err != nil || text == "" && f.isCell():
		return nil, err
	case text == "":
		return &expectation{text: `""`, bytes: []byte{}}, nil
	}
	where := placeBytes
	switch {
	case f.path != nil:
		where = placeField
	case f.kind == columnValue:
		where = placeValue
	}
	e, err := parseExpectation(text, where)
	if err != nil {
		return nil, f.fail(err)
	}
	return e, nil
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
	e, err := parseExpectation(text, placeText)
	if err != nil {
		return nil, f.fail(err)
	}
	return e.asNode(), nil
}

// parseCount reads an expected partition or offset.
func parseCount(text, what string) (*expectation, error) {
	e, err := parseExpectation(text, placeField)
	if err != nil {
		return nil, err
	}
	if e.tree == nil {
		return e, nil
	}
	if n, ok := e.tree.value.(json.Number); ok {
		if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil && i >= 0 {
			return e, nil
		}
	}
	return nil, fmt.Errorf("got %q, want %s: a whole number from 0, or a comparison like >= 5", text, what)
}

func parseTimePattern(text string, vars Vars) (*timePattern, error) {
	if text == "<any>" {
		return &timePattern{text, func(int64) bool { return true }}, nil
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
	return &timePattern{text, func(ms int64) bool { return holds(cmp.Compare(ms, at.UnixMilli())) }}, err
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

// Match gives the fields of a record that are not as expected, none when it matches.
func (p Pattern) Match(r Record) []Mismatch {
	c := &collector{}
	p.check(c, &view{Record: &r})
	return c.list
}

func (p *Pattern) check(c *collector, v *view) {
	if p.topic != "" && p.topic != v.Topic && c.fail() {
		c.add(columnTopic, p.topic, v.Topic)
	}
	if p.partition != nil {
		p.partition.checkNumber(c, columnPartition, int64(v.Partition))
	}
	if p.offset != nil {
		p.offset.checkNumber(c, columnOffset, v.Offset)
	}
	if p.key != nil && !c.enough() {
		p.key.check(c, columnKey, v.Key, func() (any, bool) { return parseJSON(v.Key) })
	}
	if p.value != nil && !c.enough() {
		p.value.check(c, columnValue, v.Value, v.document)
	}
	if !c.enough() {
		p.checkHeaders(c, v.Headers)
	}
	if p.timestamp != nil && (v.Timestamp.IsZero() || !p.timestamp.matches(v.Timestamp.UnixMilli())) &&
		c.fail() {
		got := "none"
		if !v.Timestamp.IsZero() {
			got = v.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z")
		}
		c.add(columnTimestamp, p.timestamp.text, got)
	}
}

// enough spares the rest of a quick check that has failed already.
func (c *collector) enough() bool { return c.quick && c.failed }

func (e *expectation) checkNumber(c *collector, field string, got int64) {
	n := e.asNode()
	if got < 0 {
		n.check(c, field, nil, false)
		return
	}
	n.check(c, field, json.Number(strconv.FormatInt(got, 10)), true)
}

// String gives the pattern in one line: "key u1, value {"amount":5}, headers trace=a".
func (p Pattern) String() string {
	var parts []string
	add := func(name string, e *expectation) {
		if e != nil {
			parts = append(parts, name+" "+e.show())
		}
	}
	if p.topic != "" {
		parts = append(parts, "topic "+p.topic)
	}
	add(columnPartition, p.partition)
	add(columnOffset, p.offset)
	add(columnKey, p.key)
	if p.value != nil && p.value.tree != nil && p.value.tree.partial() {
		parts = p.value.tree.describe(parts, columnValue)
	} else {
		add(columnValue, p.value)
	}
	for _, h := range p.headers {
		parts = append(parts, "headers."+h.key+" "+h.want.show())
	}
	if p.timestamp != nil {
		parts = append(parts, "timestamp "+p.timestamp.text)
	}
	if len(parts) == 0 {
		return "any record"
	}
	return shorten(strings.Join(parts, ", "), 4*shownLength)
}

func (e *expectation) show() string {
	if e.text == "" && e.tree != nil {
		return e.tree.show()
	}
	return shorten(e.text, shownLength)
}
