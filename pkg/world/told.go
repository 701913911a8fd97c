package world

// What steps say in the words of applications: ${registry}, ${http.payments}, ${database.url} and their like.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// told is a name in the words of an application; of "" it is as commands of the scenario are told.
type told struct{ app, name string }

// VariablesFor returns the variables, and beside them what names stand for that are no variables and that applications
// are told, such as "registry", "http.payments" and "database.url": as the application of that name is told, or for ""
// as a command of the scenario is. Names that nobody is told are left out. Two applications have different addresses
// of the same HTTP service and of the cluster; the rest is the same.
func (w *World) VariablesFor(ctx context.Context, application string, names []string) (record.Vars, error) {
	vars := w.Variables()
	var env *app.Env
	for _, name := range names {
		value, told := w.wasTold(told{application, name})
		if _, known := vars[name]; !told && (known || app.CheckValueName(name) != nil) {
			continue
		}
		if !told {
			if w.past != nil {
				return nil, notKept("the journal does not tell ${%s}", name)
			}
			if env == nil {
				said, err := w.envOf(ctx, application)
				if err != nil {
					return nil, err
				}
				env = &said
			}
			var err error
			if value, err = env.Value(name); err != nil {
				return nil, Final(fmt.Errorf("${%s} %w", name, err))
			}
			w.setTold(application, name, value)
		}
		vars[name] = value
	}
	return vars, nil
}

func (w *World) wasTold(what told) (value string, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	value, known = w.told[what]
	return value, known
}

// setTold keeps a value, which the journal tells as a variable, so that steps can be judged again.
func (w *World) setTold(application, name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.told == nil {
		w.told = map[told]string{}
	}
	w.told[told{application, name}] = value
	w.tell(journal.Fact{Kind: journal.Variable, App: application, Key: name, Text: w.Session.Names().Undo(value)})
}

// envOf is what an application is told, or is going to be; of "" what a command is. One that is not declared yet is
// given addresses as a program is.
func (w *World) envOf(ctx context.Context, name string) (app.Env, error) {
	if err := w.needDatabase(ctx); err != nil {
		return app.Env{}, err
	}
	as := &Application{Name: commander, world: w}
	if name != "" {
		as.Name, as.Definition.Command = name, []string{name}
		w.mu.Lock()
		a := w.applications[name]
		if a != nil && a.environ != nil {
			defer w.mu.Unlock()
			return *a.environ, nil
		}
		w.mu.Unlock()
		if a != nil {
			d := a.Definition // but for the ports and the folder, which it is given when it starts
			as = &Application{Name: name, world: w, Group: a.Group, Watches: a.Watches, Inputs: a.Inputs, Outputs: a.Outputs,
				Settings: a.Settings, Definition: app.Definition{Command: d.Command, Advertise: d.Advertise, Direct: d.Direct}}
		}
	}
	return as.env()
}
