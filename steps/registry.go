// Package steps holds the step definitions of kafkaspec, a file for each family, and the registry they stand in.
//
// Import it to add steps of your own beside them:
//
//	func mine(s *steps.Registry) {
//		s.Then("{topic} is audited", topicIsAudited)
//	}
//
//	// topicIsAudited is satisfied once …   (this comment is the step's documentation)
//	func topicIsAudited(ctx context.Context, topic string) error {
//		w := world.FromContext(ctx)
//		…
//	}
//
// A handler takes a context, one argument for each parameter of its phrase, and at the end, where the step has a table
// or doc string, one of Table, Records, Patterns or Settings. It returns an error.
package steps

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Keyword says under which Gherkin keyword a step may stand. And, But and * take the keyword before them.
type Keyword string

// The keywords.
const (
	Given Keyword = "Given"
	When  Keyword = "When"
	Then  Keyword = "Then"
	Any   Keyword = "Step" // under every keyword
)

// Definition is one registered step.
type Definition struct {
	Keyword Keyword
	Phrase  *phrase.Phrase
	Handler string // name of the handler's function, package left out
	Package string // of the handler's function: its import path
	File    string // of the registration, base name
	Line    int
	Awaited bool // looked at again until it holds; takes the guards within, for and once
	Kind    Kind // of an expectation; empty for a step that is none
	// FromJournal says that the expectation can be looked at again where only the scenario's journal is left.
	FromJournal bool
	Defines     string // parameter whose name this step brings into being: "topic", "app", "variable"; empty for none

	claims   Kind // the kind that it was registered with; empty where parts decide
	needs    []world.Need
	marks    []Mark
	checks   []func(world.Surroundings, Match) error
	doubts   []func(world.Surroundings, Match) error
	handler  reflect.Value
	finds    []func(context.Context, any) (any, error) // what the handler takes in place of a value; nil: the value
	argument reflect.Type                              // of the table or doc string; nil for none
}

// Option changes how a step is registered.
type Option func(*Definition)

// Awaited makes a step that is not a Then be looked at again until it holds.
func Awaited(d *Definition) { d.Awaited = true }

// FromJournal says that an expectation can be looked at again where only the scenario's journal is left: it looks at
// facts, and asks of the cluster only what the journal keeps, which is all but the values of records.
func FromJournal(d *Definition) { d.FromJournal = true }

// Defines names the parameter that the step brings into being, so that a scenario that uses a topic or application
// nobody declared is refused before it runs.
func Defines(param string) Option { return func(d *Definition) { d.Defines = param } }

// With says what the step asks of its scenario as a whole, such as the wire between applications and the cluster.
func With(needs ...world.Need) Option {
	return func(d *Definition) { d.needs = append(d.needs, needs...) }
}

// Mark says of what kind a step is, for whoever looks through a scenario's steps before they run.
type Mark string

// The marks that are known to the registry itself.
const (
	Alone    Mark = "alone"    // what the step does is felt by every scenario on the cluster: its own must run alone
	Disturbs Mark = "disturbs" // the step disturbs an application, or brokers and with them all applications
	Outage   Mark = "outage"   // the step changes what a database, a registry or a service does: the journal tells of it
)

// Marked says of what kind the step is.
func Marked(marks ...Mark) Option {
	return func(d *Definition) { d.marks = append(d.marks, marks...) }
}

// Has says whether the step was registered with a mark.
func (d *Definition) Has(m Mark) bool { return slices.Contains(d.marks, m) }

// Checked adds a look at the step's values before anything runs.
func Checked(check func(world.Surroundings, Match) error) Option {
	return func(d *Definition) { d.checks = append(d.checks, check) }
}

// Doubted adds a look, before anything runs, at values of which the cluster has the last word. What it finds wrong
// refuses the scenario alone, and the others are run, unless it refuses all that are selected.
func Doubted(check func(world.Surroundings, Match) error) Option {
	return func(d *Definition) { d.doubts = append(d.doubts, check) }
}

// Registry is the set of steps a run knows. Fill it before the run; it is not safe for concurrent registration.
type Registry struct {
	params      phrase.Params
	definitions []*Definition
	problems    []error

	wordings, forms sync.Once
	nested          []*regexp.Regexp  // of parameters with values of their own
	lookups         int               // of Nearest
	listed          []string          // the wordings of all phrases
	byWording       map[string]string // phrases with their keyword
}

// NewRegistry returns a registry without steps; builtin.Register adds kafkaspec's own.
func NewRegistry() *Registry {
	r := &Registry{params: phrase.Basic()}
	addAmount(r)
	return r
}

// Param adds a parameter type. Add those of a phrase before the phrase.
func (r *Registry) Param(p phrase.Param) { r.params.Add(p) }

