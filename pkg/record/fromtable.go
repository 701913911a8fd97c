package record

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// FromTable reads records to send. The first row names the columns; src.Line is its line. Every error starts with
// file:line and names the column.
func FromTable(src Source, rows [][]string, vars Vars) ([]Record, error) {
	now := time.Now()
	var records []Record
	err := eachRow(src, rows, vars, useMake, func(at Source, cells []cell) error {
		m := maker{vars: vars, now: now, record: Record{Partition: -1, Offset: -1}}
		for _, c := range cells {
			if err := m.set(c); err != nil {
				return at.column(c.column, err)
			}
		}
		records = append(records, m.done())
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// maker builds one record from cells.
type maker struct {
	vars   Vars
	now    time.Time
	record Record
	fields *jsonObject // of value.x columns
}

func (m *maker) set(c cell) (err error) {
	switch c.kind {
	case columnKey:
		m.record.Key, err = makeBytes(c.text)
	case columnValue:
		if c.path != nil {
			return m.setField(c)
		}
		if c.text == "" {
			return fmt.Errorf(`got an empty cell, want a value: write null for a tombstone, or "" for an empty value`)
		}
		m.record.Value, err = makeBytes(c.text)
	case columnHeaders:
		if c.text == "" {
			return nil
		}
		var value []byte
		value, err = makeBytes(c.text)
		m.record.Headers = append(m.record.Headers, Header{Key: c.header, Value: value})
	case columnTopic:
		m.record.Topic = c.text
	case columnPartition:
		if c.text != "" {
			m.record.Partition, err = parsePartition(c.text)
		}
	case columnTimestamp:
		if c.text != "" {
			m.record.Timestamp, err = parseTimestamp(c.text, m.vars, func() (time.Time, error) { return m.vars.baseTime(m.now) })
		}
	}
	return err
}

func (m *maker) setField(c cell) error {
	if m.fields == nil {
		m.fields = &jsonObject{}
	}
	if c.text == "" {
		return nil
	}
	value, err := makeJSON(c.text)
	if err != nil {
		return err
	}
	m.fields.put(c.path, value)
	return nil
}

func (m *maker) done() Record {
	if m.fields != nil {
		m.record.Value = m.fields.append(nil)
	}
	return m.record
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

// makeJSON reads a cell of one JSON field to send.
func makeJSON(text string) (json.RawMessage, error) {
	if err := refuseMatcher(text); err != nil {
		return nil, err
	}
	if _, ok := parseJSON([]byte(text)); ok {
		return compactJSON(text), nil
	}
	return appendJSON(nil, text), nil
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

// jsonObject is an object being built, with its fields in the order given.
type jsonObject struct{ fields []jsonField }

type jsonField struct {
	name   string
	value  json.RawMessage // or
	object *jsonObject
}

func (o *jsonObject) put(path []string, value json.RawMessage) {
	if len(path) == 1 {
		o.fields = append(o.fields, jsonField{name: path[0], value: value})
		return
	}
	for _, f := range o.fields {
		if f.name == path[0] && f.object != nil {
			f.object.put(path[1:], value)
			return
		}
	}
	inner := &jsonObject{}
	inner.put(path[1:], value)
	o.fields = append(o.fields, jsonField{name: path[0], object: inner})
}

func (o *jsonObject) append(b []byte) []byte {
	b = append(b, '{')
	for i, f := range o.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, f.name), ':')
		if f.object != nil {
			b = f.object.append(b)
		} else {
			b = append(b, f.value...)
		}
	}
	return append(b, '}')
}
