package runner_test

import (
	"cmp"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/runner"
)

// TestPythonApplication runs an application written in Python with kafka-python, as the README describes. KAFKASPEC_PYTHON names an interpreter
// that has the package,
// KAFKASPEC_CLUSTER another cluster.
func TestPythonApplication(t *testing.T) {
	python, err := exec.LookPath(cmp.Or(os.Getenv("KAFKASPEC_PYTHON"), "python3"))
	if err != nil {
		t.Skipf("no Python here: %v", err)
	}
	if output, err := exec.Command(python, "-c", "import kafka").CombinedOutput(); err != nil {
		t.Skipf("%s has no package kafka-python: %v %s", python, err, output)
	}
	t.Setenv("KAFKASPEC_PYTHON", python)
	runner.Run(t, runner.Params{
		Paths: []string{"testdata/python"}, Profile: "testdata/python/kafkaspec.yaml", Await: 30 * time.Second,
		Cluster: os.Getenv("KAFKASPEC_CLUSTER"), Progress: os.Stderr,
	})
}
