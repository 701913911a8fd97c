package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// closer is what a run opens and ends: a cluster, a registry, what gives databases.
type closer interface{ Close(context.Context) error }

// shared is a backend of all scenarios of a run. It is opened when the first of them needs it, once.
type shared[B closer] struct {
	start func(context.Context) (B, error)
	keep  bool // somebody else closes it

	once    sync.Once
	opened  atomic.Bool
	backend B
	err     error
}

func (s *shared[B]) get(ctx context.Context) (B, error) {
	s.once.Do(func() {
		// What it starts belongs to the run and not to the scenario that happens to need it first.
		pprof.Do(ctx, pprof.Labels(scenarioLabel, ""), func(ctx context.Context) { s.backend, s.err = s.start(ctx) })
		s.opened.Store(s.err == nil)
	})
	return s.backend, s.err
}

// endPatience is how long a backend may take to end.
const endPatience = 60 * time.Second

// close ends the backend, if it was opened. A broker that died is reported by it.
func (s *shared[B]) close(ctx context.Context) error {
	if !s.opened.Load() || s.keep {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, endPatience))
	defer cancel()
	return s.backend.Close(ctx)
}

// health is an error once the backend has failed, where it can tell.
func (s *shared[B]) health() error {
	if !s.tells() {
		return nil
	}
	return any(s.backend).(cluster.HealthReporter).Health()
}

// tells says whether the backend is open and can tell its health.
func (s *shared[B]) tells() bool {
	if !s.opened.Load() {
		return false
	}
	_, ok := any(s.backend).(cluster.HealthReporter)
	return ok
}

// health is an error once anything has failed that the scenarios share: the brokers, the registry, the database.
func (r *run) health() error {
	return errors.Join(r.cluster.health(), r.registry.health(), r.databases.health())
}

// closeAll ends what the run has opened.
func (r *run) closeAll(ctx context.Context) error {
	return errors.Join(r.cluster.close(ctx), r.registry.close(ctx), r.databases.close(ctx))
}

func (r *run) clusterName() string {
	if !r.cluster.opened.Load() {
		return r.params.Cluster
	}
	return r.cluster.backend.Describe().String()
}

// healthEvery is how often what scenarios share is asked whether it is alive.
const healthEvery = 500 * time.Millisecond

// watchHealth ends the run when a broker, the registry or the database dies that should be there, and when no more
// files can be opened for a while: nothing that is waited for would come. The returned function ends the watch.
func (r *run) watchHealth(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		ticker := time.NewTicker(healthEvery)
		defer ticker.Stop()
		for short := false; ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if err := r.health(); err != nil {
				r.end(fmt.Errorf("%w: %w", errHelperDied, err))
				return
			}
			err := filesLeft()
			if err != nil && short {
				r.noteEnvironment(err)
				r.end(fmt.Errorf("%w: %w", errHelperDied, err))
				return
			}
			short = err != nil
		}
	})
	return func() { cancel(); watch.Wait() }
}

// errHelperDied is the cause of a context that ended because something that scenarios share has failed.
var errHelperDied = errors.New("the environment failed")

// deathNotice is how long the end of a broker, registry or database may take to be known, after an application has met
// it.
const deathNotice = 300 * time.Millisecond

// excuse makes a scenario inconclusive whose application met a broker, registry or database that has failed, or a limit
// of files that this process has reached, and ends the run: nothing can be said any more. An HTTP service that has died
// is the scenario's own, and so is an application that nobody watches any more: the others go on.
func (r *run) excuse(ctx context.Context, e *execution) {
	if e.err == nil || ctx.Err() != nil || outcome.IsNotApplicable(e.err) {
		return
	}
	if died := errors.Join(e.world.ServicesDied(), e.world.Unwatched()); died != nil {
		e.blame(died)
		return
	}
	reason := r.blameless(ctx)
	if reason == nil {
		reason = outOfFiles(e.world.Journal)
		r.noteEnvironment(reason)
	}
	if reason == nil {
		return
	}
	cause := fmt.Errorf("%w: %w", errHelperDied, reason)
	r.end(cause)
	e.blame(cause)
}

