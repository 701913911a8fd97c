package features_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// TestWindowsAreFacts has each window that an application wrote in the journal, with the time of the request that wrote
// it, and judged again the scenarios come out the same.
// The embedded broker is enough: what is looked at is the journal.
func TestWindowsAreFacts(t *testing.T) {
	besideOthers(t)
	folder := t.TempDir()
	results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{"windows/aggregates.feature"},
		Cluster: "embedded", Seed: 1, References: reference.Applications(), Report: folder,
		Await: time.Minute}) // the machine may be busy
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range results.Scenarios {
		if s.Status != report.Passed {
			t.Fatalf("%s: got %s, want it to pass\n%s", s.Name, s.Status, report.FailureText(s))
		}
		file, err := os.Open(filepath.Join(folder, filepath.FromSlash(s.Journal)))
		if err != nil {
			t.Fatal(err)
		}
		facts, err := journal.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		for _, f := range facts.Select(journal.Kinds(journal.WindowWritten)) {
			w, ok := f.Detail.(*journal.Window)
			if !ok || f.Request == nil || f.Request.API != "Produce" || w.Written < f.Request.Sent || w.Written > f.At {
				t.Errorf("%s: got %+v, want it as the wire saw it written", s.Name, f)
				continue
			}
			got = append(got, strings.ReplaceAll(fmt.Sprintf("%s %s %s", f.App, f.Key, w), "2026-01-05T", ""))
		}
	}
	slices.Sort(got)
	want := []string{
		"meter m1 10:00:00Z to 10:05:00Z", "meter m1 10:00:00Z to 10:05:00Z", "meter m1 10:05:00Z to 10:10:00Z",
		"meter m2 10:00:00Z to 10:05:00Z",
		"pulse p1 10:00:00Z to 10:01:30Z", "pulse p1 10:01:30Z to 10:03:00Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	judgeAgain(t, folder)
}
