package features_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/runner"
)

// clusterVariable lets the same tests run elsewhere: KAFKASPEC_CLUSTER=local:3 go test ./features
const clusterVariable = "KAFKASPEC_CLUSTER"

func TestMain(m *testing.M) {
	runner.Main(leakChecked{m}, runner.Params{})
}

// leakChecked fails the tests when a goroutine is left after all of them.
type leakChecked struct{ m *testing.M }

// Run implements the part of testing.M that runner.Main needs.
func (l leakChecked) Run() int {
	code := l.m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString("goroutines left behind: " + err.Error() + "\n")
			return 1
		}
	}
	return code
}

// TestFeatures runs the built-in features, as `kafkaspec run` does.
func TestFeatures(t *testing.T) {
	runner.Run(t, runner.Params{Cluster: os.Getenv(clusterVariable), Progress: os.Stderr})
}
