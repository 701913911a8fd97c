package runner

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// savedRun is what the results.json beside a folder of journals says of them. Where there is none, or it cannot be
// read, it says nothing, and each journal stands for itself.
type savedRun struct {
	report.Results
	err     error             // why there are none
	digests map[string]string // of each journal that is named, by its file; "" of one that has none
	whole   bool              // all of its journals are to be judged
}

// saved are the results beside a folder of journals. Each file of results is read once.
func (j *judging) saved(folder string) *savedRun {
	run := j.runs[folder]
	if run == nil {
		run = &savedRun{digests: map[string]string{}}
		run.Results, run.err = resultsBeside(folder)
		for _, s := range run.Scenarios {
			if name := path.Base(s.Journal); s.Journal != "" {
				run.digests[name] = cmp.Or(s.JournalSHA256, run.digests[name])
			}
		}
		j.runs[folder] = run
	}
	return run
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

// find lists the journals' files in the order of their names, and counts those in folders that are of another run than
// the results beside them.
func (j *judging) find(paths []string) (files []string, problems source.Errors) {
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
				continue
			}
			run := j.saved(filepath.Dir(found[0]))
			run.whole = true
			problems = append(problems, run.notThere(found)...)
			named := run.named(found)
			j.leftOut += int64(len(found) - len(named))
			files = append(files, named...)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), problems
}

// notThere reports the journals of a folder that the results beside it name and that are gone, and results that cannot
// be read: without that, what failed in the run might be missing from the verdict, and nobody would notice.
func (r *savedRun) notThere(found []string) (problems source.Errors) {
	if r.err != nil && !errors.Is(r.err, fs.ErrNotExist) {
		return source.Errors{source.Place{}.Errorf("%w", r.err).Advise("without the results nobody can tell whether the " +
			"journals are those that the run wrote, and all of them; remove the file to judge what is there")}
	}
	for _, s := range r.Scenarios {
		if s.Journal == "" {
			continue
		}
		at := source.Place{File: filepath.Join(filepath.Dir(found[0]), path.Base(s.Journal))}
		if !slices.Contains(found, at.File) {
			problems = append(problems, at.Errorf("the journal of scenario %q (%s), which %s, is not there", s.Name, s.ID(),
				s.Status).Advise("put it back, or run the scenario again"))
		}
	}
	return problems
}

// named are those of a folder's journals that the results name; all, where they name none of them.
func (r *savedRun) named(found []string) (named []string) {
	for _, file := range found {
		if _, ok := r.digests[filepath.Base(file)]; ok {
			named = append(named, file)
		}
	}
	if len(named) == 0 {
		return found
	}
	return named
}

// escaped is a path as a pattern for itself.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// withoutJournal are the scenarios of the runs that never had a journal: how many ended how.
func (j *judging) withoutJournal() map[string]int64 {
	ended := map[string]int64{}
	for _, run := range j.runs {
		if !run.whole {
			continue
		}
		for _, s := range run.Scenarios {
			if s.Journal == "" {
				ended[string(s.Status)]++
			}
		}
		for _, m := range run.More {
			for status, n := range m.Counts {
				ended[string(status)] += int64(n)
			}
		}
		ended["not started"] += int64(len(run.NotStarted))
	}
	return ended
}

// withoutJournalText says so; "" where each had one.
func withoutJournalText(ended map[string]int64) string {
	all, parts := int64(0), []string{}
	for _, status := range slices.Sorted(maps.Keys(ended)) {
		if n := ended[status]; n > 0 {
			all += n
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(status, "-", " ")))
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("\n%s without a journal, not judged: %s", words.Counted(all, "scenario"), strings.Join(parts, ", "))
}

// unjudged is an error where one of these did not pass.
func unjudged(ended map[string]int64) error {
	for status, n := range ended {
		if n > 0 && status != string(report.Passed) && status != string(report.NotApplicable) {
			return ErrUnjudged
		}
	}
	return nil
}

// sameAsSaved is an error where the results of the run name another digest than the journal has.
func (j *judging) sameAsSaved(file, digest string) error {
	want := j.saved(filepath.Dir(file)).digests[filepath.Base(file)]
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
		if run := j.saved(filepath.Dir(file)); run.err == nil {
			return run.Seed
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