// Params are the parameter types that phrases may have.
func (r *Registry) Params() phrase.Params { return r.params }

// Given registers a step that describes what is there before anything happens.
func (r *Registry) Given(text string, handler any, options ...Option) {
	r.add(Given, text, handler, options)
}

// When registers a step that does something.
func (r *Registry) When(text string, handler any, options ...Option) {
	r.add(When, text, handler, options)
}

// Then registers an expectation. Its handler is called again until it returns nil or the time is up, so it must look
// and change nothing.
func (r *Registry) Then(text string, handler any, options ...Option) {
	r.add(Then, text, handler, append([]Option{Awaited}, options...))
}

// Step registers a step that may stand under every keyword.
func (r *Registry) Step(text string, handler any, options ...Option) {
	r.add(Any, text, handler, options)
}

// Definitions lists the steps in the order of registration.
func (r *Registry) Definitions() []*Definition { return r.definitions }

// Err returns everything that was wrong with the registrations: a phrase that does not compile, a handler whose
// arguments do not fit it, a phrase that is there already.
func (r *Registry) Err() error { return errors.Join(r.problems...) }

func (r *Registry) add(keyword Keyword, text string, handler any, options []Option) {
	_, file, line, _ := runtime.Caller(2)
	d := &Definition{Keyword: keyword, File: filepath.Base(file), Line: line, handler: reflect.ValueOf(handler)}
	for _, o := range options {
		o(d)
	}
	d.claims = d.Kind
	d.settleKind(d)
	err := d.complete(text, r.params)
	if err == nil {
		err = r.twice(d)
	}
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s:%d: %w", d.File, d.Line, err))
		return
	}
	r.definitions = append(r.definitions, d)
}

// twice is an error where a step is there already that answers the same texts under the same keyword: each use would be
// ambiguous.
func (r *Registry) twice(d *Definition) error {
	for _, other := range r.definitions {
		if other.Allows(d.Keyword) && other.Phrase.Pattern() == d.Phrase.Pattern() {
			return fmt.Errorf("step %q: there is such a step already: %s %s (%s:%d); word this one otherwise, or use that",
				d.Phrase, other.Keyword, other.Phrase, other.File, other.Line)
		}
	}
	return nil
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// complete compiles the phrase and checks that the handler takes what the phrase gives.
func (d *Definition) complete(text string, params phrase.Params) error {
	compiled, err := params.Compile(text)
	if err != nil {
		return err
	}
	d.Phrase = compiled
	if d.handler.Kind() != reflect.Func {
		return fmt.Errorf("step %q: got a handler of kind %s, want a func", text, d.handler.Kind())
	}
	defines := d.Defines
	if defines == "variable" {
		defines = "string" // the first is its name
	}
	if defines != "" && !slices.ContainsFunc(compiled.Params(), func(p phrase.Param) bool { return p.Name == defines }) {
		return fmt.Errorf("step %q: got Defines(%q), want a parameter {%s} in its phrase", text, d.Defines, defines)
	}
	t := d.handler.Type()
	function := runtime.FuncForPC(d.handler.Pointer()).Name()
	d.Handler, d.Package = shortName(function), packageOf(function)
	want := []reflect.Type{contextType}
	d.finds = make([]func(context.Context, any) (any, error), len(compiled.Params()))
	for i, p := range compiled.Params() {
		if p.Object != nil && i+1 < t.NumIn() && t.In(i+1) == p.Object {
			d.finds[i] = p.Find
			want = append(want, p.Object)
			continue
		}
		want = append(want, p.Type)
	}
	if t.NumIn() == len(want)+1 && isArgument(t.In(len(want))) {
		d.argument = t.In(len(want))
		want = append(want, d.argument)
	}
	if !sameTypes(t, want) || t.NumOut() != 1 || t.Out(0) != errorType {
		return fmt.Errorf("step %q: got the handler %s, want func(%s) error, with a Table, Records, Patterns or Settings "+
			"at the end if the step has a table or doc string",
			text, t, joinTypes(want))
	}
	return nil
}

func sameTypes(t reflect.Type, want []reflect.Type) bool {
	if t.NumIn() != len(want) {
		return false
	}
	for i, w := range want {
		if t.In(i) != w {
			return false
		}
	}
	return true
}

func joinTypes(types []reflect.Type) string {
	var names []string
	for _, t := range types {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

func shortName(full string) string {
	return full[strings.LastIndexByte(full, '.')+1:]
}

func packageOf(full string) string {
	folder := strings.LastIndexByte(full, '/') + 1
	name, _, _ := strings.Cut(full[folder:], ".")
	return full[:folder] + name
}
