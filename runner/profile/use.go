package profile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// readUse reads which application stands in for a reference one.
func (p *Profile) readUse(d *reader, role string, line int, node *yaml.Node) {
	t := d.text(node, "the application that is "+role)
	if t.line == 0 && resolve(node) != nil { // told already
		return
	}
	t.line = cmp.Or(t.line, line)
	p.use[role] = t
	if _, known := p.applications[t.value]; known || len(t.missing) > 0 {
		return
	}
	if near := nearest.Word(t.value, p.Applications()); near != "" {
		d.problem(t.line, "got unknown application %q as %s; did you mean %q?", t.value, role, near)
		return
	}
	d.problem(t.line, "got unknown application %q as %s, want one that stands under applications: %s", t.value, role,
		cmp.Or(strings.Join(p.Applications(), ", "), "there is none"))
}

// Named is a name of the profile, and where it stands.
type Named struct {
	Name  string
	Place source.Place
}

// Use gives the application that stands in for each reference one, by the name of that.
func (p *Profile) Use() (map[string]Named, error) {
	used := map[string]Named{}
	needs := p.needs("use")
	for _, role := range slices.Sorted(maps.Keys(p.use)) {
		t := p.use[role]
		used[role] = Named{needs.text(t), p.at(t.line)}
	}
	return used, needs.problems.Err()
}

// Without names what an application lacks of what is expected of the reference ones that it stands in for.
func (p *Profile) Without(application string) (lacks []Named) {
	for _, t := range p.applications[application].Without {
		lacks = append(lacks, Named{t.value, p.at(t.line)})
	}
	return lacks
}

// Advertised is the host by which an application finds this machine, where that is its own.
func (p *Profile) Advertised(application string) string {
	return p.applications[application].Advertise.value
}

// Fixed tells whether an application uses the names of topics and groups as the scenario gives them, and cannot be told
// others.
func (p *Profile) Fixed(application string) bool {
	return p.applications[application].Names.value == "fixed"
}
