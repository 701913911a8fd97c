package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

type reportCommand struct {
	Folders []string `arg:"" help:"Folders that runs wrote with --report."`
	Report  string   `placeholder:"DIR" help:"Write report.html, junit.xml, ctrf.json, cucumber.ndjson and results.json of all of them into this folder. Default: no report, only the summary."`
}

// Run shows what did not pass in any of the runs. It ends as one run of all their scenarios would have.
func (r *reportCommand) Run(c *console) error {
	if r.Report != "" {
		if err := os.MkdirAll(r.Report, 0o755); err != nil {
			return usage("--report: %v; name a folder that can be written", err)
		}
		report.Sweep(r.Report)
	}
	var runs []report.Results
	var missing []string
	for i, folder := range r.Folders {
		results, err := runner.ReadResults(folder)
		if errors.Is(err, fs.ErrNotExist) && len(r.Folders) > 1 {
			missing = append(missing, folder+" has no "+report.ResultsFile)
			continue
		}
		if err != nil {
			return usage("%v", err)
		}
		if r.Report != "" {
			if err := page.Gather(r.Report, folder, i+1, &results); err != nil {
				return fmt.Errorf("copy the journals of %s: %w", folder, err)
			}
		}
		runs = append(runs, results)
	}
	if len(runs) == 0 {
		return usage("%s; name folders that `kafkaspec run --report` wrote", strings.Join(missing, "; "))
	}
	all := report.Merge(runs...)
	all.MissingShards = append(all.MissingShards, missing...)
	if r.Report != "" {
		// Secrets were left out when the results were written.
		if err := report.WriteFolder(r.Report, nil, all, page.File(r.Report, nil)); err != nil {
			return err
		}
	}
	if err := report.Console(report.ConsoleOptions{Colour: report.OptionsFor(c.stdout).Colour})(c.stdout,
		all); err != nil {
		return fmt.Errorf("show the results: %w", err)
	}
	if len(all.MissingShards) > 0 {
		return errors.Join(notPassed(all), outcome.Environmentf(nil, "the results are not whole: %s; run these again, or "+
			"name the folders of all", strings.Join(all.MissingShards, "; ")))
	}
	return notPassed(all)
}

// notPassed is an error where a scenario did not pass although the cluster could have shown it.
func notPassed(r report.Results) error {
	var refused []string
	for _, s := range r.Scenarios {
		if s.Status == report.Refused && s.Failure != nil {
			refused = append(refused, s.Failure.Message)
		}
	}
	if len(refused) > 0 {
		slices.Sort(refused)
		return &refusedError{strings.Join(slices.Compact(refused), "\n")}
	}
	if r.Count(report.Passed)+r.Count(report.NotApplicable) < r.Total() {
		return errNotPassed
	}
	return nil
}
