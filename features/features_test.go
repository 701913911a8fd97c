package features_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/app"
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
