package world

// What stands behind the application steps: declared applications, their environment, their facts, their end.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
)

// Application is one declared application of the scenario.
type Application struct {
	Name       string
	Definition app.Definition
	Group      string   // logical; empty for none
	Watches    string   // logical name of a group it is no member of; empty for none
	Inputs     []string // logical topics
	Outputs    []string
	Settings   Settings
	Running    *app.App // nil until started
	world      *World
	patterns   *journal.Logs                       // how its log is read; nil: by default patterns alone
	ready      func(context.Context) (bool, error) // of one in a group without a ready condition of its own
	written    func(context.Context) (bool, error) // of one that is ready once a topic has a new record
	wrote      string                              // that topic
	// has all it has logged become facts; nil until it is started. Under the world's lock
	logs    func()
	ends    []end        // of its lives, in order. Under the world's lock
	release func() error // removes its own folder; nil where it has none
	address string       // where it can be asked over HTTP; "": as its log says
	environ *app.Env     // what it was told when it was started; nil before. Under the world's lock
	contact contact      // what the wire has told of its present life. Under the world's lock
}

// Declare adds an application to the scenario, whose topics must be there and whose settings must be readable.
func (w *World) Declare(a *Application) error {
	for _, topics := range [][]string{a.Inputs, a.Outputs} {
		for _, t := range topics {
			if _, err := w.Topic(t); err != nil && w.comes(t) == nil {
				return err
			}
		}
	}
	if _, err := a.Settings.Parse(); err != nil {
		return err
	}
	a.world = w
	if patterns := a.Definition.Patterns; patterns != nil {
		a.patterns = &journal.Logs{}
		a.patterns.Own, a.patterns.Default = patterns.Kinds()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.applications[a.Name]; ok {
		return fmt.Errorf("application %q is declared twice; remove one of the two steps", a.Name)
	}
	if w.applications == nil {
		w.applications = map[string]*Application{}
	}
	w.applications[a.Name] = a
	w.order = append(w.order, a.Name)
	w.tell(journal.Fact{Kind: journal.Declared, App: a.Name, Detail: &journal.Role{Group: a.Group, Watches: a.Watches,
		Reads: a.Inputs, Writes: a.Outputs, Letters: a.Definition.Letters, Logs: a.patterns}})
	return nil
}

// Application returns a declared application.
func (w *World) Application(name string) (*Application, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.applications[name]; ok {
		return a, nil
	}
	known := slices.Sorted(maps.Keys(w.applications))
	return nil, Final(fmt.Errorf("unknown application %q; declared are %s", name, words.Quoted(known)))
}

// ReferenceApp finds a reference or registered application; one that a step kills or pauses runs as a process.
func (w *World) ReferenceApp(name, reference string) (app.Definition, error) {
	if other, ok := w.options.Use[reference]; ok {
		w.Note("%s is %q of the profile", reference, other)
		return w.ProfiledApp(name, other)
	}
	if other, ok := w.options.Instead[reference]; ok {
		reference = other
	}
	run, ok := w.options.References[reference]
	if !ok {
		return app.Definition{}, fmt.Errorf("unknown reference application %q; `kafkaspec app` lists them", reference)
	}
	if w.options.Needs.Processes[name] {
		return app.Definition{Name: name, Reference: reference, AsProcess: true}, nil
	}
	return app.Definition{Name: name, Func: run}, nil
}

// ProfiledApp is an application of this name that runs what the profile describes under the name of an entry.
func (w *World) ProfiledApp(name, entry string) (app.Definition, error) {
	d, err := w.options.Profiled(entry)
	d.Name = name
	return d, err
}

// env is what the application is told: physical names throughout.
func (a *Application) env() (app.Env, error) {
	w := a.world
	settings, err := a.Settings.Parse()
	if err != nil {
		return app.Env{}, err
	}
	env := app.Env{
		Name: a.Name, Bootstrap: w.Session.Bootstrap(), Access: w.Session.Access(), Settings: settings,
		Registry: w.options.Addresses.Registry, Database: w.options.Addresses.Database, Topics: map[string]string{},
	}
	if a.Group != "" {
		env.Group = w.Session.Names().Group(a.Group)
	}
	if a.Watches != "" {
		env.WatchedGroup = w.Session.Names().Group(a.Watches)
	}
	if err := a.own(&env); err != nil {
		return app.Env{}, err
	}
	if err := w.throughGate(&env, a.listenAt()); err != nil {
		return app.Env{}, err
	}
	if err := errors.Join(a.wire(&env), w.serve(&env, a.listenAt())); err != nil {
		return app.Env{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.database != nil {
		if env.Database, err = w.database.URLAt(a.listenAt()); err != nil {
			return app.Env{}, err
		}
	}
	for _, topics := range []map[string]*Topic{w.topics, w.coming} {
		for name, t := range topics {
			env.Topics[name] = t.Physical
		}
	}
	for _, t := range a.Inputs {
		env.Inputs = append(env.Inputs, env.Topics[t])
	}
	for _, t := range a.Outputs {
		env.Outputs = append(env.Outputs, env.Topics[t])
	}
	return env, nil
}

// listenAt is where the application finds this machine: what runs in this process, or as this executable, is on it.
func (a *Application) listenAt() listen.Place {
	if len(a.Definition.Command) == 0 {
		return listen.Place{}
	}
	return a.world.options.Place.For(a.Definition.Advertise)
}

// own gives the application the ports and the folder that its definition asks for, and the names of all groups.
func (a *Application) own(env *app.Env) error {
	w, names := a.world, a.world.Session.Names()
	w.mu.Lock()
	env.Groups = map[string]string{}
	for _, other := range w.applications {
		for _, group := range []string{other.Group, other.Watches} {
			if group != "" {
				env.Groups[group] = names.Group(group)
			}
		}
	}
	w.mu.Unlock()
	if len(a.Definition.Ports) > 0 {
		free, err := cluster.FreePorts(len(a.Definition.Ports))
		if err != nil {
			return err
		}
		env.Ports = map[string]int{}
		for i, name := range a.Definition.Ports {
			env.Ports[name] = free[i]
		}
	}
	if a.Definition.Folder {
		folder, release, err := scratch.Folder("application")
		if err != nil {
			return err
		}
		a.release, env.Folder = release, folder
	}
	return nil
}

// Named returns err with logical names in place of physical ones, and without the application's last lines: a failure
// shows those by itself.
func (w *World) Named(err error) error {
	if err == nil {
		return nil
	}
	text, _, _ := strings.Cut(err.Error(), "\nlast lines of ")
	if text = w.Session.Names().Undo(text); text != err.Error() {
		return &renamedError{text: text, error: err}
	}
	return err
}

// renamedError reads otherwise than the error it stands for.
type renamedError struct {
	text string
	error
}

func (e *renamedError) Error() string { return e.text }

func (e *renamedError) Unwrap() error { return e.error }

// sink turns what applications say and do into facts.
type sink struct{ world *World }

func (s sink) Line(name, line string) {
	s.world.Journal.Add(journal.Fact{Kind: journal.LogLine, Source: "log", App: name, Partition: -1, Offset: -1,
		Text: s.world.Session.Names().Undo(line)})
}

func (s sink) Event(name, kind string, fields map[string]string) {
	f := journal.Event(name, kind, fields)
	if f.Kind == journal.Exited || f.Kind == journal.Killed {
		s.world.ended(name, endOf(&f))
	}
	if logical, ok := s.world.Session.Names().LogicalTopic(f.Topic); ok {
		f.Topic = logical
	}
	if logical, ok := s.world.Session.Names().LogicalGroup(f.Group); ok {
		f.Group = logical
	}
	s.world.Journal.Add(f)
}
