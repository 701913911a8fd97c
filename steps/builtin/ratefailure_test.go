package builtin_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A rate that is too low is told with the time that it was counted over.
func TestRatesSayWhatTheyWereCountedOver(t *testing.T) {
	for claim, want := range map[string]string{
		`"events" received at least 100k records/s`: `on .*; counted from its first growth at \d+\.\d{3}s to its last at ` +
			`\d+\.\d{3}s, with the pauses between`,
		`"load" produced at least 100k records/s`: `on .*; it has measured that itself, over \d+(\.\d+)? seconds without its ` +
			`warm-up, as its line at \d+\.\d{3}s says`,
	} {
		file := filepath.Join(t.TempDir(), "f.feature")
		text := "Feature: f\n  Scenario: s\n    Given topic \"events\" with 1 partition\n" +
			"    And application \"load\" is the reference \"bench-producer\" writing \"events\"\n" +
			"      | events | 200 |\n      | rate   | 400 |\n    When application \"load\" has finished\n" +
			"    Then within 300ms " + claim + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{file}, Cluster: "embedded", Seed: 1,
			References: reference.Applications()})
		if err != nil || len(results.Scenarios) != 1 {
			t.Fatalf("got %v and %d scenarios, want one", err, len(results.Scenarios))
		}
		s := results.Scenarios[0]
		if s.Status != report.Failed || !regexp.MustCompile(want).MatchString(s.Failure.Message) {
			t.Errorf("%s: got %s, %+v, want a failure like %s", claim, s.Status, s.Failure, want)
		}
	}
}
