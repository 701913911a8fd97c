package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// applicationEntry is an application as it stands in the profile.
type applicationEntry struct {
	Command  command       `yaml:"command"`
	Dir      text          `yaml:"dir"`
	Environ  environ       `yaml:"env"`
	Files    files         `yaml:"files"`
	Grace    time.Duration `yaml:"grace"`
	Patterns app.Patterns  `yaml:"patterns"`
	HTTP     text          `yaml:"http"`
	Wire     bool          `yaml:"wire"`
	Names    text          `yaml:"names"`
	Without  []text        `yaml:"without"`
	Letters  letters       `yaml:"dead-letters"`
	Stop     stop          `yaml:"stop"`

	Advertise text `yaml:"advertise"`

	line int // of its name

	Ready struct {
		Group   bool           `yaml:"group"`
		Log     *regexp.Regexp `yaml:"log"`
		TCP     text           `yaml:"tcp"`
		HTTP    text           `yaml:"http"`
		Topic   text           `yaml:"topic"`
		Timeout time.Duration  `yaml:"timeout"`
	} `yaml:"ready"`
}

func (p *Profile) readApplication(d *reader, name string, line int, node *yaml.Node) {
	e := applicationEntry{Wire: true, line: line}
	what := fmt.Sprintf("application %q", name)
	d.told = true
	d.fields(node, what, &e)
	d.told = false
	if e.Advertise.constant() {
		d.checkHost(e.Advertise.line, "advertise of "+what, e.Advertise.value, listen.CheckAdvertise)
	} else if e.Advertise.parts != nil {
		d.problem(e.Advertise.line, "got advertise %q in %s, want a host that is the same in every scenario",
			e.Advertise.shown(), what)
	}
	if e.Advertise.line > 0 && !e.Wire {
		d.problem(e.Advertise.line, "got advertise and wire: false in %s, which is then told the cluster's own addresses; "+
			"remove one of them", what)
	}
	for _, word := range e.Command {
		name, _, assigns := strings.Cut(word.value, "=")
		if assigns && word.parts == nil { // env NAME=value program
			d.bypasses(name, word.line, "the command of "+what)
		}
	}
	if e.Names.line > 0 && e.Names.value != "fixed" {
		d.problem(e.Names.line, "got names %q in %s, want fixed, for an application that cannot be told the names of topics "+
			"and groups; without it each scenario gives them names of its own", e.Names.value, what)
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
		t := d.variable(value, key, what)
		if t.parts == nil && d.bypasses(key, line, "env of "+what) { // else it is mapped on purpose
			return
		}
		(*e)[key] = t
	})
}

// variable is a text, or a mapping of value and secret: true for one that must not be shown although it does not look
// like a secret.
func (d *reader) variable(node *yaml.Node, key, what string) text {
	if node = resolve(node); node == nil || node.Kind != yaml.MappingNode {
		return d.text(node, key)
	}
	var entry struct {
		Value  text `yaml:"value"`
		Secret bool `yaml:"secret"`
	}
	d.fields(node, key+" of env of "+what, &entry)
	if entry.Secret {
		d.secrets = append(d.secrets, entry.Value.value)
	}
	return entry.Value
}

// files are written into the application's own folder: content by path.
type files map[string]text

func (f *files) read(d *reader, node *yaml.Node, what string) {
	*f = files{}
	d.entries(node, "files of "+what, func(name string, line int, value *yaml.Node) {
		inside := filepath.Clean(name)
		for other := range *f {
			if strings.HasPrefix(inside, other+"/") || strings.HasPrefix(other, inside+"/") || inside == other {
				d.problem(line, "got the files %q and %q in files of %s, which cannot both be there; rename one", other, name, what)
				return
			}
		}
		for part := range strings.SplitSeq(inside, "/") {
			if len(part) > mostName {
				d.problem(line, "got a name of %d bytes in files of %s, want at most %d between slashes", len(part), what, mostName)
				return
			}
		}
		if !filepath.IsLocal(name) || inside == "." || strings.HasSuffix(name, "/") || strings.Contains(name, "\x00") {
			d.problem(line, "got the file %q in files of %s, want a path within the folder that it is given, ${folder}", name,
				what)
			return
		}
		(*f)[inside] = d.content(value, name)
	})
}

// mostTemplate bounds a template, and mostName a part of a path, in bytes. No file system takes longer names.
const (
	mostTemplate = 16 << 20
	mostName     = 255
)

// content is one text, or a mapping with the template that holds it.
func (d *reader) content(node *yaml.Node, name string) text {
	if node = resolve(node); node == nil || node.Kind != yaml.MappingNode {
		return d.text(node, name)
	}
	var entry struct {
		Template string `yaml:"template"`
	}
	lines := d.fields(node, "the file "+name, &entry)
	if entry.Template == "" {
		d.problem(node.Line, "got no template for the file %s; write the content itself, or template: FILE", name)
		return text{}
	}
	file := beside(d.file, entry.Template)
	content, err := source.ReadFileUpTo(file, mostTemplate)
	if err != nil {
		d.problem(lines["template"], "cannot read the template: %v; correct its path, which is relative to the profile", err)
		return text{}
	}
	template := *d
	template.file, template.problems = file, nil
	t := template.expand(string(content), 1)
	d.problems, d.secrets = append(d.problems, template.problems...), template.secrets
	return t
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
