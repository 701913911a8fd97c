package record

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"
)

// scalar reads a text with functions. One without functions is a cell of the usual notation.
func (p *generatorParser) scalar(what string, n *yaml.Node) (*template, error) {
	if isNull(n) {
		return &template{always: true}, nil
	}
	if n.ShortTag() == "!!binary" {
		b, err := decodeBinary(p.at(n), what, n)
		return &template{pieces: []piece{{literal: b}}}, err
	}
	t, err := parseTemplate(n.Value, p.g.lets)
	if err != nil {
		return nil, p.at(n).errorf("%s: %w", what, err)
	}
	if !t.constant() {
		return t, p.usesTime(what, n, t)
	}
	text := t.text()
	t.number = plainScalar(n) && isNumber(text)
	if text == "null" && !plainScalar(n) || text == "" {
		return t, nil
	}
	b, err := makeBytes(text)
	if err != nil {
		return nil, p.at(n).errorf("%s: %w", what, err)
	}
	if b == nil {
		return &template{always: true}, nil
	}
	t.pieces = []piece{{literal: b}}
	return t, nil
}

func (p *generatorParser) usesTime(what string, n *yaml.Node, t *template) error {
	if p.g.times == nil && slices.ContainsFunc(t.pieces, func(p piece) bool { return p.time }) {
		return p.at(n).errorf("%s: ${timestamp} needs the key timestamp, with start and step", what)
	}
	return nil
}

// whole reads a key, a value or a header: a text with functions, or a mapping or list that becomes JSON.
func (p *generatorParser) whole(what string, n *yaml.Node) (*template, error) {
	if n == nil {
		return nil, nil
	}
	if n.Kind == yaml.ScalarNode {
		return p.scalar(what, n)
	}
	pieces, err := p.json(nil, what, n)
	if err != nil {
		return nil, err
	}
	return &template{pieces: join(pieces)}, nil
}

func (p *generatorParser) json(pieces []piece, what string, n *yaml.Node) ([]piece, error) {
	literal := func(text string) { pieces = append(pieces, piece{literal: []byte(text)}) }
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		open := "{"
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			literal(open + quote(name) + ":")
			if pieces, err = p.json(pieces, what+"."+name, n.Content[i+1]); err != nil {
				return nil, err
			}
			open = ","
		}
		if open == "{" {
			literal(open)
		}
		literal("}")
		return pieces, nil
	case yaml.SequenceNode:
		literal("[")
		for i, e := range n.Content {
			if i > 0 {
				literal(",")
			}
			if pieces, err = p.json(pieces, fmt.Sprintf("%s.%d", what, i), e); err != nil {
				return nil, err
			}
		}
		literal("]")
		return pieces, nil
	}
	t, err := parseTemplate(n.Value, p.g.lets)
	if err != nil {
		return nil, p.at(n).errorf("%s: %w", what, err)
	}
	if err := p.usesTime(what, n, t); err != nil {
		return nil, err
	}
	if !t.constant() {
		return append(pieces, t.jsonPieces()...), nil
	}
	constant := *n
	constant.Value = t.text()
	v, err := scalarJSON(&constant)
	if err != nil {
		return nil, p.at(n).errorf("%s: %w", what, err)
	}
	literal(string(appendJSON(nil, v)))
	return pieces, nil
}

func (p *generatorParser) headers(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	return eachHeader(p.src, n, func(name string, value *yaml.Node) error {
		t, err := p.whole("headers."+name, value)
		p.g.headers = append(p.g.headers, headerTemplate{name, t})
		return err
	})
}
