package runner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A journal without results beside it is read once, for the run's seed and to be judged, and is then let go.
func TestJournalIsReadOnce(t *testing.T) {
	facts := journal.New()
	facts.Add(journal.Fact{Kind: journal.Planned, Partition: -1, Offset: -1,
		Detail: &journal.Scenario{Name: "s", Seed: 7}})
	facts.Add(journal.Fact{Kind: journal.Concluded, Partition: -1, Offset: -1,
		Detail: &journal.Ending{Step: -1, Status: passed}})
	name := filepath.Join(t.TempDir(), "s.jsonl")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := facts.Save(file, func(text string) string { return text }); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	j := judging{runs: map[string]*savedRun{}, read: map[string]read{}}
	if seed := j.seed([]string{name}); seed != 7 {
		t.Fatalf("got seed %d, want 7", seed)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if again, err := j.journal(name); err != nil || len(again.Select(nil)) != 2 {
		t.Errorf("got %v, want the two facts that were read for the seed", err)
	}
	if _, err := j.journal(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want it to be let go once it was judged", err)
	}
}

// The results beside journals are read once, whatever asks for them.
func TestResultsBesideJournalsAreReadOnce(t *testing.T) {
	journals := filepath.Join(t.TempDir(), page.Journals)
	if err := os.Mkdir(journals, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(journals, "s.jsonl")
	results := filepath.Join(journals, "..", report.ResultsFile)
	for file, text := range map[string]string{name: "", results: `{"started": "2026-01-05T10:00:00Z", "seed": 7,
		"scenarios": [{"file": "s.feature", "status": "passed", "journal": "journals/s.jsonl", "journal_sha256": "d"}]}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j := judging{runs: map[string]*savedRun{}, read: map[string]read{}}
	files, problems := j.find([]string{filepath.Dir(journals)})
	if len(files) != 1 || len(problems) != 0 {
		t.Fatalf("got %v and %v, want the one journal", files, problems)
	}
	if err := os.Remove(results); err != nil {
		t.Fatal(err)
	}
	if seed := j.seed(files); seed != 7 {
		t.Errorf("got seed %d, want 7", seed)
	}
	if err := j.sameAsSaved(name, "another"); err == nil {
		t.Error("got no error, want another digest refused")
	}
}
