package record

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Pattern is an expected record. What it does not name is not looked at.
type Pattern struct {
	source    Source
	topic     string
	key       *expectation
	value     *expectation
	headers   []headerPattern
	partition *expectation // tree or matcher of a number
	offset    *expectation
	timestamp *timePattern
}

type headerPattern struct {
	key  string
	want *expectation
}

// timePattern compares milliseconds: "" (equal), <any>, <absent> or an operator.
type timePattern struct {
	operator string
	at       time.Time
	text     string
}

// PatternsFromTable reads expected records, one per row.
func PatternsFromTable(src Source, rows [][]string, vars Vars) ([]Pattern, error) {
	var patterns []Pattern
	err := eachRow(src, rows, vars, useExpect, func(at Source, cells []cell) error {
		p := Pattern{source: at}
		for _, c := range cells {
			if c.text == "" {
				continue
			}
			if err := p.set(c, vars); err != nil {
				return at.column(c.column, err)
			}
		}
		patterns = append(patterns, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return patterns, nil
}

func (p *Pattern) set(c cell, vars Vars) (err error) {
	switch c.kind {
	case columnKey:
		p.key, err = parseExpectation(c.text, placeBytes)
	case columnValue:
		if c.path == nil {
			p.value, err = parseExpectation(c.text, placeValue)
			return err
		}
		field, err := parseExpectation(c.text, placeField)
		if err != nil {
			return err
		}
		if p.value == nil {
			p.value = &expectation{tree: &node{}}
		}
		p.value.tree.put(c.path, field.asNode())
	case columnHeaders:
		var want *expectation
		want, err = parseExpectation(c.text, placeBytes)
		p.headers = append(p.headers, headerPattern{c.header, want})
	case columnTopic:
		p.topic = c.text
	case columnPartition:
		p.partition, err = parseCount(c.text, "a partition")
	case columnOffset:
		p.offset, err = parseCount(c.text, "an offset")
	case columnTimestamp:
		p.timestamp, err = parseTimePattern(c.text, vars)
	}
	return err
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
	p := &timePattern{text: text}
	if text == "<any>" {
		p.operator = text
		return p, nil
	}
	for _, operator := range []string{"!=", ">=", "<=", ">", "<"} {
		if rest, ok := strings.CutPrefix(text, operator); ok {
			p.operator, text = operator, strings.TrimSpace(rest)
			break
		}
	}
	var err error
	p.at, err = parseTimestamp(text, vars, func() (time.Time, error) {
		if _, ok := vars[BaseTime]; !ok {
			return time.Time{}, fmt.Errorf("got %q, but nothing says from when it counts; set the variable %s or write RFC 3339",
				text, BaseTime)
		}
		return vars.baseTime(time.Time{})
	})
	return p, err
}

func (t *timePattern) matches(got time.Time) bool {
	if got.IsZero() {
		return false
	}
	d := got.UnixMilli() - t.at.UnixMilli()
	switch t.operator {
	case "<any>":
		return true
	case "!=":
		return d != 0
	case ">":
		return d > 0
	case ">=":
		return d >= 0
	case "<":
		return d < 0
	case "<=":
		return d <= 0
	}
	return d == 0
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
	if p.timestamp != nil && !p.timestamp.matches(v.Timestamp) && c.fail() {
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

// Source says where the pattern is written.
func (p Pattern) Source() Source { return p.source }

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
