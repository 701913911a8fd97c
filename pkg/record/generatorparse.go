package record

import (
	"fmt"
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
	for name, value := range document.Entries(root) {
		p := generatorParser{&Generator{name: name.Value}}
		at := *value
		at.Line = name.Line // errors about the whole generator stand there
		if err := p.parse(field{file: file, name: fmt.Sprintf("generator %q", name.Value), value: &at}); err != nil {
			return nil, err
		}
		generators[name.Value] = p.g
	}
	return generators, nil
}

type generatorParser struct{ g *Generator }

// parts gives the content of a mapping by key, after refusing unknown keys. The name of a part begins with prefix.
func (f field) parts(prefix string, known []string) (map[string]field, error) {
	if f.value.Kind != yaml.MappingNode || len(f.value.Content) == 0 {
		return nil, f.failf("got %s, want a mapping with %s", document.Describe(f.value), listed(known))
	}
	parts := map[string]field{}
	for key, value := range document.Entries(f.value) {
		at := field{file: f.file, name: f.name, value: key}
		if !slices.Contains(known, key.Value) {
			return nil, at.failf("unknown key %q: %s", key.Value, didYouMean(key.Value, known))
		}
		if isEmptyNode(value) {
			return nil, at.failf(`key %q has no content: write null, or "" for empty, or leave the key out`, key.Value)
		}
		parts[key.Value] = field{file: f.file, name: prefix + key.Value, value: value}
	}
	return parts, nil
}

func (p generatorParser) parse(f field) error {
	parts, err := f.parts("", generatorKeys)
	if err != nil {
		return err
	}
	template := func(to **template) func(field) error {
		return func(f field) (err error) {
			*to, err = p.whole(f)
			return err
		}
	}
	// In the order in which one refers to the other: let can use the timestamp, all the rest can use let.
	for _, part := range []struct {
		key  string
		read func(field) error
	}{
		{"timestamp", p.times}, {"let", p.lets}, {"key", template(&p.g.key)}, {"value", template(&p.g.value)},
		{"headers", p.headers}, {"partition", p.partition}, {"tombstones", share(&p.g.tombstones)}, {"bad", p.bad},
	} {
		if f, there := parts[part.key]; there {
			if err := part.read(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func share(to *uint64) func(field) error {
	return func(f field) (err error) {
		*to, err = parseShare(f.value.Value)
		return f.fail(err)
	}
}

func (p generatorParser) times(f field) error {
	parts, err := f.parts("timestamp: ", timeKeys)
	if err != nil {
		return err
	}
	const every = "want RFC 3339 or unix milliseconds: every run must give the same"
	start, there := parts["start"]
	if !there {
		return f.failf("start is missing, %s", every)
	}
	t := &times{}
	t.start, err = parseTimestamp(start.value.Value, nil, func() (time.Time, error) {
		return time.Time{}, fmt.Errorf("got %q, %s", start.value.Value, every)
	})
	if err != nil {
		return start.fail(err)
	}
	for i, to := range []*time.Duration{&t.step, &t.jitter} {
		if f, there := parts[timeKeys[i+1]]; there {
			if *to, err = units.Duration.Parse(f.value.Value); err != nil {
				return f.failf("got %q, want a duration like 10ms", f.value.Value)
			}
		}
	}
	p.g.times = t
	return nil
}

func (p generatorParser) lets(f field) error {
	if f.value.Kind != yaml.MappingNode {
		return f.failf("got %s, want a mapping of names to texts with functions", document.Describe(f.value))
	}
	for name, value := range document.Entries(f.value) {
		if _, taken := functions[name.Value]; taken {
			return nodeAt(f.file, name).Errorf("let: %q is the name of a function, want another name", name.Value)
		}
		one := field{file: f.file, name: "let: " + name.Value, value: value}
		if value.Kind != yaml.ScalarNode {
			return one.failf("got %s, want a text with functions", document.Describe(value))
		}
		t, err := p.scalar(one)
		if err != nil {
			return err
		}
		p.g.lets = append(p.g.lets, named{name.Value, t})
	}
	return nil
}

func (p generatorParser) headers(f field) error {
	headers, err := f.headers()
	for _, h := range headers {
		t, err := p.whole(h)
		if err != nil {
			return err
		}
		p.g.headers = append(p.g.headers, named{h.header, t})
	}
	return err
}

func (p generatorParser) partition(f field) error {
	if f.value.Kind != yaml.ScalarNode {
		return f.failf("got %s, want a number or a function", document.Describe(f.value))
	}
	t, err := parseTemplate(f.value.Value, p.g.lets)
	if err != nil {
		return f.fail(err)
	}
	if text, same := t.constant(); same {
		var number int32
		number, err = parsePartition(text)
		t = constant(strconv.AppendInt(nil, int64(number), 10))
	} else if len(t.pieces) != 1 || !t.pieces[0].partition {
		err = fmt.Errorf("got %q, want one function that gives whole numbers from 0, like ${int 0 2} or ${cycle 0 1 2}",
			f.value.Value)
	}
	p.g.partition = t
	return f.fail(err)
}

func (p generatorParser) bad(f field) error {
	parts, err := f.parts("bad: ", badKeys)
	if err != nil {
		return err
	}
	portion, some := parts["share"]
	every, regular := parts["every"]
	if some == regular {
		return f.failf("want either share (2%%) or every (50)")
	}
	p.g.bad = &bad{}
	if some {
		portion.name = f.name
		if err := share(&p.g.bad.share)(portion); err != nil {
			return err
		}
	} else if p.g.bad.every, err = strconv.ParseInt(every.value.Value, 10, 64); err != nil || p.g.bad.every < 1 {
		return every.failf("got %q, want a whole number from 1", every.value.Value)
	}
	value, there := parts["value"]
	if !there {
		value = field{file: f.file, name: "bad: value", value: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str",
			Value: "not json ${sequence}", Line: f.value.Line}}
	}
	p.g.bad.value, err = p.whole(value)
	return err
}
