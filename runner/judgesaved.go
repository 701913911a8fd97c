package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// savedRun is what the results.json beside a folder of journals says of them.
type savedRun struct {
	seed    int64
	names   map[string]bool   // the journals' files
	digests map[string]string // by the journal's file; only of journals that have one
}

// findJournals lists the journals' files in the order of their names, and counts those in folders that are of another
// run than the results beside them.
func findJournals(paths []string) (files []string, leftOut int64, problems source.Errors) {
	const advice = "give the folder that `kafkaspec run --report` wrote"
	for _, path := range paths {
		at := source.Place{File: path}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			problems = append(problems, at.Errorf("%w", plainError(err)).Advise(advice))
		case !info.IsDir():
			files = append(files, path)
		default:
			found, _ := filepath.Glob(filepath.Join(escaped(path), page.Journals, "*.jsonl"))
			if len(found) == 0 {
				found, _ = filepath.Glob(filepath.Join(escaped(path), "*.jsonl"))
			}
			if len(found) == 0 {
				problems = append(problems, at.Errorf("got a folder without journals").Advise(advice))
			}
			problems = append(problems, notThere(found)...)
			named := ofTheRun(found)
			leftOut += int64(len(found) - len(named))
			files = append(files, named...)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), leftOut, problems
}

// notThere reports the journals of a folder that the results beside it name and that are gone, and results that cannot
// be read: without that, what failed in the run might be missing from the verdict, and nobody would notice.
func notThere(found []string) (problems source.Errors) {
	if len(found) == 0 {
		return nil
	}
	folder := filepath.Dir(found[0])
	results, err := resultsBeside(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return source.Errors{source.Place{}.Errorf("%w", err).Advise("without the results nobody can tell whether the " +
			"journals are those that the run wrote, and all of them; remove the file to judge what is there")}
	}
	for _, s := range results.Scenarios {
		if s.Journal == "" {
			continue
		}
		at := source.Place{File: filepath.Join(folder, path.Base(s.Journal))}
		if !slices.Contains(found, at.File) {
			problems = append(problems, at.Errorf("the journal of scenario %q (%s), which %s, is not there", s.Name, s.ID(),
				s.Status).Advise("put it back, or run the scenario again"))
		}
	}
	return problems
}

// resultsBeside are those of the run that wrote a folder of journals.
func resultsBeside(folder string) (report.Results, error) {
	absolute, err := filepath.Abs(folder)
	if err == nil && filepath.Base(absolute) != page.Journals {
		err = fs.ErrNotExist
	}
	if err != nil {
		return report.Results{}, err
	}
	return ReadResults(filepath.Join(folder, ".."))
}

// ofTheRun are those of a folder's journals that the results beside it name; all, where they name none of them.
func ofTheRun(files []string) (named []string) {
	saved := savedRuns(files)
	for _, file := range files {
		if run := saved[filepath.Dir(file)]; run != nil && run.names[filepath.Base(file)] {
			named = append(named, file)
		}
	}
	if len(named) == 0 {
		return files
	}
	return named
}

// escaped is a path as a pattern for itself.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
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
		results, err := resultsBeside(folder)
		if err != nil {
			continue
		}
		run := &savedRun{seed: results.Seed, names: map[string]bool{}, digests: map[string]string{}}
		for _, s := range results.Scenarios {
			if s.Journal != "" {
				run.names[path.Base(s.Journal)] = true
			}
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
