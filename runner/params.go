// Package runner loads feature files and the profile, ties every step to its definition, and runs the scenarios.
//
// Everything that can be wrong with the input is found, and reported together, before any application or broker is
// started. godog runs the steps of one scenario at a time; selection, parallelism, deadlines and results are the
// runner's own.
package runner

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/features"
	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// Params says what to run and how. The zero value runs the built-in features on the embedded broker; most of them need
// References as well.
type Params struct {
	// feature files, with :line for one scenario, or folders; none: the built-in features
	Paths []string
	FS    fs.FS // the built-in features; nil: kafkaspec's own
	// what an editor holds of features and of the profile, by the path given above or below, in place of the file
	Unsaved map[string]string
	// embedded, embedded:N, local, local:1, local:3, or a name in the profile; "": the profile's, else embedded
	Cluster string
	Backend cluster.Backend // an open cluster to use in place of Cluster; the caller closes it
	// embedded, local, or the address of a schema registry; "": the profile's, else embedded
	Registry string
	Profile  string // YAML file; "": kafkaspec.yaml where it exists
	// sqlite, postgres or mysql (a server is started), or the address of a server of PostgreSQL or MySQL; "": the
	// profile's, else sqlite
	Database string
	// host by which processes find this machine, such as host.docker.internal; "": the profile's, else they are on it
	Advertise string
	// address of this machine where it listens for them; "": the profile's, else what Advertise needs
	Listen       string
	Tags         string                  // tag expression: "@slow and not @local"
	Name         string                  // regular expression over scenario names
	Parallel     int                     // scenarios at once; 0: the profile's, else six for each core, on local three
	Repeat       int                     // how often each scenario runs; 0: once
	Shard        string                  // "2/4": the second quarter
	Seed         int64                   // of everything random; 0: a new one, which is shown
	Rerun        string                  // folder of a report: only what did not pass there, by default with its seed
	rerun        []report.Scenario       // what that is
	Report       string                  // folder for report.html, the other reports and the journals; "": none
	Format       string                  // live output: pretty, progress, json
	Verbose      bool                    // pretty shows each scenario that passed, and what it measured
	Output       io.Writer               // of the live output; nil: none
	Finished     report.Writer           // is given the results, without secrets, once the run is over; nil: none
	Steps        []func(*steps.Registry) // steps of your own, registered after kafkaspec's
	Applications map[string]app.Func     // applications of your own, usable as: is the reference "name"
	Elsewhere    Elsewhere               // finds what is registered by code that is not compiled in; nil: there is none
	References   map[string]app.Func     // kafkaspec's own: reference.Applications(); nil: none are compiled in
	// other applications to run in place of reference ones: "dlq-consumer": "wrong/dlq-drops-poison"
	Instead map[string]string
	// applications of the profile to run in place of reference ones, beside those of its use: "dlq-consumer": "shipping".
	// Of the built-in features only those are run that are about one of these roles.
	Use          map[string]string
	linting      bool              // nothing is run: what is registered elsewhere is known
	asked        map[string]string // Use as it was given, once that of the profile is in it
	environ      world.Addresses   // of what applications use beside the cluster
	access       access.Access     // to the cluster, where that is known before it is opened
	Await        time.Duration     // how long an expectation without a guard may take; 0: the profile's, else 10s
	StepDeadline time.Duration     // no step may take longer; 0: the profile's, else 2m
	Deadline     time.Duration     // no scenario may take longer, its steps together; 0: 15m
	Progress     io.Writer         // where starting a local cluster says what it does; nil: nowhere
	KeepLogs     string            // folder broker logs are copied to when something failed; "": Report, else none
}

const (
	defaultAwait        = 10 * time.Second
	defaultStepDeadline = 2 * time.Minute
	defaultDeadline     = 15 * time.Minute
)

// withDefaults fills in what was left open.
func (p Params) withDefaults() Params {
	if p.FS == nil {
		p.FS = features.Files
	}
	if p.Repeat <= 0 {
		p.Repeat = 1
	}
	if p.Seed == 0 {
		p.Seed = 1 + rand.Int64N(999_999) // short, to be typed again
	}
	p.Deadline = cmp.Or(p.Deadline, defaultDeadline)
	if p.Output == nil {
		p.Output = io.Discard
	}
	if p.KeepLogs == "" {
		p.KeepLogs = p.Report
	}
	return p
}

// registry holds kafkaspec's steps and the caller's.
func (p Params) registry() *steps.Registry {
	r := steps.NewRegistry()
	builtin.Register(r)
	for _, register := range p.Steps {
		register(r)
	}
	return r
}

// references are all applications by name, the caller's own before kafkaspec's.
func (p Params) references() map[string]app.Func {
	all := maps.Clone(p.References)
	if all == nil {
		all = map[string]app.Func{}
	}
	maps.Copy(all, p.Applications)
	return all
}

