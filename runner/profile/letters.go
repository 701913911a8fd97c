package profile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
)

// letters says which headers of an application's dead letters tell what: the name of a preset, or a mapping.
type letters struct{ format deadletter.Format }

func (l *letters) read(d *reader, node *yaml.Node, what string) {
	if node = resolve(node); node == nil {
		return
	}
	if node.Kind == yaml.ScalarNode {
		l.format = d.preset(node, what)
		return
	}
	l.format = deadletter.Format{}
	what = "dead-letters of " + what
	known := append([]string{"preset"}, deadletter.Fields...)
	given, like := deadletter.Format{}, false
	d.entries(node, what, func(field string, line int, value *yaml.Node) {
		switch {
		case field == "preset":
			l.format, like = d.preset(value, what), true
		case slices.Contains(deadletter.Fields, field):
			given[field] = d.header(value, field+" of "+what)
		default:
			d.problem(line, "got unknown key %q in %s; %s", field, what, oneOf(field, known))
		}
	})
	maps.Copy(l.format, given)
	for _, field := range []string{deadletter.Topic, deadletter.Partition, deadletter.Offset} {
		if _, told := l.format[field]; !told && !like && node.Kind == yaml.MappingNode {
			d.problem(node.Line, "%s do not say which header tells the %s; add %s: NAME, or preset: NAME", what, field, field)
		}
	}
}

// preset is the format of that name.
func (d *reader) preset(node *yaml.Node, what string) deadletter.Format {
	t := d.text(node, "dead-letters")
	if format, known := deadletter.Presets[t.value]; known {
		return format()
	}
	d.problem(max(t.line, node.Line), "got unknown preset %q of dead letters in %s; %s", t.value, what,
		oneOf(t.value, slices.Sorted(maps.Keys(deadletter.Presets))))
	return deadletter.Format{}
}

// headerKinds are the forms of a header's value, and the bytes of each that is a number.
var headerKinds = map[string]int{"text": 0, "int8": 1, "int16": 2, "int32": 4, "int64": 8}

// header is its name, for one that is text, or a mapping of name and as.
func (d *reader) header(node *yaml.Node, what string) deadletter.Header {
	var entry struct {
		Name text `yaml:"header"`
		As   text `yaml:"as"`
	}
	if node = resolve(node); node != nil && node.Kind == yaml.MappingNode {
		d.fields(node, what, &entry)
	} else {
		entry.Name = d.text(node, what)
	}
	if entry.Name.value == "" && len(entry.Name.missing) == 0 && node != nil {
		d.problem(node.Line, "got no header for %s; write its name, or {header: NAME, as: int32}", what)
	}
	as := entry.As.value
	if _, known := headerKinds[as]; !known && as != "" {
		d.problem(entry.As.line, "got %q as the form of %s; %s", as, what, oneOf(as, slices.Sorted(maps.Keys(headerKinds))))
	}
	return deadletter.Header{Name: entry.Name.value, Bytes: headerKinds[as]}
}

// oneOf names the known word that is nearest, and all of them.
func oneOf(word string, known []string) string { return nearOf(nearest.Word(word, known), known) }

// nearOf does so where the nearest is known; "" is none.
func nearOf(near string, known []string) string {
	const most = 20
	advice := "want one of " + strings.Join(known[:min(len(known), most)], ", ")
	if more := len(known) - most; more > 0 {
		advice += fmt.Sprintf(" and %d more", more)
	}
	if near != "" {
		advice = "did you mean \"" + near + "\"? " + advice
	}
	return advice
}
