package record

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

var (
	generatorKeys = []string{"about", "let", "key", "value", "headers", "timestamp", "partition", "tombstones", "bad"}
	timeKeys      = []string{"start", "step", "jitter"}
	badKeys       = []string{"share", "every", "value"}
)

// ParseGenerators reads a file of generators by name. Errors start with file:line; unknown and duplicate keys are
// refused.
func ParseGenerators(file string, text []byte) (map[string]*Generator, error) {
	root, err := document.Parse(source.Place{File: file}, string(text))
	if err != nil {
		return nil, err
	}
	if root == nil || root.Kind != yaml.MappingNode || len(root.Content) == 0 {
		return nil, source.Place{File: file, Line: 1}.Errorf("got no generators, want a mapping of names to generators (%s)",
			listed(generatorKeys))
	}
	generators := make(map[string]*Generator, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		name := root.Content[i]
		p := generatorParser{file: file, g: &Generator{name: name.Value}}
		if err := p.parse(name.Line, root.Content[i+1]); err != nil {
			return nil, err
		}
		generators[name.Value] = p.g
	}
	return generators, nil
}

type generatorParser struct {
	file string
	g    *Generator
}

func (p *generatorParser) field(name string, n *yaml.Node) field {
	return field{file: p.file, name: name, value: n}
}

func (p *generatorParser) headers(f field) error {
	headers, err := f.headers()
	if err != nil {
		return err
	}
	for _, h := range headers {
		t, err := p.whole(h)
		if err != nil {
			return err
		}
		p.g.headers = append(p.g.headers, headerTemplate{h.header, t})
	}
	return nil
}

func (p *generatorParser) at(n *yaml.Node) source.Place { return nodeAt(p.file, n) }

// fields gives the content of a mapping by key, after refusing unknown keys.
func (p *generatorParser) fields(what string, line int, n *yaml.Node, known []string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return nil, source.Place{File: p.file, Line: line}.Errorf("%s: got %s, want a mapping with %s", what, document.Describe(n), listed(known))
	}
	fields := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !slices.Contains(known, key.Value) {
			return nil, p.at(key).Errorf("%s: unknown key %q: %s", what, key.Value, didYouMean(key.Value, known))
		}
		if isEmptyNode(n.Content[i+1]) {
			return nil, p.at(key).Errorf(`%s: key %q has no content: write null, or "" for empty, or leave the key out`, what,
				key.Value)
		}
		fields[key.Value] = n.Content[i+1]
	}
	return fields, nil
}

func (p *generatorParser) parse(line int, n *yaml.Node) error {
	g := p.g
	fields, err := p.fields(fmt.Sprintf("generator %q", g.name), line, n, generatorKeys)
	if err != nil {
		return err
	}
	// In the order in which one refers to the other: let can use the timestamp, all the rest can use let.
	if err := p.times(fields["timestamp"]); err != nil {
		return err
	}
	if err := p.lets(fields["let"]); err != nil {
		return err
	}
	if g.key, err = p.whole(p.field("key", fields["key"])); err != nil {
		return err
	}
	if g.value, err = p.whole(p.field("value", fields["value"])); err != nil {
		return err
	}
	if headers := fields["headers"]; headers != nil {
		if err := p.headers(p.field("headers", headers)); err != nil {
			return err
		}
	}
	if err := p.partition(fields["partition"]); err != nil {
		return err
	}
	if share := fields["tombstones"]; share != nil {
		if g.tombstones, err = parseShare(share.Value); err != nil {
			return p.at(share).Errorf("tombstones: %w", err)
		}
	}
	return p.bad(fields["bad"])
}

func (p *generatorParser) times(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	fields, err := p.fields("timestamp", n.Line, n, timeKeys)
	if err != nil {
		return err
	}
	t := &times{}
	start := fields["start"]
	if start == nil {
		return p.at(n).Errorf("timestamp: start is missing, want RFC 3339 or unix milliseconds: every run must give the same")
	}
	t.start, err = parseTimestamp(start.Value, nil, func() (time.Time, error) {
		return time.Time{}, fmt.Errorf("got %q, want RFC 3339 or unix milliseconds: every run must give the same",
			start.Value)
	})
	if err != nil {
		return p.at(start).Errorf("timestamp: start: %w", err)
	}
	if t.step, err = p.duration("step", fields["step"]); err != nil {
		return err
	}
	t.jitter, err = p.duration("jitter", fields["jitter"])
	p.g.times = t
	return err
}

func (p *generatorParser) duration(name string, n *yaml.Node) (time.Duration, error) {
	if n == nil {
		return 0, nil
	}
	d, err := units.Duration.Parse(n.Value)
	if err != nil {
		return 0, p.at(n).Errorf("timestamp: %s: got %q, want a duration like 10ms", name, n.Value)
	}
	return d, nil
}

func (p *generatorParser) lets(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return p.at(n).Errorf("let: got %s, want a mapping of names to texts with functions", document.Describe(n))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if _, taken := functions[name.Value]; taken {
			return p.at(name).Errorf("let: %q is the name of a function, want another name", name.Value)
		}
		if value.Kind != yaml.ScalarNode {
			return p.at(value).Errorf("let: %s: got %s, want a text with functions", name.Value, document.Describe(value))
		}
		t, err := p.scalar(p.field("let: "+name.Value, value))
		if err != nil {
			return err
		}
		p.g.lets = append(p.g.lets, let{name: name.Value, line: name.Line, template: t})
	}
	return nil
}

func (p *generatorParser) partition(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.ScalarNode {
		return p.at(n).Errorf("partition: got %s, want a number or a function", document.Describe(n))
	}
	t, err := parseTemplate(n.Value, p.g.lets)
	if err != nil {
		return p.at(n).Errorf("partition: %w", err)
	}
	if t.constant() {
		number, err := parsePartition(t.text())
		if err != nil {
			return p.at(n).Errorf("partition: %w", err)
		}
		t.pieces = []piece{{literal: strconv.AppendInt(nil, int64(number), 10)}}
	} else if len(t.pieces) != 1 || !t.pieces[0].whole || t.pieces[0].low < 0 || t.pieces[0].high > math.MaxInt32 {
		return p.at(n).Errorf("partition: got %q, want one function that gives whole numbers from 0, like ${int 0 2} or "+
			"${cycle 0 1 2}", n.Value)
	}
	p.g.partition = t
	return nil
}

func (p *generatorParser) bad(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	fields, err := p.fields("bad", n.Line, n, badKeys)
	if err != nil {
		return err
	}
	b := &bad{}
	share, every, value := fields["share"], fields["every"], fields["value"]
	if (share == nil) == (every == nil) {
		return p.at(n).Errorf("bad: want either share (2%%) or every (50)")
	}
	if share != nil {
		if b.share, err = parseShare(share.Value); err != nil {
			return p.at(share).Errorf("bad: %w", err)
		}
	} else if b.every, err = strconv.ParseInt(every.Value, 10, 64); err != nil || b.every < 1 {
		return p.at(every).Errorf("bad: every: got %q, want a whole number from 1", every.Value)
	}
	if value == nil {
		value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "not json ${sequence}", Line: n.Line}
	}
	b.value, err = p.whole(p.field("bad: value", value))
	p.g.bad = b
	return err
}
