package profile

import (
	"cmp"
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
	Command  command       `yaml:"command"`
	Dir      text          `yaml:"dir"`
	Environ  environ       `yaml:"env"`
	Grace    time.Duration `yaml:"grace"`
	Patterns app.Patterns  `yaml:"patterns"`
	Wire     bool          `yaml:"wire"`
	Ready    struct {
		Group   bool           `yaml:"group"`
		Log     *regexp.Regexp `yaml:"log"`
		TCP     text           `yaml:"tcp"`
		Timeout time.Duration  `yaml:"timeout"`
	} `yaml:"ready"`
}

func (p *Profile) readApplication(d *reader, name string, line int, node *yaml.Node) {
	e := applicationEntry{Wire: true}
	what := fmt.Sprintf("application %q", name)
	d.fields(node, what, &e)
	for _, word := range e.Command {
		if name, _, assigns := strings.Cut(word.value, "="); assigns { // env NAME=value program
			d.bypasses(name, word.line, "the command of "+what)
		}
	}
	if len(e.Command) == 0 {
		d.problem(line, "%s has no command; add command: [program, argument]", what)
	}
	p.applications[name] = e
}

// bypasses reports a variable that would lead an application past the cluster, group or topics of its scenario.
func (d *reader) bypasses(name string, line int, where string) bool {
	if app.InContract(name) {
		d.problem(line, "got %s in %s, which kafkaspec sets for each scenario; remove it, or have the application read "+
			"another name", name, where)
		return true
	}
	return false
}

// command is a list of words, or one line that is split into words at its blanks.
type command []text

func (c *command) read(d *reader, node *yaml.Node, what string) {
	if node = resolve(node); node == nil || node.Kind != yaml.ScalarNode {
		*c = d.texts(node, "command")
		return
	}
	if strings.ContainsAny(node.Value, `"'\|&;<>*`) {
		d.problem(node.Line, "got a command of %s with quotes or shell characters; no shell reads it: write a list, one "+
			"item for each argument", what)
		*c = []text{{line: node.Line}} // it is not missing
		return
	}
	for _, word := range strings.Fields(node.Value) {
		*c = append(*c, d.expand(word, node.Line))
	}
}

// environ is what the profile adds to the environment.
type environ map[string]text

func (e *environ) read(d *reader, node *yaml.Node, what string) {
	*e = environ{}
	d.entries(node, "env of "+what, func(key string, line int, value *yaml.Node) {
		if key == "" || strings.ContainsAny(key, "=\x00") {
			d.problem(line, "got %q in env of %s, want the name of an environment variable", key, what)
			return
		}
		if d.bypasses(key, line, "env of "+what) {
			return
		}
		(*e)[key] = d.text(value, key)
	})
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
	definition := app.Definition{Name: name, Dir: p.relative(cmp.Or(needs.text(e.Dir), ".")), Patterns: e.Patterns,
		Grace: e.Grace, Direct: !e.Wire,
		Ready: app.Ready{Group: e.Ready.Group, Log: e.Ready.Log, TCP: needs.text(e.Ready.TCP), Timeout: e.Ready.Timeout}}
	for _, word := range e.Command {
		definition.Command = append(definition.Command, needs.text(word))
	}
	for _, key := range slices.Sorted(maps.Keys(e.Environ)) {
		definition.Environ = append(definition.Environ, key+"="+needs.text(e.Environ[key]))
	}
	if err := needs.problems.Err(); err != nil {
		return app.Definition{}, err
	}
	return definition, nil
}
