package runner_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestPythonApplication runs an application written in Python with kafka-python, as the README describes.
func TestPythonApplication(t *testing.T) {
	t.Parallel()
	testenv.Interpreter(t, "kafka", "kafka-python")
	runner.Run(t, runner.Params{
		Paths: []string{"testdata/python"}, Profile: "testdata/python/kafkaspec.yaml", Await: 30 * time.Second,
		Cluster: testenv.Cluster(), Progress: os.Stderr,
	})
}

// TestPythonMembers judges members of a group that are written in Python with librdkafka, by the same steps as all
// others.
func TestPythonMembers(t *testing.T) {
	t.Parallel()
	testenv.Interpreter(t, "confluent_kafka", "confluent-kafka")
	params := runner.Params{
		Paths: []string{"testdata/pythongroup"}, Profile: "testdata/pythongroup/kafkaspec.yaml", Await: 60 * time.Second,
		Cluster: testenv.Cluster(), Progress: os.Stderr,
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
