package record

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// FromDoc reads records to send from a YAML (the default) or JSON text: a list of mappings, or one mapping, with the
// keys key, value, headers, partition, timestamp and topic. Every error starts with file:line.
func FromDoc(src Source, mediaType, text string, vars Vars) ([]Record, error) {
	var records []Record
	now := time.Now()
	err := eachEntry(src, mediaType, text, useMake, func(fields []entryField) error {
		m := docMaker{src: src, maker: maker{vars: vars, now: now, record: Record{Partition: -1, Offset: -1}}}
		for _, f := range fields {
			if err := m.set(f); err != nil {
				return err
			}
		}
		records = append(records, m.record)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// entryField is one key of a record with its content.
type entryField struct {
	name  string
	line  int
	value *yaml.Node
}

var entryKeys = []string{columnKey, columnValue, columnHeaders, columnPartition, columnTimestamp, columnTopic,
	columnOffset}

// eachEntry reads the frame of a text of records.
func eachEntry(src Source, mediaType, text string, use use, entry func([]entryField) error) error {
	root, err := parseDocument(src, mediaType, text)
	if err != nil {
		return err
	}
	if root == nil || root.Kind == yaml.SequenceNode && len(root.Content) == 0 {
		return src.inside(1).errorf("got no records, want a list of records, each with %s", strings.Join(entryKeys[:4], ", "))
	}
	entries := []*yaml.Node{root}
	if root.Kind == yaml.SequenceNode {
		entries = root.Content
	}
	for _, e := range entries {
		if e.Kind != yaml.MappingNode {
			return src.inside(e.Line).errorf("got %s, want a record: a mapping with %s", nodeKind(e), listed(entryKeys))
		}
		fields, err := entryFields(src, e, use)
		if err != nil {
			return err
		}
		if err := entry(fields); err != nil {
			return err
		}
	}
	return nil
}

func entryFields(src Source, e *yaml.Node, use use) ([]entryField, error) {
	known := entryKeys
	if use == useMake {
		known = known[:len(known)-1]
	}
	if len(e.Content) == 0 {
		return nil, src.inside(e.Line).errorf("got a record without anything, want at least one of %s", listed(known))
	}
	var fields []entryField
	for i := 0; i+1 < len(e.Content); i += 2 {
		key, value := e.Content[i], e.Content[i+1]
		at := src.inside(key.Line)
		if key.Value == columnOffset && use == useMake {
			return nil, at.errorf("key %q is for expected records: the broker gives the offset; remove it", key.Value)
		}
		if !slices.Contains(known, key.Value) {
			return nil, at.errorf("unknown key %q: %s%s", key.Value, didYouMean(key.Value, known), underValue(key.Value, known))
		}
		if isEmptyNode(value) {
			return nil, at.errorf(`key %q has no content: write null, or "" for empty, or leave the key out`, key.Value)
		}
		fields = append(fields, entryField{key.Value, key.Line, value})
	}
	return fields, nil
}

// underValue is for a text that is the value alone.
func underValue(key string, known []string) string {
	if nearest.Word(key, known) != "" {
		return ""
	}
	return "; the fields of a value go under value"
}

type docMaker struct {
	maker
	src Source
}

func (m *docMaker) set(f entryField) (err error) {
	at := m.src.inside(f.value.Line)
	switch f.name {
	case columnKey:
		m.record.Key, err = m.bytes(f.name, f.value)
		return err
	case columnValue:
		m.record.Value, err = m.bytes(f.name, f.value)
		return err
	case columnHeaders:
		return eachHeader(m.src, f.value, func(name string, value *yaml.Node) error {
			b, err := m.bytes("headers."+name, value)
			m.record.Headers = append(m.record.Headers, Header{Key: name, Value: b})
			return err
		})
	}
	text, err := scalarText(m.src, f, m.vars)
	if err != nil || text == "" {
		return err
	}
	if err := m.maker.set(cell{column{name: f.name, kind: f.name}, text}); err != nil {
		return at.errorf("%s: %w", f.name, err)
	}
	return nil
}

// scalarText reads what has to be one scalar; null is "", nothing said.
func scalarText(src Source, f entryField, vars Vars) (string, error) {
	at := src.inside(f.value.Line)
	if f.value.Kind != yaml.ScalarNode {
		return "", at.errorf("%s: got %s, want one value", f.name, nodeKind(f.value))
	}
	if isNull(f.value) {
		return "", nil
	}
	text, err := vars.Expand(f.value.Value)
	if err != nil {
		return "", at.errorf("%s: %w", f.name, err)
	}
	return text, nil
}

// bytes makes a key, a value or a header value.
func (m *docMaker) bytes(name string, n *yaml.Node) ([]byte, error) {
	at := m.src.inside(n.Line)
	if n.Kind != yaml.ScalarNode {
		return m.json(nil, name, n)
	}
	if isNull(n) {
		return nil, nil
	}
	if n.ShortTag() == "!!binary" {
		return decodeBinary(at, name, n)
	}
	text, err := m.vars.Expand(n.Value)
	if err != nil {
		return nil, at.errorf("%s: %w", name, err)
	}
	if !plainScalar(n) && (text == "null" || text == "") {
		return []byte(text), nil
	}
	b, err := makeBytes(text)
	if err != nil {
		return nil, at.errorf("%s: %w", name, err)
	}
	return b, nil
}

func decodeBinary(at Source, name string, n *yaml.Node) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
	if err != nil {
		return nil, at.errorf("%s: got %s, want standard base64 behind !!binary: %w", name, nodeKind(n), err)
	}
	return b, nil
}

// json writes a mapping or list as compact JSON, its fields in the order written.
func (m *docMaker) json(b []byte, name string, n *yaml.Node) ([]byte, error) {
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		b = append(b, '{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b = append(b, ',')
			}
			key := n.Content[i].Value
			b = append(appendJSON(b, key), ':')
			if b, err = m.json(b, name+"."+key, n.Content[i+1]); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case yaml.SequenceNode:
		b = append(b, '[')
		for i, child := range n.Content {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = m.json(b, fmt.Sprintf("%s.%d", name, i), child); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	}
	v, err := expandScalar(n, m.vars)
	if err == nil {
		if text, ok := v.(string); ok && plainScalar(n) {
			err = refuseMatcher(text)
		}
	}
	if err != nil {
		return nil, m.src.inside(n.Line).errorf("%s: %w", name, err)
	}
	return appendJSON(b, v), nil
}

// expandScalar gives a scalar's JSON. A variable in a scalar without quotes may make it a number, true, false or null.
func expandScalar(n *yaml.Node, vars Vars) (any, error) {
	text, err := vars.Expand(n.Value)
	if err != nil {
		return nil, err
	}
	if text == n.Value || !plainScalar(n) {
		same := *n
		same.Value = text
		return scalarJSON(&same)
	}
	if v, ok := parseJSON([]byte(text)); ok && !isContainer(v) {
		return v, nil
	}
	return text, nil
}

// eachHeader reads headers: a mapping, or a list of mappings with one entry each.
func eachHeader(src Source, n *yaml.Node, header func(name string, value *yaml.Node) error) error {
	const form = "want a mapping of names to values, or a list with one \"- name: value\" per header where a name comes " +
		"twice"
	mappings := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		mappings = n.Content
	} else if n.Kind != yaml.MappingNode {
		return src.inside(n.Line).errorf("headers: got %s, %s", nodeKind(n), form)
	}
	for _, m := range mappings {
		if m.Kind != yaml.MappingNode || n.Kind == yaml.SequenceNode && len(m.Content) != 2 {
			return src.inside(m.Line).errorf("headers: got %s, %s", nodeKind(m), form)
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			name, value := m.Content[i], m.Content[i+1]
			at := src.inside(name.Line)
			switch {
			case value.Kind == yaml.SequenceNode:
				return at.errorf("headers.%s: got a list, %s", name.Value, form)
			case isEmptyNode(value):
				return at.errorf(`headers.%s has no content: write null, or "" for empty`, name.Value)
			}
			if err := header(name.Value, value); err != nil {
				return err
			}
		}
	}
	return nil
}
