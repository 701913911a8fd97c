package features_test

import (
	"os"
	"testing"

	"github.com/kafkaspec/kafkaspec/runner"
)

// TestSchemasOnApicurio runs the feature of schemas with a registry that checks compatibility by itself. Which broker
// is beside it does not matter to it.
func TestSchemasOnApicurio(t *testing.T) {
	if os.Getenv("KAFKASPEC_LOCAL") == "" {
		t.Skip("needs Java 17 and, the first time, Maven, to run Apicurio Registry; set KAFKASPEC_LOCAL=1 to run (make " +
			"local does)")
	}
	runner.Run(t, runner.Params{Paths: []string{"schema-evolution.feature"}, Registry: "local", Progress: os.Stderr})
}
