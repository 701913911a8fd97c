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
	return makeRecords(vars, func(each func(entry) error) error { return eachInTable(src, rows, useMake, each) })
}

// FromDoc reads records to send from a YAML (the default) or JSON text: a list of mappings, or one mapping, with the
// keys key, value, headers, partition, timestamp and topic. Every error starts with file:line.
func FromDoc(src Source, mediaType, text string, vars Vars) ([]Record, error) {
	return makeRecords(vars, func(each func(entry) error) error {
		return eachInDocument(src, mediaType, text, useMake, each)
	})
}

func makeRecords(vars Vars, read func(each func(entry) error) error) ([]Record, error) {
	now := time.Now()
	return readAll(read, func(e entry) (Record, error) {
		m := maker{vars: vars, now: now, record: Record{Partition: -1, Offset: -1}}
		for _, f := range e.fields {
			if err := m.set(f); err != nil {
				return Record{}, err
			}
		}
		if m.value != nil {
			m.record.Value = m.value.append(nil)
		}
		return m.record, nil
	})
}

// maker makes one record of its fields.
type maker struct {
	vars   Vars
	now    time.Time
	record Record
	value  *node // of the columns value.x
}

func (m *maker) set(f field) error {
	switch f.kind {
	case columnKey, columnValue, columnHeaders:
		if f.value.Kind != yaml.ScalarNode {
			tree, err := f.tree(true, m.leaf)
			if err == nil {
				m.put(f, tree.append(nil))
			}
			return err
		}
		if b, ok, err := f.literal(); ok || err != nil {
			m.put(f, b)
			return err
		}
	}
	text, err := f.text(m.vars)
	if err == nil {
		err = m.setText(f, text)
		if err != nil {
			err = f.fail(err)
		}
	}
	return err
}

func (m *maker) setText(f field, text string) (err error) {
	switch {
	case f.path != nil:
		return m.setPath(f.path, text)
	case f.kind == columnKey, f.kind == columnValue, f.kind == columnHeaders:
		if f.isCell() && text == "" && f.kind == columnHeaders {
			return nil
		}
		if f.isCell() && text == "" && f.kind == columnValue {
			return fmt.Errorf(`got an empty cell, want a value: write null for a tombstone, or "" for an empty value`)
		}
		b, err := makeBytes(text)
		m.put(f, b)
		return err
	case text == "":
	case f.kind == columnTopic:
		m.record.Topic = text
	case f.kind == columnPartition:
		m.record.Partition, err = parsePartition(text)
	case f.kind == columnTimestamp:
		m.record.Timestamp, err = parseTimestamp(text, m.vars, func() (time.Time, error) { return m.vars.baseTime(m.now) })
	}
	return err
}

func (m *maker) put(f field, b []byte) {
	switch f.kind {
	case columnKey:
		m.record.Key = b
	case columnValue:
		m.record.Value = b
	default:
		m.record.Headers = append(m.record.Headers, Header{Key: f.header, Value: b})
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
	if err != nil {
		return nil, err
	}
	if text, ok := v.(string); ok && plainScalar(f.value) {
		if err := refuseMatcher(text); err != nil {
			return nil, f.fail(err)
		}
	}
	return &node{literal: true, value: v}, nil
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
	if _, ok := named[text]; ok {
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
