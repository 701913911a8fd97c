// Package roles tells what the built-in features expect of the programs that they are about, so that a program of
// somebody else can play one: the settings it is given, the topics, its log lines, and what it may lack.
package roles

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/features"
)

// Role is what one program of the built-in features does.
type Role struct {
	Name      string   `yaml:"role"`   // of the reference application: "dlq-consumer"
	Title     string   `yaml:"title"`  // of its scenario
	Folder    string   `yaml:"folder"` // of its features
	Reads     string   `yaml:"reads"`
	Writes    string   `yaml:"writes"`
	Does      []string `yaml:"does"`
	Settings  Entries  `yaml:"settings"`  // meaning by name
	Log       Entries  `yaml:"log"`       // what lines of a kind say, by kind
	Says      Entries  `yaml:"says"`      // when, by text that a step looks for
	Abilities List     `yaml:"abilities"` // in the order of the file
}

// Entries are a mapping in the order of the file.
type Entries []Entry

// Entry is a name and what it means.
type Entry struct{ Name, Means string }

// UnmarshalYAML keeps the order.
func (e *Entries) UnmarshalYAML(node *yaml.Node) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		*e = append(*e, Entry{node.Content[i].Value, strings.Join(strings.Fields(node.Content[i+1].Value), " ")})
	}
	return nil
}

// Names are the names, in order.
func (e Entries) Names() (names []string) {
	for _, entry := range e {
		names = append(names, entry.Name)
	}
	return names
}

// Ability is something that a program may lack. A scenario needs it that has one of the settings, has one of the roles
// beside this one, or has a step with the words.
type Ability struct {
	Name     string
	Is       string   `yaml:"is"`       // as in: a program that waits between attempts
	Settings []string `yaml:"settings"` // "transactional", or with a value, "assignor=uniform"
	Roles    []string `yaml:"roles"`
	Steps    []string `yaml:"steps"` // regular expressions
	steps    []*regexp.Regexp
}

// List are abilities.
type List []Ability

// UnmarshalYAML reads a mapping by name.
func (l *List) UnmarshalYAML(node *yaml.Node) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		a := Ability{Name: node.Content[i].Value}
		if err := node.Content[i+1].Decode(&a); err != nil {
			return err
		}
		for _, text := range a.Steps {
			expression, err := regexp.Compile(text)
			if err != nil {
				return fmt.Errorf("ability %s: %w", a.Name, err)
			}
			a.steps = append(a.steps, expression)
		}
		*l = append(*l, a)
	}
	return nil
}

// Names are the names, in order.
func (l List) Names() (names []string) {
	for _, a := range l {
		names = append(names, a.Name)
	}
	return names
}

// Part is what a scenario asks of a program in a role.
type Part struct {
	Settings map[string]string // as the step gives them
	Roles    []string          // of the scenario
	Steps    []string          // texts of the scenario
}

// NeededBy tells why a part needs the ability; "" where it does not.
func (a Ability) NeededBy(p Part) string {
	for _, setting := range a.Settings {
		name, value, valued := strings.Cut(setting, "=")
		if got, given := p.Settings[name]; given && (!valued || got == value) {
			return "the scenario sets " + setting
		}
	}
	for _, role := range a.Roles {
		if slices.Contains(p.Roles, role) {
			return "the scenario has a " + role
		}
	}
	for _, text := range p.Steps {
		if slices.ContainsFunc(a.steps, func(e *regexp.Regexp) bool { return e.MatchString(text) }) {
			return "the scenario has the step: " + text
		}
	}
	return ""
}

// All are the roles, in the order of their numbers.
var All = sync.OnceValue(func() (all []Role) {
	decoder := yaml.NewDecoder(strings.NewReader(features.Roles))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		panic("features/roles.yaml: " + err.Error()) // it is compiled in, and a test reads it
	}
	return all
})

// Names are the names of all roles.
func Names() (names []string) {
	for _, r := range All() {
		names = append(names, r.Name)
	}
	return names
}

// Find is the role of a name.
func Find(name string) (Role, bool) {
	for _, r := range All() {
		if r.Name == name {
			return r, true
		}
	}
	return Role{}, false
}
