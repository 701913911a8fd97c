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
	if err != nil || !t.constant() {
		return t, err
	}
	text := t.text()
	if text == "" || text == "null" && !plainScalar(f.value) {
		return t, nil
	}
	b, err := makeBytes(text)
	if err != nil {
		return nil, f.fail(err)
	}
	t = constant(b)
	t.number = plainScalar(f.value) && isNumber(text)
	return t, nil
}

// constant is a template that always gives b; nil is null.
func constant(b []byte) *template {
	return &template{always: b == nil, pieces: []piece{{literal: b}}}
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
	var pieces []piece
	tree.write(func(text string) { pieces = append(pieces, piece{literal: []byte(text)}) },
		func(leaf *node) { pieces = append(pieces, leaf.value.([]piece)...) })
	return &template{pieces: join(pieces)}, nil
}

// leaf reads a scalar inside a mapping or list; the value of its node is the pieces that write it.
func (p generatorParser) leaf(f field) (*node, error) {
	t, err := p.template(f)
	if err != nil {
		return nil, err
	}
	if !t.constant() {
		return &node{literal: true, value: t.jsonPieces()}, nil
	}
	same := *f.value
	same.Value = t.text()
	v, err := scalarJSON(&same)
	if err != nil {
		return nil, f.fail(err)
	}
	return &node{literal: true, value: []piece{{literal: appendJSON(nil, v)}}}, nil
}
