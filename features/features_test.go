package features_test

import (
	"context"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

// TestFeatures runs the built-in features, as `kafkaspec run` does.
func TestFeatures(t *testing.T) {
	runner.Run(t, runner.Params{
		Cluster: testenv.Cluster(), Registry: testenv.Registry(), Database: testenv.Database(),
		Progress: os.Stderr, References: reference.Applications(), Parallel: testenv.AtOnce(0),
	})
}

// openCluster opens the cluster of the tests once, for many runs to share it.
func openCluster(t *testing.T) cluster.Backend {
	t.Helper()
	backend, err := runner.Open(t.Context(), runner.Params{Cluster: testenv.Cluster(), Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return backend
}
