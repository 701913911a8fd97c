package runner

// Judging saved journals again: no cluster, application or process is needed for that.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/report"
	"github.com/kafkaspec/kafkaspec/steps"
)

// mostJournal bounds a journal's file, in bytes: it is held in memory.
const mostJournal = 1 << 30

// ErrUnjudged says that scenarios of the runs did not pass and have no journal, so that they were not judged again.
var ErrUnjudged = errors.New("a scenario without a journal did not pass")

// Judge judges the journals of runs again, of which Params.Paths are the report folders, or the journals' own folders
// or files. Of a folder with results it judges the journals that these name. Of the other parameters Format, Output,
// Report, StepDeadline and Steps count. What an expectation asks that its journal does not tell is not judged again:
// the run's word stands, and a note says so. So it is with scenarios without a journal: the error is ErrUnjudged where
// one of them did not pass. Journals that cannot be read are a source.Errors, beside the results of the others.
func Judge(ctx context.Context, p Params) (report.Results, error) {
	p = p.withDefaults()
	if p.StepDeadline <= 0 {
		p.StepDeadline = defaultStepDeadline
	}
	options := report.OptionsFor(p.Output)
	options.Verbose = true
	live, err := report.NewLive(p.Format, options)
	if err != nil {
		return report.Results{}, flagError("--format: %w", err)
	}
	j := judging{params: p, live: live, registry: p.registry(), runs: map[string]*savedRun{}, read: map[string]read{}}
	if err := errors.Join(j.registry.Err(), (&run{params: p}).makeReportFolder()); err != nil {
		return report.Results{}, err
	}
	files, problems := j.find(p.Paths)
	if len(files) == 0 {
		return report.Results{}, problems.Err()
	}
	results := report.Results{Started: time.Now(), Cluster: "journals of " + strings.Join(p.Paths, ", "),
		Kafkaspec: Version(), Go: runtime.Version(), Cores: runtime.GOMAXPROCS(0)}
	results.Seed = j.seed(files)
	live.Started(results, map[string]int{"": len(files)})
	for _, file := range files {
		if ctx.Err() != nil {
			results.NotStarted = append(results.NotStarted, report.NotStarted{File: file, Name: "a journal"})
			results.NotStartedWhy = "the run was interrupted"
			continue
		}
		s, err := j.file(ctx, file)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		results.Scenarios = append(results.Scenarios, s)
		live.ScenarioFinished(s)
	}
	results.Duration = time.Since(results.Started)
	results.Sort()
	live.Finished(results)
	ended := j.withoutJournal()
	if p.Format != "json" {
		_, _ = io.WriteString(p.Output, j.summary(ended))
	}
	if p.Report != "" {
		err = report.WriteFolder(p.Report, nil, results) // secrets were left out when the journals were written
	}
	return results, errors.Join(problems.Err(), err, live.Err(), ctx.Err(), unjudged(ended))
}

// judging is what the judging of several journals shares.
type judging struct {
	params    Params
	live      *report.Live
	registry  *steps.Registry
	again     int64                // expectations that were judged again
	unsettled int64                // those that were not
	leftOut   int64                // journals of other runs, beside those that were judged
	unsealed  int64                // journals without a digest
	runs      map[string]*savedRun // by the journals' folder
	read      map[string]read      // journals that were read for the seed, and not judged yet
}

// read is what came of reading a journal.
type read struct {
	facts *journal.Journal
	err   error
}

func (j *judging) summary(without map[string]int64) string {
	text := words.Counted(j.again, "expectation") + " judged again"
	if j.unsettled > 0 {
		text += fmt.Sprintf(", %d not: there the run's word stands", j.unsettled)
	}
	if j.leftOut > 0 {
		text += fmt.Sprintf("\n%s left out: %s beside them does not name them, so they are of another run",
			words.Counted(j.leftOut, "journal"), report.ResultsFile)
	}
	if j.unsealed > 0 {
		text += fmt.Sprintf("\n%s without a digest, of an earlier kafkaspec: nobody can tell whether a line was changed",
			words.Counted(j.unsealed, "journal"))
	}
	return text + withoutJournalText(without) + "\n"
}

// file judges the journal of a file.
func (j *judging) file(ctx context.Context, name string) (s report.Scenario, problem *source.Error) {
	facts, err := j.journal(name)
	if err == nil {
		err = j.sameAsSaved(name, facts.SHA256())
	}
	if err == nil {
		var told *telling
		if told, err = tellingOf(facts); err == nil {
			s, err = j.scenario(ctx, name, told)
		}
	}
	if err == nil {
		if facts.SHA256() == "" {
			j.unsealed++
		}
		return s, nil
	}
	at := source.Place{File: name}
	if line, ok := errors.AsType[*journal.LineError](err); ok {
		at.Line, err = line.Line, line.Err
	}
	return s, at.Errorf("%w", plainError(err))
}

// journal reads a journal, unless that was done for the seed.
func (j *judging) journal(name string) (*journal.Journal, error) {
	if r, ok := j.read[name]; ok {
		delete(j.read, name) // each is held in memory
		return r.facts, r.err
	}
	return readJournal(name)
}

func readJournal(name string) (*journal.Journal, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, source.ErrNotRegular
	case info.Size() > mostJournal:
		return nil, fmt.Errorf("got a journal of %d bytes, want at most %d", info.Size(), mostJournal)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return journal.Read(io.LimitReader(file, mostJournal))
}
