package runner

import (
	"context"
	"errors"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// source opens the cluster of a run when the first scenario needs it, once.
type source struct {
	open func(context.Context) (cluster.Backend, error)
	name string // shown until it is open

	once    sync.Once
	backend cluster.Backend
	err     error
}

// cluster returns the run's cluster.
func (r *run) cluster(ctx context.Context) (cluster.Backend, error) {
	r.source.once.Do(func() {
		// What the cluster starts belongs to the run and not to the scenario that happens to need it first.
		pprof.Do(ctx, pprof.Labels(scenarioLabel, ""), func(ctx context.Context) {
			r.source.backend, r.source.err = r.source.open(ctx)
		})
	})
	return r.source.backend, r.source.err
}

func (r *run) clusterName() string {
	if r.source.backend == nil {
		return r.source.name
	}
	return r.source.backend.Describe().String()
}

// closeCluster ends the cluster, if one was opened. After a failure the reason may lie in it, so its health is asked for first.
func (r *run) closeCluster(ctx context.Context, failed bool) error {
	if r.source.backend == nil || r.params.Backend != nil {
		return nil
	}
	var health error
	if reporter, ok := r.source.backend.(cluster.HealthReporter); ok && failed {
		health = reporter.Health()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, clusterPatience))
	defer cancel()
	return errors.Join(health, r.source.backend.Close(ctx))
}

// clusterPatience is how long a cluster may take to end.
const clusterPatience = 60 * time.Second
