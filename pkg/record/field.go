package record

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// field is one thing a record says of itself: a cell of a table, or a key of a mapping. Tables, YAML and JSON are all
// read into fields, of which records, patterns and generators are made.
type field struct {
	file   string
	name   string     // as errors call it
	kind   string     // columnKey …
	path   []string   // of a column value.a.b
	header string     // of headers.x
	value  *yaml.Node // a cell is a scalar with the tag cellTag
}

const cellTag = "!cell"

// entry is one record as it is written.
type entry struct {
	at     source.Place
	fields []field
}

// makeAll makes something of each entry, once they are read.
func makeAll[T any](entries []entry, err error, one func(entry) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	all := make([]T, len(entries))
	for i, e := range entries {
		if all[i], err = one(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// fail says of an error what it is about, and where that stands.
func (f field) fail(err error) error {
	if err == nil {
		return nil
	}
	return nodeAt(f.file, f.value).Errorf("%s: %w", f.name, err)
}

func nodeAt(file string, n *yaml.Node) source.Place { return source.Place{File: file, Line: n.Line} }

func (f field) failf(format string, args ...any) error { return f.fail(fmt.Errorf(format, args...)) }

func (f field) isCell() bool { return f.value.Tag == cellTag }

// inner is a part of the field's value.
func (f field) inner(name string, value *yaml.Node) field {
	return field{file: f.file, name: f.name + "." + name, kind: f.kind, value: value}
}

// text gives what has to be one scalar, its variables replaced; null is "", nothing said.
func (f field) text(vars Vars) (string, error) {
	if f.value.Kind != yaml.ScalarNode {
		return "", f.failf("got %s, want one value", document.Describe(f.value))
	}
	if document.IsNull(f.value) {
		return "", nil
	}
	text, err := vars.Expand(f.value.Value)
	return text, f.fail(err)
}

// literal gives the bytes of a scalar that means just these whatever the rest of the notation says: a plain null, what
// stands behind !!binary, and "null" and "" in quotes. It is false for all others.
func (f field) literal() ([]byte, bool, error) {
	n := f.value
	switch {
	case document.IsNull(n):
		return nil, true, nil
	case n.ShortTag() == "!!binary":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
		if err != nil {
			return nil, true, f.failf("got %s, want standard base64 behind !!binary: %w", document.Describe(n), err)
		}
		return b, true, nil
	case !plainScalar(n) && (n.Value == "null" || n.Value == ""):
		return []byte(n.Value), true, nil
	}
	return nil, false, nil
}

// tree reads a mapping or list; leaf reads its scalars. Mappings have no other fields when they are exact.
func (f field) tree(exact bool, leaf func(field) (*node, error)) (*node, error) {
	n := f.value
	if n.Kind == yaml.ScalarNode {
		return leaf(f)
	}
	t := &node{exact: exact, list: n.Kind == yaml.SequenceNode}
	for i := 0; i < len(n.Content); i++ {
		name := fmt.Sprint(i)
		if !t.list {
			name = n.Content[i].Value
			i++
		}
		child, err := f.inner(name, n.Content[i]).tree(exact, leaf)
		if err != nil {
			return nil, err
		}
		if t.list {
			t.elements = append(t.elements, child)
		} else {
			t.fields = append(t.fields, nodeField{name, child})
		}
	}
	return t, nil
}

// leaf gives the JSON of a scalar. A variable in a scalar without quotes may make it a number, true, false or null.
func (f field) leaf(vars Vars) (any, error) {
	n := f.value
	text, err := vars.Expand(n.Value)
	if err != nil {
		return nil, f.fail(err)
	}
	if text != n.Value && plainScalar(n) {
		if v, ok := parseJSON([]byte(text)); ok && !isContainer(v) {
			return v, nil
		}
		return text, nil
	}
	v, err := scalarJSON(n, text)
	return v, f.fail(err)
}

var entryKeys = []string{columnKey, columnValue, columnHeaders, columnPartition, columnTimestamp, columnTopic,
	columnOffset}

// documentEntries reads the records of a YAML or JSON text, which are to be sent or are expected.
func documentEntries(src Source, mediaType, text string, sent bool) ([]entry, error) {
	root, err := parseDocument(src.Place, mediaType, text)
	if err != nil {
		return nil, err
	}
	if root == nil || root.Kind == yaml.SequenceNode && len(root.Content) == 0 {
		return nil, src.Row(1).Errorf("got no records, want a list of records, each with %s",
			strings.Join(entryKeys[:4], ", "))
	}
	mappings := []*yaml.Node{root}
	if root.Kind == yaml.SequenceNode {
		mappings = root.Content
	}
	entries := make([]entry, len(mappings))
	for i, m := range mappings {
		if m.Kind != yaml.MappingNode {
			return nil, nodeAt(src.File, m).Errorf("got %s, want a record: a mapping with %s", document.Describe(m),
				listed(entryKeys))
		}
		if entries[i].fields, err = entryFields(src.File, m, sent); err != nil {
			return nil, err
		}
		entries[i].at = nodeAt(src.File, m.Content[0])
	}
	return entries, nil
}

func entryFields(file string, m *yaml.Node, sent bool) ([]field, error) {
	known := entryKeys
	if sent {
		known = known[:len(known)-1]
	}
	if len(m.Content) == 0 {
		return nil, nodeAt(file, m).Errorf("got a record without anything, want at least one of %s", listed(known))
	}
	var fields []field
	for name, value := range document.Entries(m) {
		key, at := name.Value, nodeAt(file, name)
		f := field{file: file, name: key, kind: key, value: value}
		switch {
		case key == columnOffset && sent:
			return nil, at.Errorf("key %q is for expected records: the broker gives the offset; remove it", key)
		case !slices.Contains(known, key):
			return nil, at.Errorf("unknown key %q: %s%s", key, didYouMean(key, known), underValue(key, known))
		case isEmptyNode(value):
			return nil, at.Errorf(`key %q has no content: write null, or "" for empty, or leave the key out`, key)
		case key == columnHeaders:
			headers, err := f.headers()
			if err != nil {
				return nil, err
			}
			fields = append(fields, headers...)
		default:
			fields = append(fields, f)
		}
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

// headers reads a mapping, or a list of mappings with one entry each.
func (f field) headers() ([]field, error) {
	const form = "want a mapping of names to values, or a list with one \"- name: value\" per header where a name comes " +
		"twice"
	mappings := []*yaml.Node{f.value}
	if f.value.Kind == yaml.SequenceNode {
		mappings = f.value.Content
	} else if f.value.Kind != yaml.MappingNode {
		return nil, f.failf("got %s, %s", document.Describe(f.value), form)
	}
	var headers []field
	for _, m := range mappings {
		if m.Kind != yaml.MappingNode || f.value.Kind == yaml.SequenceNode && len(m.Content) != 2 {
			return nil, nodeAt(f.file, m).Errorf("headers: got %s, %s", document.Describe(m), form)
		}
		for name, value := range document.Entries(m) {
			h := f.inner(name.Value, value)
			h.kind, h.header = columnHeaders, name.Value
			at := nodeAt(f.file, name)
			switch {
			case h.value.Kind == yaml.SequenceNode:
				return nil, at.Errorf("%s: got a list, %s", h.name, form)
			case isEmptyNode(h.value):
				return nil, at.Errorf(`%s has no content: write null, or "" for empty`, h.name)
			}
			headers = append(headers, h)
		}
	}
	return headers, nil
}
