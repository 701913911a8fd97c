package profile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// Problem is one mistake in a profile. Line is 0 where the whole file is meant.
type Problem struct {
	File string
	Line int
	Text string
}

func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Text
	case p.Line == 0:
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Error is every mistake found in a profile, in the order of their lines.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// reader takes YAML nodes apart and collects what is wrong with them, so that one look shows all mistakes.
type reader struct {
	file     string
	lookup   func(string) (string, bool)
	problems []Problem
}

func (d *reader) problem(line int, format string, arguments ...any) {
	d.problems = append(d.problems, Problem{d.file, line, fmt.Sprintf(format, arguments...)})
}

// err is nil when nothing was wrong.
func (d *reader) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.Line - b.Line })
	return &Error{d.problems}
}

// document parses the file down to the node at its root, which is nil when nothing stands in it.
func (d *reader) document(content []byte) *yaml.Node {
	content = []byte(strings.TrimPrefix(string(content), "\ufeff"))
	decoder := yaml.NewDecoder(strings.NewReader(string(content)))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if len(strings.TrimSpace(string(content))) > 0 && err.Error() != "EOF" {
			d.syntax(content, err)
		}
		return nil
	}
	if decoder.Decode(&second) == nil {
		d.problem(second.Line, "got a second YAML document, want one; remove the line ---")
	}
	if len(document.Content) == 0 {
		return nil
	}
	return document.Content[0]
}

var (
	yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	// What most often is behind a syntax error, each found on a line of the file.
	tabIndent     = regexp.MustCompile(`^ *\t`)
	controlInLine = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]`)
	flowVariable  = regexp.MustCompile(`[\[{][^"'$]*\$\{`)
)

// syntax reports what the YAML parser did not understand. Its line is sometimes that of the mapping around, or missing,
// so the usual suspects are looked for first.
func (d *reader) syntax(content []byte, err error) {
	line := 0
	if match := yamlLine.FindStringSubmatch(err.Error()); match != nil && match[1] != "" {
		line, _ = strconv.Atoi(match[1])
	}
	message := yamlLine.ReplaceAllString(err.Error(), "")
	for i, l := range strings.Split(string(content), "\n") {
		switch {
		case tabIndent.MatchString(l):
			d.problem(i+1, "got a tab, want spaces: YAML does not indent with tabs (%s)", message)
			return
		case !utf8.ValidString(l):
			d.problem(i+1, "got bytes that are not UTF-8; save the file as UTF-8 (%s)", message)
			return
		case controlInLine.MatchString(l):
			d.problem(i+1, "got a control character; remove it (%s)", message)
			return
		case flowVariable.MatchString(l):
			d.problem(i+1, `got ${ within brackets or braces without quotes; write "${NAME}" there (%s)`, message)
			return
		}
	}
	d.problem(line, "%s; correct the YAML there or just above", message)
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

// shape names what a node is, for messages.
func shape(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", node.Value)
}

// entries calls visit for each key of a mapping, once: repeated keys are refused.
func (d *reader) entries(node *yaml.Node, what string, visit func(key string, keyLine int, value *yaml.Node)) {
	if node = resolve(node); node == nil {
		return
	}
	if node.Kind != yaml.MappingNode {
		d.problem(node.Line, "got %s, want %s as a mapping of keys to values", shape(node), what)
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.problem(key.Line, "got %s as a key, want a word", shape(key))
		case key.Tag == "!!merge":
			d.problem(key.Line, "got <<, which is not read here; write the keys out, or use *name for a whole value")
		case first[key.Value] > 0:
			d.problem(key.Line, "got key %q again, it is on line %d already; remove one of the two", key.Value, first[key.Value])
		default:
			first[key.Value] = key.Line
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
		d.problem(node.Line, "got %s, want %s as one text", shape(node), what)
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
