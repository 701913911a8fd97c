package runner

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// registrySource opens the schema registry of a run when the first scenario needs it, once.
type registrySource struct {
	open func(context.Context) (registry.Backend, error)
	name string // shown; without a password

	once    sync.Once
	backend registry.Backend
	err     error
}

// The kinds of registries that have no address.
const (
	registryEmbedded = "embedded"
	registryLocal    = "local"
)

// chooseRegistry finds out how to open the registry: the command line's, else the profile's, else the embedded one.
func (r *run) chooseRegistry(profiled string) error {
	chosen := cmp.Or(r.params.Registry, profiled, registryEmbedded)
	r.schemas.name = chosen
	switch chosen {
	case registryEmbedded:
		r.schemas.open = func(context.Context) (registry.Backend, error) { return registry.NewEmbedded(), nil }
		return nil
	case registryLocal:
		r.schemas.open = func(ctx context.Context) (registry.Backend, error) {
			return registry.StartLocal(ctx, registry.LocalOptions{Progress: r.params.Progress})
		}
		return nil
	}
	address, err := schema.CheckAddress(chosen)
	if err != nil {
		return r.registryProblem(chosen)
	}
	if password, ok := address.User.Password(); ok {
		r.secrets = append(r.secrets, password)
	}
	r.schemas.name = address.Redacted()
	r.environ.Registry = chosen // as it is, for the applications of scenarios that look at no schema
	r.schemas.open = func(ctx context.Context) (registry.Backend, error) { return registry.Connect(ctx, chosen) }
	return nil
}

func (r *run) registryProblem(chosen string) error {
	where := "--registry"
	if r.params.Registry == "" {
		where = "registry of the profile"
		if parsed, err := url.Parse(chosen); err == nil {
			chosen = parsed.Redacted()
		}
	}
	return &InputError{[]Problem{{Text: fmt.Sprintf("%s: got %q", where, chosen),
		Hint: "want embedded, local, or an address such as http://registry.example.org:8081"}}}
}

// registry returns the run's registry.
func (r *run) registry(ctx context.Context) (registry.Backend, error) {
	r.schemas.once.Do(func() {
		// What it starts belongs to the run and not to the scenario that happens to need it first.
		pprof.Do(ctx, pprof.Labels(scenarioLabel, ""), func(ctx context.Context) {
			r.schemas.backend, r.schemas.err = r.schemas.open(ctx)
		})
	})
	return r.schemas.backend, r.schemas.err
}

// openGate gives a scenario its way to the registry.
func (r *run) openGate(ctx context.Context) (*registry.Gate, error) {
	backend, err := r.registry(context.WithoutCancel(ctx))
	if err != nil {
		r.noteEnvironment(err)
		return nil, err
	}
	return backend.Open(ctx)
}

func (r *run) registryName() string { return r.schemas.name }

// closeRegistry ends the registry, if the run opened one.
func (r *run) closeRegistry(ctx context.Context) error {
	if r.schemas.backend == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), registryPatience)
	defer cancel()
	return r.schemas.backend.Close(ctx)
}

// registryPatience is how long a registry may take to end.
const registryPatience = 30 * time.Second
