package runner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
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
	j := judging{read: map[string]read{}}
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
