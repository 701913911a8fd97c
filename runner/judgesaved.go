package runner

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// savedRun is what the results.json beside a folder of journals says of them.
type savedRun struct {
	seed    int64
	digests map[string]string // by the journal's file; only of journals that have one
}

// savedRuns are the results beside journals, by the journals' folders. Where there are none, or they cannot be read,
// each journal stands for itself.
func savedRuns(files []string) map[string]*savedRun {
	all := map[string]*savedRun{}
	for _, file := range files {
		folder := filepath.Dir(file)
		if _, known := all[folder]; known {
			continue
		}
		all[folder] = nil
		absolute, err := filepath.Abs(folder)
		if err != nil || filepath.Base(absolute) != page.Journals {
			continue
		}
		results, err := ReadResults(filepath.Dir(absolute))
		if err != nil {
			continue
		}
		run := &savedRun{seed: results.Seed, digests: map[string]string{}}
		for _, s := range results.Scenarios {
			if s.JournalSHA256 != "" {
				run.digests[path.Base(s.Journal)] = s.JournalSHA256
			}
		}
		all[folder] = run
	}
	return all
}

// sameAsSaved is an error where the results of the run name another digest than the journal has.
func (j *judging) sameAsSaved(file, digest string) error {
	run := j.saved[filepath.Dir(file)]
	if run == nil {
		return nil
	}
	want := run.digests[filepath.Base(file)]
	switch {
	case want == "" || want == digest:
		return nil
	case digest == "":
		digest = "none"
	}
	return fmt.Errorf("got a journal with the SHA-256 %s, want %s as %s beside it says: this is another journal than the "+
		"run wrote for the scenario; take that one, or run the scenario again", digest, want, report.ResultsFile)
}

// seed is that of the first run. The journals that it reads for that are kept for file.
func (j *judging) seed(files []string) int64 {
	for _, file := range files {
		if run := j.saved[filepath.Dir(file)]; run != nil {
			return run.seed
		}
		facts, err := readJournal(file)
		j.read[file] = read{facts, err}
		if err != nil {
			continue
		}
		if told, err := tellingOf(facts); err == nil {
			return told.plan.Seed
		}
	}
	return 0
}
