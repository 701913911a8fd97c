package runner_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/cputime"
	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestReportCostsLittle holds the processor time that writing a report takes, the journals included, against the run
// that it is of. It runs beside no other test.
func TestReportCostsLittle(t *testing.T) {
	if testenv.Race {
		t.Skip("not measured under the race detector, which slows what computes and not what waits")
	}
	folder := t.TempDir()
	results, err := runner.Execute(context.Background(), runner.Params{Report: folder,
		Name: "^(A poison pill|A retry waits|A static member)", References: reference.Applications()})
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Scenarios) < 4 || results.Count(report.Passed) != len(results.Scenarios) {
		t.Fatalf("got %d of %d scenarios passed, want all of at least 4", results.Count(report.Passed),
			len(results.Scenarios))
	}
	facts := 0
	var journals []*journal.Journal
	for _, s := range results.Scenarios {
		file, err := os.Open(filepath.Join(folder, filepath.FromSlash(s.Journal)))
		if err != nil {
			t.Fatal(err)
		}
		j, err := journal.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		journals, facts = append(journals, j), facts+len(j.Select(nil))
	}
	began := cputime.Own()
	for _, j := range journals {
		if _, err = j.Save(io.Discard, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := report.WriteFolder(folder, nil, results, page.File(folder, nil)); err != nil {
		t.Fatal(err)
	}
	took := cputime.Own() - began
	t.Logf("%d facts, %d scenarios: the run took %v, its report %v", facts, len(results.Scenarios), results.Duration, took)
	if took > results.Duration/10 {
		t.Errorf("got %v for the report of %v, want at most a tenth", took, results.Duration)
	}
}
