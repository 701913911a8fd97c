package profile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// reader takes YAML nodes apart and collects what is wrong with them, so that one look shows all mistakes.
type reader struct {
	file     string
	lookup   func(string) (string, bool)
	problems source.Errors
}

func (d *reader) problem(line int, format string, arguments ...any) {
	d.problems = append(d.problems, source.Place{File: d.file, Line: line}.Errorf(format, arguments...))
}

// document parses the file down to the node at its root, which is nil when nothing stands in it.
func (d *reader) document(content []byte) *yaml.Node {
	root, err := document.ParseWithAliases(source.Place{File: d.file}, string(content))
	mistakes, _ := errors.AsType[source.Errors](err)
	for _, mistake := range mistakes {
		d.problem(mistake.Line, "%v", mistake.Err)
	}
	return root
}

// resolve follows an alias, and is nil for a value that is not there: `key:` with nothing behind it.
func resolve(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node == nil || node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return nil
	}
	return node
}

// entries calls visit for each key of a mapping.
func (d *reader) entries(node *yaml.Node, what string, visit func(key string, keyLine int, value *yaml.Node)) {
	if node = resolve(node); node == nil {
		return
	}
	if node.Kind != yaml.MappingNode {
		d.problem(node.Line, "got %s, want %s as a mapping of keys to values", document.Describe(node), what)
		return
	}
	for key, value := range document.Entries(node) {
		if key.Kind == yaml.ScalarNode && key.Tag != "!!merge" { // else it is refused already
			visit(key.Value, key.Line, value)
		}
	}
}

// fields reads a mapping whose keys are known, and returns the line of each key that is there.
func (d *reader) fields(node *yaml.Node, what string, known map[string]func(*yaml.Node)) map[string]int {
	given := map[string]int{}
	names := slices.Sorted(maps.Keys(known))
	d.entries(node, what, func(key string, line int, value *yaml.Node) {
		if read := known[key]; read != nil {
			given[key] = line
			read(value)
			return
		}
		advice := "want one of " + strings.Join(names, ", ")
		if near := nearest.Word(key, names); near != "" {
			advice = fmt.Sprintf("did you mean %q? %s", near, advice)
		}
		d.problem(line, "got unknown key %q in %s; %s", key, what, advice)
	})
	return given
}

func (d *reader) text(node *yaml.Node, what string) text {
	if node = resolve(node); node == nil {
		return text{}
	}
	if node.Kind != yaml.ScalarNode {
		d.problem(node.Line, "got %s, want %s as one text", document.Describe(node), what)
		return text{}
	}
	return d.expand(node.Value, node.Line)
}

// texts reads a list, or one text as a list of one.
func (d *reader) texts(node *yaml.Node, what string) []text {
	node = resolve(node)
	if node == nil || node.Kind != yaml.SequenceNode {
		if one := d.text(node, what); one.line > 0 {
			return []text{one}
		}
		return nil
	}
	all := make([]text, len(node.Content))
	for i, item := range node.Content {
		all[i] = d.text(item, what)
	}
	return all
}

// number is 0 when the value is not there.
func (d *reader) number(node *yaml.Node, what string, least int) int {
	t := d.text(node, what)
	if t.line == 0 || len(t.missing) > 0 {
		return 0
	}
	n, err := strconv.Atoi(t.value)
	if err != nil || n < least {
		d.problem(t.line, "got %s %q, want a whole number of at least %d", what, t.value, least)
	}
	return n
}

func (d *reader) flag(node *yaml.Node, what string) bool {
	t := d.text(node, what)
	switch t.value {
	case "true":
		return true
	case "", "false":
	default:
		d.problem(t.line, "got %s %q, want true or false", what, t.value)
	}
	return false
}

// duration is 0 when the value is not there.
func (d *reader) duration(node *yaml.Node, what string) time.Duration {
	t := d.text(node, what)
	if t.line == 0 {
		return 0
	}
	value, err := units.Period.Parse(t.value)
	if err != nil {
		d.problem(t.line, "got %s %q, want a time such as 250ms, 10s or 5m", what, t.value)
	}
	return value
}
