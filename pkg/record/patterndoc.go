package record

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// PatternsFromDoc reads expected records from a YAML (the default) or JSON text, in the form of FromDoc. A mapping
// looks only at the fields it names; a list has exactly its elements.
func PatternsFromDoc(src Source, mediaType, text string, vars Vars) ([]Pattern, error) {
	var patterns []Pattern
	err := eachEntry(src, mediaType, text, useExpect, func(fields []entryField) error {
		p := Pattern{source: src.inside(fields[0].line)}
		d := docPattern{src: src, vars: vars}
		for _, f := range fields {
			if err := d.set(&p, f); err != nil {
				return err
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

type docPattern struct {
	src  Source
	vars Vars
}

func (d docPattern) set(p *Pattern, f entryField) (err error) {
	at := d.src.inside(f.value.Line)
	switch f.name {
	case columnKey:
		p.key, err = d.expectation(f.name, f.value, placeBytes)
		return err
	case columnValue:
		p.value, err = d.expectation(f.name, f.value, placeValue)
		return err
	case columnHeaders:
		return eachHeader(d.src, f.value, func(name string, value *yaml.Node) error {
			want, err := d.expectation("headers."+name, value, placeBytes)
			p.headers = append(p.headers, headerPattern{name, want})
			return err
		})
	}
	text, err := scalarText(d.src, f, d.vars)
	if err != nil {
		return err
	}
	if text == "" {
		return at.errorf("%s: got nothing, want a value; leave the key out where any will do", f.name)
	}
	if err := p.set(cell{column{name: f.name, kind: f.name}, text}, d.vars); err != nil {
		return at.errorf("%s: %w", f.name, err)
	}
	return nil
}

func (d docPattern) expectation(name string, n *yaml.Node, where place) (*expectation, error) {
	at := d.src.inside(n.Line)
	if n.Kind != yaml.ScalarNode {
		tree, err := d.tree(name, n)
		return &expectation{tree: tree}, err
	}
	if isNull(n) {
		return &expectation{text: "null"}, nil
	}
	if n.ShortTag() == "!!binary" {
		b, err := decodeBinary(at, name, n)
		return &expectation{text: showBytes(b), bytes: b}, err
	}
	text, err := d.vars.Expand(n.Value)
	if err != nil {
		return nil, at.errorf("%s: %w", name, err)
	}
	if text == "" || text == "null" && !plainScalar(n) {
		return &expectation{text: showBytes([]byte(text)), bytes: []byte(text)}, nil
	}
	e, err := parseExpectation(text, where)
	if err != nil {
		return nil, at.errorf("%s: %w", name, err)
	}
	return e, nil
}

func (d docPattern) tree(name string, n *yaml.Node) (*node, error) {
	switch n.Kind {
	case yaml.MappingNode:
		object := &node{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			child, err := d.tree(name+"."+key, n.Content[i+1])
			if err != nil {
				return nil, err
			}
			object.fields = append(object.fields, nodeField{key, child})
		}
		return object, nil
	case yaml.SequenceNode:
		list := &node{list: true}
		for i, e := range n.Content {
			child, err := d.tree(fmt.Sprintf("%s.%d", name, i), e)
			if err != nil {
				return nil, err
			}
			list.elements = append(list.elements, child)
		}
		return list, nil
	}
	v, err := expandScalar(n, d.vars)
	if err == nil {
		if text, ok := v.(string); ok {
			var leaf *node
			if leaf, err = stringNode(text); err == nil {
				return leaf, nil
			}
		}
	}
	if err != nil {
		return nil, d.src.inside(n.Line).errorf("%s: %w", name, err)
	}
	return &node{literal: true, value: v}, nil
}
