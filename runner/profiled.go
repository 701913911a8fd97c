package runner

import (
	"cmp"
	"context"
	"maps"
	"os"
	"runtime"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/runner/profile"
)

// profiledOf are the names of the profile's applications that the scenarios use.
func profiledOf(scenarios []*scenario) map[string]bool {
	used := map[string]bool{}
	for _, s := range scenarios {
		maps.Copy(used, s.needs.Profiled)
	}
	return used
}

// checkProfiled looks at the applications of the profile that the scenarios use.
func (r *run) checkProfiled(scenarios []*scenario) error {
	if r.profile == nil {
		return nil
	}
	var errs []error
	for name := range profiledOf(scenarios) {
		if r.profile.Has(name) == nil { // else its step was refused
			errs = append(errs, r.profile.Check(name, r.params.made(scenarios, name)))
		}
	}
	return joinInput(errs...)
}

// made tells whether steps that may make its program or its script stand before an application wherever it is used.
func (p Params) made(scenarios []*scenario, application string) (made bool) {
	for _, s := range scenarios {
		for _, st := range s.steps {
			if p.entry(st.match) != application {
				continue
			}
			if made = st.behind; !made {
				return false
			}
		}
	}
	return made
}

// readProfile takes from the profile what the parameters leave open, and finds out how to open the cluster. It connects
// to nothing.
func (r *run) readProfile() error {
	var p *profile.Profile
	var err error
	if text, held := r.params.Unsaved[r.params.Profile]; held {
		p, err = profile.Parse(r.params.Profile, []byte(text), os.LookupEnv)
	} else {
		p, err = profile.Open(r.params.Profile, os.LookupEnv)
	}
	if p != nil {
		secrets, values := p.Secrets()
		r.redactor.Hide(secrets...)
		r.redactor.HideWhole(values...)
	}
	if err != nil {
		return err
	}
	r.profile = p
	if r.params.Progress != nil {
		r.params.Progress = r.redactor.Writer(r.params.Progress)
	}
	r.params.Await = cmp.Or(r.params.Await, p.Defaults.Await, defaultAwait)
	r.params.StepDeadline = cmp.Or(r.params.StepDeadline, p.Defaults.Step, defaultStepDeadline)
	chosen, clusterErr := p.Cluster(r.params.Cluster)
	r.params.Cluster = cmp.Or(r.params.Cluster, p.Defaults.Cluster, "embedded")
	useErr := r.params.use(p)
	registry, registryPlace, registryErr := p.Registry()
	database, databasePlace, databaseErr := p.Database()
	if err := joinInput(useErr, registryErr, databaseErr, r.chooseDatabase(database, databasePlace),
		r.chooseRegistry(registry, registryPlace), r.params.choosePlace(p),
		clusterErr, p.CheckCluster(r.params.Cluster)); err != nil {
		return err
	}
	r.params.Parallel = cmp.Or(max(r.params.Parallel, 0), p.Defaults.Parallel, chosen.AtOnce()*runtime.GOMAXPROCS(0))
	r.params.access = chosen.External.Access
	chosen.Local.Redact = r.redactor.Text
	r.cluster.start = func(ctx context.Context) (cluster.Backend, error) {
		return chosen.Open(ctx, r.params.Progress, r.params.KeepLogs)
	}
	if r.params.Backend != nil {
		r.cluster.start = func(context.Context) (cluster.Backend, error) { return r.params.Backend, nil }
		r.cluster.keep = true
	}
	return nil
}
