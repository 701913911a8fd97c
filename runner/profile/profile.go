// Package profile reads kafkaspec.yaml: the clusters, applications and defaults that features are run with.
//
//	clusters:
//	  staging:
//	    kind: external
//	    addresses: [kafka-1.example.org:9093, kafka-2.example.org:9093]
//	    tls:
//	      ca: certificates/ca.pem
//	    sasl:
//	      mechanism: SCRAM-SHA-512
//	      username: ${KAFKA_USER}
//	      password: ${KAFKA_PASSWORD}
//	applications:
//	  shipping:
//	    command: [python3, shipping.py]
//	    ready: {log: "listening on", timeout: 20s}
//	defaults:
//	  await: 10s
//
// Unknown and repeated keys are refused with their line. ${NAME} stands for an environment variable; one that is not
// set is an error once something needs it. Paths are relative to the profile.
package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// DefaultFile is the profile that is read, where it exists, when none is named.
const DefaultFile = "kafkaspec.yaml"

// Profile is what a profile says. Only values that need no environment variable are plain fields; the others are asked
// for by method.
type Profile struct {
	Defaults Defaults

	file         string         // as the user named it; "" for the empty profile
	lines        map[string]int // of the defaults that are there
	registry     text
	database     text
	clusters     map[string]clusterEntry
	applications map[string]applicationEntry
	use          map[string]text
	secrets      []string // passwords, tokens and the like, wherever they stand
}

// Defaults apply where neither the command line nor a step says otherwise. Zero means that the profile says nothing.
type Defaults struct {
	Cluster  string        `yaml:"cluster"`  // name of a cluster, as for --cluster
	Await    time.Duration `yaml:"await"`    // how long an expectation without `within` may take
	Step     time.Duration `yaml:"step"`     // deadline of a step
	Parallel int           `yaml:"parallel"` // scenarios at once

	// Compression is that of records that steps and generators send; "" is none, which clients of all kinds can read.
	Compression string `yaml:"compression"`

	Advertise string `yaml:"advertise"` // host by which applications find this machine, as for --advertise
	Listen    string `yaml:"listen"`    // address of this machine where it listens for them, as for --listen
}

// Open reads the named profile. Without a name it reads DefaultFile where that exists, and else is the empty profile.
// lookup is os.LookupEnv but for tests. Mistakes in the profile are source.Errors; the profile that comes with them is
// there for its Secrets only.
func Open(name string, lookup func(string) (string, bool)) (*Profile, error) {
	file := name
	if file == "" {
		file = DefaultFile
	}
	content, err := source.ReadFile(file)
	switch {
	case name == "" && errors.Is(err, fs.ErrNotExist):
		return Parse("", nil, lookup)
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, source.Errors{source.Place{File: file}.Errorf("cannot read the profile: %w; name a file with --profile",
			err)}
	}
	return Parse(file, content, lookup)
}

// topEntry is the profile itself.
type topEntry struct {
	Clusters     *yaml.Node `yaml:"clusters"`
	Registry     *yaml.Node `yaml:"registry"`
	Database     *yaml.Node `yaml:"database"`
	Applications *yaml.Node `yaml:"applications"`
	Use          *yaml.Node `yaml:"use"`
	Defaults     *yaml.Node `yaml:"defaults"`
}

// Parse reads a profile from its content. The file's name is used in messages, and its folder for relative paths.
func Parse(file string, content []byte, lookup func(string) (string, bool)) (*Profile, error) {
	p := &Profile{file: file, clusters: map[string]clusterEntry{}, applications: map[string]applicationEntry{},
		use: map[string]text{}}
	d := &reader{file: file, lookup: lookup}
	var top topEntry
	d.fields(d.document(content), "the profile", &top)
	d.named(top.Clusters, "clusters", "cluster", keysIn[clusterEntry](),
		func(name string, line int, n *yaml.Node) { p.readCluster(d, name, line, n) })
	p.registry = d.text(top.Registry, "the registry's address")
	p.database = d.text(top.Database, "the database's address")
	d.named(top.Applications, "applications", "application", keysIn[applicationEntry](),
		func(name string, line int, n *yaml.Node) { p.readApplication(d, name, line, n) })
	d.entries(top.Use, "use", func(role string, line int, n *yaml.Node) { p.readUse(d, role, line, n) })
	p.lines = d.fields(top.Defaults, "defaults", &p.Defaults)
	if _, known := access.Codecs[p.Defaults.Compression]; !known && p.Defaults.Compression != "" {
		d.problem(p.lines["compression"], "got compression %q, want one of %s", p.Defaults.Compression,
			strings.Join(slices.Sorted(maps.Keys(access.Codecs)), ", "))
	}
	d.checkHost(p.lines["advertise"], "advertise in defaults", p.Defaults.Advertise, listen.CheckAdvertise)
	d.checkHost(p.lines["listen"], "listen in defaults", p.Defaults.Listen, listen.CheckListen)
	p.secrets = d.secrets
	return p, d.problems.Err()
}

