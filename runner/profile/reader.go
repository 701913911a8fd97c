package profile

import (
	"errors"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// reader takes YAML nodes apart and collects what is wrong with them, so that one look shows all mistakes.
type reader struct {
	file     string
	lookup   func(string) (string, bool)
	problems source.Errors
	secrets  []string
	told     bool // what is read is an application's, which is told ${topic.orders} and the like
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
	if node = document.Aliased(node); node == nil || node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
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
		got := document.Describe(node)
		if secretHolder.MatchString(what) && node.Kind == yaml.ScalarNode {
			got = "one text"
		}
		d.problem(node.Line, "got %s, want %s as a mapping of keys to values", got, what)
		return
	}
	for key, value := range document.Entries(node) {
		if key.Kind == yaml.ScalarNode && key.Tag != "!!merge" { // else it is refused already
			visit(key.Value, key.Line, value)
		}
	}
}

// named calls visit for each entry of a mapping of names, such as that of applications. Where nothing stands under a
// name and keys that belong there stand beside it, only that is told.
func (d *reader) named(node *yaml.Node, what, one string, keys []string,
	visit func(name string, line int, value *yaml.Node)) {
	type entry struct {
		name  string
		line  int
		value *yaml.Node
	}
	var all []entry
	d.entries(node, what, func(name string, line int, value *yaml.Node) { all = append(all, entry{name, line, value}) })
	beside := func(e entry) bool { return slices.Contains(keys, e.name) }
	for i := 0; i < len(all); i++ {
		e := all[i]
		if resolve(e.value) != nil || i+1 == len(all) || !beside(all[i+1]) {
			visit(e.name, e.line, e.value)
			continue
		}
		d.problem(all[i+1].line, "got %q beside %s %q, which has nothing under it; indent it and the keys after it, so that "+
			"they stand under %q", all[i+1].name, one, e.name, e.name)
		for i+1 < len(all) && beside(all[i+1]) {
			i++
		}
	}
}

// keysIn are the keys that a struct is read from.
func keysIn[T any]() (keys []string) {
	for field := range reflect.TypeFor[T]().Fields() {
		if key := field.Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// fields reads a mapping into the fields of a struct whose yaml tags are its keys, and returns the line of each key
// that is there.
func (d *reader) fields(node *yaml.Node, what string, into any) map[string]int {
	known, given := map[string]any{}, map[string]int{}
	for field, value := range reflect.ValueOf(into).Elem().Fields() {
		if key := field.Tag.Get("yaml"); key != "" {
			known[key] = value.Addr().Interface()
		}
	}
	names := slices.Sorted(maps.Keys(known))
	d.entries(node, what, func(key string, line int, value *yaml.Node) {
		if field := known[key]; field != nil {
			given[key] = line
			d.field(value, key, what, field)
			return
		}
		d.problem(line, "got unknown key %q in %s; %s", key, what, oneOf(key, names))
	})
	return given
}

// field reads the value of one key as what its field is.
func (d *reader) field(node *yaml.Node, key, what string, into any) {
	switch into := into.(type) {
	case *text:
		*into = d.text(node, key)
	case *[]text:
		*into = d.texts(node, key)
	case *map[string]text:
		*into = map[string]text{}
		d.entries(node, key, func(key string, _ int, value *yaml.Node) { (*into)[key] = d.text(value, key) })
	case *string:
		*into = d.text(node, key).value
	case *int:
		*into = d.number(node, key)
	case *bool:
		*into = d.flag(node, key)
	case *time.Duration:
		*into = d.duration(node, key)
	case **regexp.Regexp:
		*into = d.expression(node, key)
	case *app.Patterns:
		*into = d.patterns(node)
	case **yaml.Node:
		*into = node
	case interface {
		read(*reader, *yaml.Node, string)
	}:
		into.read(d, node, what)
	default:
		d.fields(node, key+" of "+what, into)
	}
}

func (d *reader) text(node *yaml.Node, what string) text {
	if node = resolve(node); node == nil {
		return text{}
	}
	if node.Kind != yaml.ScalarNode {
		d.problem(node.Line, "got %s, want %s as one text", document.Describe(node), what)
		return text{}
	}
	if strings.Contains(node.Value, "\x00") { // no argument, variable, path or address can have one
		d.problem(node.Line, "got a NUL character in %s; remove it", what)
		return text{line: node.Line, value: strings.ReplaceAll(node.Value, "\x00", "")}
	}
	line := node.Line
	if node.Style == yaml.LiteralStyle {
		line++ // where its content begins
	}
	t := d.expand(node.Value, line)
	if what == "password" || what == "token" || secretName.MatchString(what) && len(t.value) >= shortestSecret {
		d.secrets = append(d.secrets, t.value)
	}
	return t
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
		if all[i] = d.text(item, what); document.IsNull(resolve(item)) {
			d.problem(item.Line, "got nothing as item %d of %s; write \"\" for an empty text, or quote the word", i+1, what)
		}
	}
	return all
}

// number is 0 when the value is not there, and at least 1 else.
func (d *reader) number(node *yaml.Node, what string) int {
	t := d.text(node, what)
	if t.line == 0 || len(t.missing) > 0 {
		return 0
	}
	n, err := strconv.Atoi(t.value)
	if err != nil || n < 1 {
		d.problem(t.line, "got %s %q, want a whole number of at least 1%s", what, t.value, units.Bound(t.value))
		return 0
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

// longest is a slip of the finger where it is passed.
const longest = 24 * time.Hour

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
	if value > longest {
		d.problem(t.line, "got %s %q, want at most %v", what, t.value, longest)
	}
	return value
}
