package profile

// What an application is told: in its command, environment, files and addresses, when its scenario is known.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// definition asks for every value the application needs.
func (e applicationEntry) definition(p *Profile, name string) (app.Definition, error) {
	needs := p.needs(fmt.Sprintf("application %q", name))
	definition := e.filled(p, app.Definition{Name: name, Patterns: e.Patterns, Letters: e.Letters.format,
		Grace: cmp.Or(e.Stop.Timeout, e.Grace), Stop: app.Stop{Signal: e.Stop.Signal.value}, Direct: !e.Wire,
		Ready: app.Ready{Group: e.Ready.Group, Log: e.Ready.Log, Timeout: e.Ready.Timeout}}, needs.text)
	if err := needs.problems.Err(); err != nil {
		return app.Definition{}, err
	}
	var told []string
	e.filled(p, definition, func(t text) string { told = append(told, t.names()...); return "" })
	if len(told) > 0 {
		definition.Fill = e.fill(p)
	}
	definition.Folder = len(e.Files) > 0
	for _, name := range told {
		port, isPort := strings.CutPrefix(name, "port.")
		if isPort {
			definition.Ports = append(definition.Ports, port)
		}
		definition.Folder = definition.Folder || name == "folder"
	}
	return definition, nil
}

// filled sets what is text of the profile, each by value.
func (e applicationEntry) filled(p *Profile, d app.Definition, value func(text) string) app.Definition {
	d.Dir = p.relative(cmp.Or(value(e.Dir), "."))
	d.Ready.TCP, d.Ready.HTTP, d.Ready.Topic = value(e.Ready.TCP), value(e.Ready.HTTP), value(e.Ready.Topic)
	d.Stop.HTTP, d.HTTP, d.Advertise = value(e.Stop.HTTP), value(e.HTTP), value(e.Advertise)
	d.Command, d.Environ, d.Files = nil, nil, nil
	for _, word := range e.Command {
		d.Command = append(d.Command, value(word))
	}
	for _, key := range slices.Sorted(maps.Keys(e.Environ)) {
		d.Environ = append(d.Environ, key+"="+value(e.Environ[key]))
	}
	for _, path := range slices.Sorted(maps.Keys(e.Files)) {
		d.Files = append(d.Files, app.File{Path: path, Content: value(e.Files[path])})
	}
	return d
}

// Told are the names of what the profile tells an application by, such as topic.orders, sorted.
func (p *Profile) Told(application string) (names []string) {
	p.applications[application].filled(p, app.Definition{}, func(t text) string {
		names = append(names, t.names()...)
		return ""
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// fill completes a definition with what the application is told. Its errors have the lines of the profile.
func (e applicationEntry) fill(p *Profile) func(app.Definition, app.Env) (app.Definition, error) {
	return func(d app.Definition, env app.Env) (app.Definition, error) {
		d, problems := e.told(p, d, env.Value)
		return d, problems.Err()
	}
}

// told is a definition with values in it, and an error for each value that there is not.
func (e applicationEntry) told(p *Profile, d app.Definition, value func(name string) (string, error)) (app.Definition,
	source.Errors) {
	var problems source.Errors
	d = e.filled(p, d, func(t text) string {
		told, err := t.fill(value)
		if err != nil {
			problems = append(problems, p.at(t.line).Errorf("%w", err))
		}
		return told
	})
	return d, problems
}

// Untold reports, each with its line, what an application cannot be told in a scenario that has these values, and a
// topic that it waits for before it is ready and that is not among the topics.
func (p *Profile) Untold(application string, value func(name string) (string, error), topics []string) source.Errors {
	e := p.applications[application]
	d, problems := e.told(p, app.Definition{}, value)
	waits := d.Ready.Topic
	if waits == "" || len(e.Ready.Topic.missing) > 0 || slices.Contains(topics, waits) {
		return problems
	}
	return append(problems, p.at(e.Ready.Topic.line).Errorf("got topic %q in ready of application %q, %s", waits,
		application, noTopic(waits, topics)))
}

func noTopic(name string, topics []string) string {
	switch near := nearest.Word(name, topics); {
	case len(topics) == 0:
		return "and the scenario has no topic"
	case near != "":
		return fmt.Sprintf("and the scenario has no such topic; did you mean %q?", near)
	}
	return "and the scenario has no such topic, only " + strings.Join(topics, ", ")
}
