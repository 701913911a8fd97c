package profile

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// applicationEntry is an application as it stands in the profile.
type applicationEntry struct {
	line     int
	command  []text
	dir      text
	environ  map[string]text
	ready    app.Ready
	tcp      text
	patterns app.Patterns
	grace    time.Duration
}

func (p *Profile) readApplication(d *reader) func(string, int, *yaml.Node) {
	return func(name string, line int, node *yaml.Node) {
		e := applicationEntry{line: line}
		what := fmt.Sprintf("application %q", name)
		d.fields(node, what, map[string]func(*yaml.Node){
			"command": func(n *yaml.Node) { e.command = d.command(n, what) },
			"dir":     func(n *yaml.Node) { e.dir = d.text(n, "dir") },
			"env": func(n *yaml.Node) {
				e.environ = map[string]text{}
				d.entries(n, "env of "+what, func(key string, line int, value *yaml.Node) {
					if key == "" || strings.ContainsAny(key, "=\x00") {
						d.problem(line, "got %q in env of %s, want the name of an environment variable", key, what)
						return
					}
					e.environ[key] = d.text(value, key)
				})
			},
			"grace":    func(n *yaml.Node) { e.grace = d.duration(n, "grace") },
			"patterns": func(n *yaml.Node) { e.patterns = d.patterns(n) },
			"ready": func(n *yaml.Node) {
				d.fields(n, "ready of "+what, map[string]func(*yaml.Node){
					"group":   func(n *yaml.Node) { e.ready.Group = d.flag(n, "group") },
					"log":     func(n *yaml.Node) { e.ready.Log = d.expression(n, "log") },
					"tcp":     func(n *yaml.Node) { e.tcp = d.text(n, "tcp") },
					"timeout": func(n *yaml.Node) { e.ready.Timeout = d.duration(n, "timeout") },
				})
			},
		})
		if len(e.command) == 0 {
			d.problem(line, "%s has no command; add command: [program, argument]", what)
		}
		p.applications[name] = e
	}
}

// command reads a list of words, or one line that is split into words at its blanks.
func (d *reader) command(node *yaml.Node, what string) []text {
	if node = resolve(node); node == nil || node.Kind != yaml.ScalarNode {
		return d.texts(node, "command")
	}
	if strings.ContainsAny(node.Value, `"'\|&;<>*`) {
		d.problem(node.Line, "got a command of %s with quotes or shell characters; no shell reads it: write a list, one "+
			"item for each argument", what)
		return []text{{line: node.Line}} // it is not missing
	}
	var words []text
	for _, word := range strings.Fields(node.Value) {
		words = append(words, d.expand(word, node.Line))
	}
	return words
}

func (d *reader) expression(node *yaml.Node, what string) *regexp.Regexp {
	node = resolve(node)
	if node == nil {
		return nil
	}
	if node.Kind != yaml.ScalarNode {
		d.problem(node.Line, "got %s, want %s as a regular expression", document.Describe(node), what)
		return nil
	}
	expression, err := regexp.Compile(node.Value)
	if err != nil {
		d.problem(node.Line, "got %s %q, which is no regular expression of Go (RE2): %v", what, node.Value, err)
	}
	return expression
}

// patterns are read by the package they belong to.
func (d *reader) patterns(node *yaml.Node) app.Patterns {
	patterns, err := app.ParsePatterns(resolve(node), d.file)
	if placed, ok := errors.AsType[*source.Error](err); ok {
		d.problem(placed.Line, "%v", placed.Err)
	}
	return patterns
}

// definition asks for every value the application needs.
func (e applicationEntry) definition(p *Profile, name string) (app.Definition, error) {
	needs := p.needs(fmt.Sprintf("application %q", name))
	definition := app.Definition{Name: name, Dir: p.relative(needs.text(e.dir)), Ready: e.ready, Patterns: e.patterns,
		Grace: e.grace}
	if definition.Dir == "" {
		definition.Dir = p.relative(".")
	}
	definition.Ready.TCP = needs.text(e.tcp)
	for _, word := range e.command {
		definition.Command = append(definition.Command, needs.text(word))
	}
	for _, key := range slices.Sorted(maps.Keys(e.environ)) {
		definition.Environ = append(definition.Environ, key+"="+needs.text(e.environ[key]))
	}
	if err := needs.problems.Err(); err != nil {
		return app.Definition{}, err
	}
	return definition, nil
}
