package main

import (
	"errors"

	"github.com/kafkaspec/kafkaspec/runner"
)

type judgeCommand struct {
	Folders []string `arg:"" help:"Folders that runs wrote with --report, or journals in them."`
	Report  string   `placeholder:"DIR" help:"Write junit.xml, ctrf.json, cucumber.ndjson and results.json into this folder. Default: no report."`
	Format  string   `placeholder:"FORMAT" help:"What is shown: pretty (results by feature), progress (a character for each scenario) or json (one object a line). Default: pretty."`
}

// Run judges saved journals again. It ends as the runs did, as far as their journals and results tell.
func (j *judgeCommand) Run(c *console) error {
	results, err := runner.Judge(c.ctx, runner.Params{Paths: j.Folders, Report: j.Report, Format: j.Format,
		Output: c.stdout})
	if errors.Is(err, runner.ErrUnjudged) {
		if j.Format != "json" { // the summary has said so
			err = without(err, runner.ErrUnjudged)
		}
		err = errors.Join(err, errNotPassed)
	}
	return errors.Join(err, notPassed(results))
}
