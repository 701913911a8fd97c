package record

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// template reads a text with functions and sees to it that what they need is there.
func (p generatorParser) template(f field) (*template, error) {
	t, err := parseTemplate(f.value.Value, p.g.lets)
	if err != nil {
		return nil, f.fail(err)
	}
	if p.g.times == nil && slices.ContainsFunc(t.pieces, func(p piece) bool { return p.time }) {
		return nil, f.failf("${timestamp} needs the key timestamp, with start and step")
	}
	return t, nil
}

// scalar reads a text with functions. One without functions is a cell of the usual notation.
func (p generatorParser) scalar(f field) (*template, error) {
	if b, ok, err := f.literal(); ok || err != nil {
		return constant(b), err
	}
	t, err := p.template(f)
	if err != nil {
		return nil, err
	}
	text, same := t.constant()
	if !same || text == "" || text == "null" && !plainScalar(f.value) {
		return t, nil
	}
	b, err := makeBytes(text)
	t = constant(b)
	t.pieces[0].bare = plainScalar(f.value) && isNumber(text)
	return t, f.fail(err)
}

// constant is a template that always gives b; nil is null.
func constant(b []byte) *template {
	t := &template{pieces: []piece{{literal: b}}}
	if b == nil {
		t.null = billion
	}
	return t
}

// whole reads a key, a value or a header: a text with functions, or a mapping or list that becomes JSON.
func (p generatorParser) whole(f field) (*template, error) {
	if f.value.Kind == yaml.ScalarNode {
		return p.scalar(f)
	}
	tree, err := f.tree(true, p.leaf)
	if err != nil {
		return nil, err
	}
	t := &template{}
	tree.write(t.add, func(leaf *node) {
		if inner, ok := leaf.value.(*template); ok {
			t.pieces = append(t.pieces, inner.json())
		} else {
			t.add(string(appendJSON(nil, leaf.value)))
		}
	})
	return t, nil
}

// leaf reads a scalar inside a mapping or list; the value of its node is a template where it has functions.
func (p generatorParser) leaf(f field) (*node, error) {
	t, err := p.template(f)
	if err != nil {
		return nil, err
	}
	text, same := t.constant()
	if !same {
		return &node{literal: true, value: t}, nil
	}
	v, err := scalarJSON(f.value, text)
	return &node{literal: true, value: v}, f.fail(err)
}
