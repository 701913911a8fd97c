package runner

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// mostName keeps names of files well below what file systems take.
const mostName = 200

// journalName is the file of a scenario's journal. Where another scenario would have the same, or the name would be too
// long, it ends with what tells them apart.
func (r *run) journalName(s report.Scenario) string {
	id := s.ID()
	name := strings.NewReplacer("/", "_", "\\", "_", ":", "_", "#", "_", "*", "_").Replace(r.redactor.Text(id))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.journals == nil {
		r.journals = map[string]string{}
	}
	if other, taken := r.journals[name]; taken && other != id || len(name) > mostName {
		name = fmt.Sprintf("%s-%08x", strings.ToValidUTF8(name[:min(len(name), mostName)], "_"),
			crc32.ChecksumIEEE([]byte(id)))
	}
	r.journals[name] = id
	return name + ".jsonl"
}

// saveJournal writes the scenario's facts into the report folder, so that they can be shown and judged again.
func (r *run) saveJournal(j *journal.Journal, names *cluster.Names, s *report.Scenario) error {
	if r.params.Report == "" || !r.results.Keeps(*s) {
		return nil
	}
	folder := filepath.Join(r.params.Report, page.Journals)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder for journals: %w", err)
	}
	name := r.journalName(*s)
	var digest string
	if err := report.WriteFile(filepath.Join(folder, name), func(file *os.File) (err error) {
		digest, err = j.Save(file, func(facts string) string { return r.redactor.JSON(names.Undo(facts)) })
		return err
	}); err != nil {
		return fmt.Errorf("write a journal: %w", err)
	}
	s.JournalSHA256 = digest
	s.Journal = path.Join(page.Journals, name)
	return nil
}

// removeOldJournals removes the journals that an earlier run left in the report folder: its results are gone. What does
// not begin as a journal of kafkaspec stays.
func (r *run) removeOldJournals() error {
	files, _ := filepath.Glob(filepath.Join(escaped(r.params.Report), page.Journals, "*.jsonl"))
	var problems []error
	for _, file := range files {
		if _, written := r.journals[strings.TrimSuffix(filepath.Base(file), ".jsonl")]; !written && journal.IsFile(file) {
			problems = append(problems, os.Remove(file))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("remove the journals of an earlier run: %w", err)
	}
	return nil
}
