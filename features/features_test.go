package features_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

// registryVariable does so for the schema registry: KAFKASPEC_REGISTRY=local go test ./features
const registryVariable = "KAFKASPEC_REGISTRY"

// clusterVariable lets the same tests run elsewhere: KAFKASPEC_CLUSTER=local:3 go test ./features
const clusterVariable = "KAFKASPEC_CLUSTER"

// databaseVariable does so with another database: KAFKASPEC_DATABASE=postgres go test ./features
const databaseVariable = "KAFKASPEC_DATABASE"

func TestMain(m *testing.M) {
	app.Main(reference.Lookup)
	goleak.VerifyTestMain(m)
}

// TestFeatures runs the built-in features, as `kafkaspec run` does.
func TestFeatures(t *testing.T) {
	runner.Run(t, runner.Params{
		Cluster: os.Getenv(clusterVariable), Registry: os.Getenv(registryVariable), Database: os.Getenv(databaseVariable),
		Progress: os.Stderr,
	})
}