// blame makes the scenario inconclusive, since its failure has a cause that is not the application's.
func (e *execution) blame(cause error) {
	e.err = excused{cause, e.err}
	if e.failed >= 0 {
		e.results[e.failed].Status = report.Inconclusive
	}
}

// excused is a failure with its cause. What the failure says of the cause already is said once.
type excused struct{ cause, failure error }

func (e excused) Error() string {
	failure, text := e.failure.Error(), ""
	for line := range strings.Lines(e.cause.Error() + "\n") {
		if !strings.Contains(failure, strings.TrimSuffix(line, "\n")) {
			text += line
		}
	}
	if text == "" {
		return failure
	}
	return text + "the step then failed: " + failure
}

func (e excused) Unwrap() []error { return []error{e.cause, e.failure} }

// blameless looks, after a scenario has not passed, whether that was because of what scenarios share and not because of
// its application. The error is then the reason.
func (r *run) blameless(ctx context.Context) (reason error) {
	if !r.mayFail() {
		return nil
	}
	_ = await.Never(ctx, deathNotice, await.Options{What: "a dead helper"}, func(context.Context) (bool, error) {
		reason = r.health()
		return reason != nil, nil
	})
	return reason
}

// mayFail says whether anything is open that tells its health.
func (r *run) mayFail() bool {
	return r.cluster.tells() || r.registry.tells() || r.databases.tells()
}

// chooseRegistry finds out how to open the registry: the command line's, else the profile's, else the embedded one.
func (r *run) chooseRegistry(profiled string, at source.Place) error {
	const embedded, local = "embedded", "local"
	chosen := cmp.Or(r.params.Registry, profiled, embedded)
	r.redactor.Hide(access.SecretsIn(chosen)...)
	r.registryName = chosen
	r.registry.start = func(ctx context.Context) (registry.Backend, error) {
		switch chosen {
		case embedded:
			return registry.NewEmbedded(), nil
		case local:
			return registry.StartLocal(ctx, registry.LocalOptions{Progress: r.params.Progress})
		}
		return registry.Connect(ctx, chosen)
	}
	if chosen == embedded || chosen == local {
		return nil
	}
	if _, err := schema.CheckAddress(chosen); err != nil {
		return r.registryProblem(chosen, at)
	}
	r.registryName = access.Shown(chosen)
	r.params.environ.Registry = chosen // as it is, for the applications of scenarios that look at no schema
	return nil
}

func (r *run) registryProblem(chosen string, at source.Place) error {
	where := "registry"
	if r.params.Registry != "" {
		where, at = "--registry", source.Place{}
	}
	return source.Errors{at.Errorf("%s: got %q", where, access.Shown(chosen)).Advise(
		"want embedded, local, or an address such as http://registry.example.org:8081")}
}

// opener gives a scenario its own part of what the run shares.
func opener[B interface {
	closer
	Open(context.Context) (T, error)
}, T any](r *run, of *shared[B]) func(context.Context) (T, error) {
	return func(ctx context.Context) (own T, err error) {
		backend, err := of.get(r.until)
		if err != nil {
			r.noteEnvironment(err)
			return own, err
		}
		return backend.Open(ctx)
	}
}

// chooseDatabase takes the choice of a database from the parameters, else from the profile.
func (r *run) chooseDatabase(profiled string, at source.Place) error {
	from := "--database"
	if r.params.Database == "" {
		from, r.params.Database = "database", profiled
	} else {
		at = source.Place{}
	}
	r.redactor.Hide(access.SecretsIn(r.params.Database)...)
	if strings.Contains(r.params.Database, ":") {
		r.params.environ.Database = r.params.Database // for applications of scenarios that do not look at it
	}
	r.databases.start = func(ctx context.Context) (database.Backend, error) {
		backend, err := database.New(ctx, r.params.Database, r.params.Progress)
		if own, ok := backend.(interface{ Secrets() []string }); ok {
			r.redactor.Hide(own.Secrets()...) // of a server that was started
		}
		return backend, err
	}
	if err := database.Check(r.params.Database); err != nil {
		return source.Errors{at.Errorf("%s: %w", from, err)}
	}
	return nil
}