// scenarios loads, plans and selects. Its error is a source.Errors; picked then still has the scenarios that could be
// read. Without a profile, applications of the profile are not looked up.
func (p Params) scenarios(from *profile.Profile) (picked, leftOut []*scenario, err error) {
	around := world.Surroundings{References: p.references(), Own: maps.Clone(p.References)}
	for name := range p.Applications { // somebody else's may do anything before it needs the cluster
		delete(around.Own, name)
	}
	if p.References == nil {
		around.Unknown = "no reference applications are compiled in; import " +
			"github.com/kafkaspec/kafkaspec/pkg/reference and set runner.Params.References to reference.Applications()"
	}
	if from != nil {
		around.Profiled = from.Has
	}
	for role := range p.Use {
		around.References[role] = p.References[role] // it is known, whatever is compiled in
	}
	chosen, err := newSelection(p)
	if err != nil {
		return nil, nil, err
	}
	if p.Rerun != "" && len(p.rerun) == 0 {
		return nil, nil, nil
	}
	loaded, err := load(p.Paths, p.Unsaved, p.FS, fixtures.Files)
	if err != nil {
		return nil, nil, err
	}
	all, wrong := planner{p.registry(), around, p.Elsewhere, p.linting}.all(loaded)
	if from != nil {
		all = p.standIn(all, from)
	}
	if wrong == nil {
		wrong = p.checkInstead(all)
	}
	for _, s := range all {
		if from != nil {
			s.fix(from)
		}
		s.checkTold(from, p)
	}
	if len(p.rerun) > 0 {
		var gone source.Errors
		if all, gone = p.ofRerun(all); len(gone) > 0 {
			return nil, nil, joinInput(wrong, gone)
		}
		chosen.huge = true
	}
	picked, leftOut, err = chosen.pick(all)
	if wrong != nil {
		return picked, nil, wrong
	}
	return picked, leftOut, joinInput(err, allRefused(picked))
}

// allRefused is what is wrong with scenarios of which none can be run.
func allRefused(scenarios []*scenario) error {
	var problems source.Errors
	told := told{}
	for _, s := range scenarios {
		if len(s.refused) == 0 {
			return nil
		}
		problems = append(problems, told.first(s, s.refused)...)
	}
	return capped(problems)
}

// Lint finds everything that is wrong with the features below the paths, without running them: also scenarios that
// expect nothing, and disturbances that come so early that chance decides what a scenario shows. Where p names a
// profile, it finds what is wrong with that and with what the scenarios use of it, as a run does before it begins. Of
// steps that p.Elsewhere knows it looks at nothing, nor at whether their scenarios expect something.
func Lint(p Params) error {
	p.linting = true
	r := &run{params: p.withDefaults()}
	var profileErr error
	if p.Profile != "" {
		profileErr = r.readProfile()
	}
	scenarios, leftOut, err := r.params.scenarios(r.profile)
	scenarios = append(scenarios, leftOut...)
	if err == nil {
		err = weak(scenarios)
	}
	return r.safe(joinInput(err, profileErr, r.checkProfiled(scenarios)))
}

// LintProfile finds what is wrong with the profile that p names, or with the default one, whatever features use of it.
func LintProfile(p Params) error {
	r := &run{params: p.withDefaults()}
	return r.safe(r.readProfile())
}

// weak reports scenarios that can be run and would show little.
func weak(scenarios []*scenario) error {
	var problems source.Errors
	told := told{}
	for _, s := range scenarios {
		if s.elsewhere {
			problems = append(problems, told.first(s, s.refused)...)
			continue
		}
		if !s.expects() {
			nothing := s.feature.at(s.line).Errorf("scenario %q %s", s.name, expectsNothing)
			problems = append(problems, nothing.Advise("add a Then"))
		}
		var matches []steps.Match
		for _, st := range s.steps {
			matches = append(matches, st.match)
		}
		problems = append(problems, told.first(s, append(s.refused, s.slips(builtin.TooEarly(matches))...))...)
	}
	return problems.Err()
}

const expectsNothing = "expects nothing: it passes whatever the application does"

// expects says whether any step of the scenario can fail because of what is seen.
func (s *scenario) expects() bool {
	return slices.ContainsFunc(s.steps, func(st step) bool { return st.match.Definition.Awaited || st.kind == steps.Then })
}

// Open opens the cluster of a name, for several runs to share it as Params.Backend. It is the caller's to close.
func Open(ctx context.Context, p Params) (cluster.Backend, error) {
	r := &run{params: p}
	if err := r.readProfile(); err != nil {
		return nil, r.safe(err)
	}
	opened, err := r.cluster.start(ctx)
	return opened, r.safe(err)
}
