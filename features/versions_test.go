package features_test

import (
	"os"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestVersions runs a scenario of a record and those of a group on versions of Apache Kafka.
func TestVersions(t *testing.T) {
	for _, version := range testenv.Versions(t) {
		t.Run(version, func(t *testing.T) {
			if err := cluster.CheckVersion(version); err != nil {
				t.Fatal(err)
			}
			results, err := runner.Execute(t.Context(), runner.Params{
				Paths: []string{"testdata/versions"}, Cluster: "local@" + version, Progress: os.Stderr,
				Await: time.Minute, References: reference.Applications(),
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range results.Scenarios {
				if s.Status != report.Passed {
					t.Errorf("%s: got %s, want it to pass\n%s", s.Name, s.Status, report.FailureText(s))
				}
			}
		})
	}
}
