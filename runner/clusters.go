package runner

import (
	"context"
	"errors"
	"fmt"
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

// closeCluster ends the cluster, if the run opened one. A broker that died is reported by it.
func (r *run) closeCluster(ctx context.Context) error {
	if r.source.backend == nil || r.params.Backend != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience(ctx, clusterPatience))
	defer cancel()
	return r.source.backend.Close(ctx)
}

// clusterPatience is how long a cluster may take to end.
const clusterPatience = 60 * time.Second

// healthEvery is how often the cluster is asked whether its brokers are alive.
const healthEvery = 500 * time.Millisecond

// watchCluster ends the run when a broker dies that should be there: nothing that is waited for would come. The
// returned function ends the watch.
func (r *run) watchCluster(ctx context.Context, end context.CancelCauseFunc) (stop func()) {
	reporter, ok := r.source.backend.(cluster.HealthReporter)
	if !ok {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		ticker := time.NewTicker(healthEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if err := reporter.Health(); err != nil {
				end(fmt.Errorf("%w: %w", errClusterDied, err))
				return
			}
		}
	})
	return func() { cancel(); watch.Wait() }
}

// errClusterDied is the cause of a context that ended because there is no cluster any more.
var errClusterDied = errors.New("the cluster died")
