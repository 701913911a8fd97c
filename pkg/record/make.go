package record

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// FromTable reads records to send. The first row names the columns; src.Line is its line. Every error starts with
// file:line and names the column.
func FromTable(src Source, rows [][]string, vars Vars) ([]Record, error) {
	entries, err := tableEntries(src, rows, true)
	return makeAll(entries, err, maker{vars: vars, now: time.Now()}.record)
}

// FromDoc reads records to send from a YAML (the default) or JSON text: a list of mappings, or one mapping, with the
// keys key, value, headers, partition, timestamp and topic. Every error starts with file:line.
func FromDoc(src Source, mediaType, text string, vars Vars) ([]Record, error) {
	entries, err := documentEntries(src, mediaType, text, true)
	return makeAll(entries, err, maker{vars: vars, now: time.Now()}.record)
}

// maker makes records of their fields.
type maker struct {
	vars  Vars
	now   time.Time
	value *node // of the columns value.x
}

func (m maker) record(e entry) (Record, error) {
	r := Record{Partition: -1, Offset: -1}
	for _, f := range e.fields {
		if err := m.set(&r, f); err != nil {
			return r, err
		}
	}
	if m.value != nil {
		r.Value = m.value.append(nil)
	}
	return r, nil
}

func (m *maker) set(r *Record, f field) error {
	isBytes := f.path == nil && (f.kind == columnKey || f.kind == columnValue || f.kind == columnHeaders)
	if isBytes && f.value.Kind != yaml.ScalarNode {
		tree, err := f.tree(true, m.leaf)
		if err == nil {
			r.put(f, tree.append(nil))
		}
		return err
	}
	if b, ok, err := f.literal(); isBytes && (ok || err != nil) {
		r.put(f, b)
		return err
	}
	text, err := f.text(m.vars)
	if err != nil {
		return err
	}
	switch {
	case f.path != nil:
		err = m.setPath(f.path, text)
	case text == "" && f.isCell() && f.kind == columnValue:
		err = fmt.Errorf(`got an empty cell, want a value: write null for a tombstone, or "" for an empty value`)
	case text == "" && (f.isCell() || !isBytes):
	case f.kind == columnTopic:
		r.Topic = text
	case f.kind == columnPartition:
		r.Partition, err = parsePartition(text)
	case f.kind == columnTimestamp:
		r.Timestamp, err = parseTimestamp(text, m.vars, func() (time.Time, error) { return m.vars.baseTime(m.now) })
	default:
		var b []byte
		b, err = makeBytes(text)
		r.put(f, b)
	}
	return f.fail(err)
}

func (r *Record) put(f field, b []byte) {
	switch f.kind {
	case columnKey:
		r.Key = b
	case columnValue:
		r.Value = b
	default:
		r.Headers = append(r.Headers, Header{Key: f.header, Value: b})
	}
}

// setPath sets a column value.x; an empty cell leaves the field out.
func (m *maker) setPath(path []string, text string) error {
	if m.value == nil {
		m.value = &node{exact: true}
	}
	if text == "" {
		return nil
	}
	if err := refuseMatcher(text); err != nil {
		return err
	}
	leaf := &node{literal: true, value: text}
	if _, ok := parseJSON([]byte(text)); ok {
		leaf.value = json.RawMessage(text)
	}
	m.value.put(path, leaf)
	return nil
}

// leaf reads a scalar inside a mapping or list.
func (m *maker) leaf(f field) (*node, error) {
	v, err := f.leaf(m.vars)
	if text, ok := v.(string); ok && plainScalar(f.value) && err == nil {
		err = f.fail(refuseMatcher(text))
	}
	return &node{literal: true, value: v}, err
}

// makeBytes reads a cell of a key, value or header to send.
func makeBytes(text string) ([]byte, error) {
	if text == "" || text == "null" {
		return nil, nil
	}
	if literal, ok := unquote(text); ok {
		return []byte(literal), nil
	}
	if err := refuseMatcher(text); err != nil {
		return nil, err
	}
	if b, binary, err := parseBinary(text); binary || err != nil {
		return b, err
	}
	return []byte(text), nil
}

func refuseMatcher(text string) error {
	if _, ok := namedMatchers[text]; ok {
		return fmt.Errorf("got %s, which is a matcher for expected records; quote it to send the text", text)
	}
	return nil
}

func parsePartition(text string) (int32, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	if err != nil || n < 0 || n > math.MaxInt32 {
		return -1, fmt.Errorf("got %q, want a partition: a whole number from 0", text)
	}
	return int32(n), nil
}
