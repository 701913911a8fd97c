package features_test

import (
	"os"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestSchemasOnApicurio runs the features of schemas with a registry that checks compatibility by itself. Which broker
// is beside it does not matter to it.
func TestSchemasOnApicurio(t *testing.T) {
	testenv.NeedLocal(t, "Java 17 and, the first time, Maven, to run Apicurio Registry")
	runner.Run(t, runner.Params{
		Paths: []string{"schema"}, Registry: "local", Progress: os.Stderr,
		Await: time.Minute, References: reference.Applications(),
	})
}
