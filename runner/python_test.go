package runner_test

import (
	"cmp"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestPythonApplication runs an application written in Python with kafka-python, as the README describes.
// KAFKASPEC_PYTHON names an interpreter that has the package, KAFKASPEC_CLUSTER another cluster.
func TestPythonApplication(t *testing.T) {
	t.Setenv("KAFKASPEC_PYTHON", python(t, "kafka", "kafka-python"))
	runner.Run(t, runner.Params{
		Paths: []string{"testdata/python"}, Profile: "testdata/python/kafkaspec.yaml", Await: 30 * time.Second,
		Cluster: os.Getenv("KAFKASPEC_CLUSTER"), Progress: os.Stderr,
	})
}

// TestPythonMembers judges members of a group that are written in Python with librdkafka, by the same steps as all
// others.
func TestPythonMembers(t *testing.T) {
	t.Setenv("KAFKASPEC_PYTHON", python(t, "confluent_kafka", "confluent-kafka"))
	params := runner.Params{
		Paths: []string{"testdata/pythongroup"}, Profile: "testdata/pythongroup/kafkaspec.yaml", Await: 60 * time.Second,
		Cluster: os.Getenv("KAFKASPEC_CLUSTER"), Progress: os.Stderr,
	}
	params.Name = "handed over"
	runner.Run(t, params)

	params.Name, params.Await = "forgets", 5*time.Second
	results, err := runner.Execute(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	if s := results.Scenarios[0]; s.Status != report.Failed ||
		!strings.Contains(s.Failure.Message, "revoked without commit: orders partition") {
		t.Errorf("got %s, %+v, want it to fail with what was not committed", s.Status, s.Failure)
	}
}

// python returns an interpreter that has a package, KAFKASPEC_PYTHON or python3; without one the test is skipped, and
// says why.
func python(t *testing.T, module, name string) string {
	t.Helper()
	interpreter, err := exec.LookPath(cmp.Or(os.Getenv("KAFKASPEC_PYTHON"), "python3"))
	if err != nil {
		t.Skipf("no Python here: %v; set KAFKASPEC_PYTHON to one that has the package %s", err, name)
	}
	if output, err := exec.Command(interpreter, "-c", "import "+module).CombinedOutput(); err != nil {
		t.Skipf("%s has no package %s: %v %s", interpreter, name, err, output)
	}
	return interpreter
}