// checkHost reports a host that cannot be one.
func (d *reader) checkHost(line int, what, host string, check func(string) error) {
	if host == "" {
		return
	}
	if err := check(host); err != nil {
		d.problem(line, "%s: %w", what, err)
	}
}

// Registry is the address of the schema registry, and where it stands; "" when the profile names none.
func (p *Profile) Registry() (string, source.Place, error) { return p.address("registry", p.registry) }

// Database is the address of the database, and where it stands; "" when the profile names none.
func (p *Profile) Database() (string, source.Place, error) { return p.address("database", p.database) }

func (p *Profile) address(what string, t text) (string, source.Place, error) {
	needs := p.needs(what)
	return needs.text(t), p.at(t.line), needs.problems.Err()
}

// Has reports that the profile describes no application of this name.
func (p *Profile) Has(application string) error { return p.has(p.at(0), "", application) }

// HasFor does so where the name stands in a flag.
func (p *Profile) HasFor(flag, application string) error {
	return p.has(source.Place{}, flag+": ", application)
}

func (p *Profile) has(at source.Place, before, application string) error {
	if _, ok := p.applications[application]; ok {
		return nil
	}
	known := p.Applications()
	err := unknown("application", application, nearest.Word(application, known), known)
	return source.Errors{at.Errorf("%s%w", before, err)}
}

// Place is where the profile describes the application of this name; the zero place where it does not.
func (p *Profile) Place(application string) source.Place {
	if e, ok := p.applications[application]; ok {
		return p.at(e.line)
	}
	return source.Place{}
}

// Application is the application the profile describes under this name.
func (p *Profile) Application(name string) (app.Definition, error) {
	if err := p.Has(name); err != nil {
		return app.Definition{}, err
	}
	return p.applications[name].definition(p, name)
}

// Applications are the names under applications, sorted.
func (p *Profile) Applications() []string { return slices.Sorted(maps.Keys(p.applications)) }

// Secrets are the texts that must not be shown, nor a part of them: passwords and tokens, what has the name of one
// among the variables of an application or of the environment, and passwords within addresses. Values are to be hidden
// as a whole, since parts of them are ordinary words: whatever else came from the environment into the access to a
// cluster, the registry, the database or an application's environment.
func (p *Profile) Secrets() (secrets, values []string) {
	values = slices.Concat(p.registry.used, p.database.used)
	for _, c := range p.clusters {
		values = append(values, c.values()...)
	}
	for _, a := range p.applications {
		for _, v := range a.Environ {
			values = append(values, noWords(v.used)...)
		}
	}
	return distinct(p.secrets), distinct(values)
}

func distinct(texts []string) []string {
	texts = slices.Sorted(slices.Values(texts))
	return slices.DeleteFunc(slices.Compact(texts), func(s string) bool { return s == "" })
}

// word is a word or several, or a number: MODE=consumer, LEVEL=3, REGION=eu-west.
var word = regexp.MustCompile(`^(?:[A-Za-z]+(?:[-_. /][A-Za-z]+)*|[0-9.:]+)$`)

// noWords leaves out what can hardly be a secret: hiding a mode, a switch or a level would make any report unreadable.
// Where a word is a secret, its name says so, or the profile does.
func noWords(values []string) []string {
	return slices.DeleteFunc(notShort(values), word.MatchString)
}

func notShort(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return len(v) < 4 })
}

// needs collects the variables that are not set although something needs them.
type needs struct {
	file     string
	what     string // that needs them
	problems source.Errors
}

func (p *Profile) needs(what string) *needs { return &needs{file: p.file, what: what} }

func (n *needs) problem(line int, format string, arguments ...any) {
	n.problems = append(n.problems, source.Place{File: n.file, Line: line}.Errorf(format, arguments...))
}

// text is the value of a text that is now needed.
func (n *needs) text(t text) string {
	if len(t.missing) > 0 {
		n.problem(t.line, "environment variable %s is not set, and %s needs it; set it and run again%s",
			strings.Join(t.missing, ", "), n.what, nearValue(t.missing))
	}
	return t.value
}

// nearValue names what the scenario gives under a name like one of the variables.
func nearValue(variables []string) string {
	for _, name := range variables {
		if near := app.ValueNear(name); near != "" && name == strings.ToLower(name) {
			return fmt.Sprintf("; or did you mean ${%s}, which an application is told?", near)
		}
	}
	return ""
}

// at is a line of the profile; 0 is all of it.
func (p *Profile) at(line int) source.Place { return source.Place{File: p.file, Line: line} }

// relative makes a path of the profile one of the working folder.
func (p *Profile) relative(path string) string { return beside(p.file, path) }

// beside is a path that is relative to the folder of a file.
func beside(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
