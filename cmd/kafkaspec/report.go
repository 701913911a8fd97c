package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

type reportCommand struct {
	Folders []string `arg:"" help:"Folders that runs wrote with --report."`
	Report  string   `placeholder:"DIR" help:"Write report.html, junit.xml, ctrf.json, cucumber.ndjson and results.json of all of them into this folder."`
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
	for i, folder := range r.Folders {
		results, err := runner.ReadResults(folder)
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
	all := report.Merge(runs...)
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
