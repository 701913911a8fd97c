package runner

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// ReadResults takes back the results of a folder that a run wrote with Params.Report.
func ReadResults(folder string) (report.Results, error) {
	file := filepath.Join(folder, report.ResultsFile)
	content, err := source.ReadFile(file)
	if err != nil {
		return report.Results{}, fmt.Errorf("cannot read the results: %w; name a folder that `kafkaspec run --report` wrote",
			err)
	}
	results, err := report.Read(content)
	if err != nil {
		return report.Results{}, fmt.Errorf("%s: %w", file, err)
	}
	return results, nil
}

// again takes from the results of another run which scenarios are to run, with its seed, and where they are. Where
// everything passed that is none, and a line says so.
func (p Params) again() (Params, error) {
	results, err := ReadResults(p.Rerun)
	if err != nil {
		return p, source.Errors{source.Place{}.Errorf("--rerun: %w", err)}
	}
	if p.rerun = results.NotPassed(); len(p.rerun) == 0 {
		nothing := fmt.Sprintf("%s: nothing failed there, so nothing is run again\n", filepath.ToSlash(p.Rerun))
		_, _ = io.WriteString(p.progress(), report.Harmless(nothing))
		if sameFolder(p.Rerun, p.Report) {
			p.Report = "" // its results stay
		}
	}
	if p.Seed == 0 {
		p.Seed = results.Seed
	}
	if len(p.Paths) > 0 {
		return p, nil
	}
	p.Paths, err = filesOf(p.rerun)
	return p, err
}

// filesOf are the feature files of scenarios. Where no file is there, the features are those in the binary. Results may
// come from somebody else, so what lies elsewhere is read only where it is named by hand.
func filesOf(scenarios []report.Scenario) (files []string, err error) {
	var problems source.Errors
	seen := map[string]bool{}
	for _, s := range scenarios {
		info, err := os.Stat(s.File)
		if err != nil || seen[s.File] {
			continue
		}
		seen[s.File] = true
		if !isBelow(s.File) || info.IsDir() || filepath.Ext(s.File) != ".feature" {
			problems = append(problems, source.Place{File: s.File}.Errorf("--rerun: got results that name this, want "+
				".feature files below the folder you are in").Advise("name the file yourself, beside --rerun, if it is the "+
				"right one"))
			continue
		}
		files = append(files, s.File)
	}
	return files, problems.Err()
}

// isBelow is true of a file below the folder that kafkaspec is run in.
func isBelow(file string) bool {
	here, err := os.Getwd()
	if err != nil {
		return false
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	below, err := filepath.Rel(here, absolute)
	return err == nil && filepath.IsLocal(below)
}

func sameFolder(a, b string) bool {
	inA, errA := os.Stat(a)
	inB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(inA, inB)
}

// ofRerun picks the scenarios that are to run again. One that has moved is found by its feature and name, and a line
// says so.
func (p Params) ofRerun(all []*scenario) (picked []*scenario, problems source.Errors) {
	chosen := map[*scenario]bool{}
	for _, want := range p.rerun {
		at := source.Place{File: want.File, Line: want.Line}
		called := func(s *scenario) bool { return s.feature.name == want.Feature && s.name == want.Name }
		found := filter(all, func(s *scenario) bool { return called(s) && s.feature.at(s.line) == at })
		if len(found) == 0 {
			found = filter(all, func(s *scenario) bool {
				return called(s) && (want.Row == nil || maps.Equal(s.values, want.Row))
			})
			for _, s := range found {
				moved := fmt.Sprintf("%s:%d is now %s:%d  %s\n", want.File, want.Line, s.feature.file, s.line, s.name)
				_, _ = io.WriteString(p.progress(), report.Harmless(moved))
			}
		}
		if len(found) == 0 {
			problems = append(problems, at.Errorf("--rerun: scenario %q of feature %q is no longer there", want.Name,
				want.Feature).Advise("name the file or folder in which it stands now; one that was renamed or removed cannot be "+
				"run again"))
		}
		for _, s := range found {
			chosen[s] = true
		}
	}
	return filter(all, func(s *scenario) bool { return chosen[s] }), problems
}

func (p Params) progress() io.Writer {
	if p.Progress == nil {
		return io.Discard
	}
	return p.Progress
}

func filter(all []*scenario, keep func(*scenario) bool) (kept []*scenario) {
	for _, s := range all {
		if keep(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// rerun says what repeats just this scenario: a command, where the command has all that the run had.
func (r *run) rerun(s *scenario) string {
	p := r.params
	switch onlyHere := len(p.Applications)+len(p.Steps)+len(p.Instead) > 0 || r.given.FS != nil; {
	case onlyHere && r.again != nil && r.given.Seed == 0:
		return fmt.Sprintf("%s # with Params.Seed: %d", r.again(s), p.Seed)
	case onlyHere && r.again != nil:
		return r.again(s)
	case onlyHere && len(p.Paths) > 0:
		return fmt.Sprintf("runner.Execute with the same Params, but Paths: []string{\"%s:%d\"}, Seed: %d",
			s.feature.file, s.line, p.Seed)
	case onlyHere:
		return fmt.Sprintf("runner.Execute with the same Params, but Name: %q, Seed: %d",
			"^"+regexp.QuoteMeta(s.name)+"$", p.Seed)
	}
	words := []string{"kafkaspec", "run"}
	if len(r.params.Paths) > 0 {
		words = append(words, quoted(fmt.Sprintf("%s:%d", s.feature.file, s.line)))
	} else {
		words = append(words, "--name", quoted("^"+regexp.QuoteMeta(s.name)+"$"))
	}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, quoted(value))
		}
	}
	if r.params.Cluster != "embedded" {
		add("--cluster", r.params.Cluster)
	}
	if r.given.Registry != "" {
		add("--registry", r.registryName)
	}
	if r.given.Database != "" {
		add("--database", access.Shown(r.given.Database))
	}
	add("--profile", r.given.Profile)
	for _, role := range slices.Sorted(maps.Keys(r.given.Use)) {
		add("--use", role+"="+r.given.Use[role])
	}
	add("--advertise", r.given.Advertise)
	add("--listen", r.given.Listen)
	if r.given.Await > 0 {
		add("--await", r.given.Await.String())
	}
	return strings.Join(append(words, "--seed", fmt.Sprint(r.params.Seed)), " ")
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
