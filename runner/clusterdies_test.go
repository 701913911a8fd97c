package runner_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A cluster that cannot be reached is told once, and no scenario is blamed for it.
func TestUnreachableCluster(t *testing.T) {
	t.Parallel()
	profile := filepath.Join(t.TempDir(), "kafkaspec.yaml")
	if err := os.WriteFile(profile, []byte("clusters:\n  gone:\n    kind: external\n    addresses: [127.0.0.1:1]\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	results, err := lab{feature: doOnce, Params: runner.Params{
		Cluster: "gone", Profile: profile, Steps: does(func(context.Context) error { return nil }),
	}}.execute(t)
	if !outcome.IsEnvironment(err) || len(results.Scenarios) != 0 {
		t.Errorf("got %v and %d scenarios, want an environment error and none", err, len(results.Scenarios))
	}
}

// dying is an embedded cluster that reports a dead broker once it is told to.
type dying struct {
	cluster.Backend
	dead atomic.Bool
}

func (d *dying) Health() error {
	if d.dead.Load() {
		return errors.New("broker 0 ended by SIGKILL")
	}
	return nil
}

// A broker that dies ends the run soon, and nothing is blamed on the application.
func TestClusterDies(t *testing.T) {
	t.Parallel()
	backend := &dying{Backend: cluster.NewEmbedded(cluster.EmbeddedOptions{})}
	lab{feature: doOnce, Params: runner.Params{
		Backend: backend, StepDeadline: time.Minute,
		Steps: does(func(ctx context.Context) error { backend.dead.Store(true); <-ctx.Done(); return ctx.Err() }),
	}}.one(t, report.Inconclusive, "broker 0 ended by SIGKILL")
}
