package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

type lintCommand struct {
	Paths   []string `arg:"" optional:"" help:"Feature files or folders. Default: the built-in features."`
	Profile string   `placeholder:"FILE" help:"Check this profile too, and what the scenarios use of it: names, patterns, variables, programs, files. Default: kafkaspec.yaml in this folder, if it exists."`
	Format  string   `enum:"text,json,sarif" default:"text" placeholder:"FORMAT" help:"text, or json or sarif on standard output for programs, such as code scanning. Mistakes are written to standard error in each case. Default: text."`
}

// Run finds undefined and ambiguous steps, wrong tables, scenarios that expect nothing or disturb too early, all at
// once. With a profile, which is found as a run finds it, also what a run would find wrong with that before it begins.
// Where there is none, applications of the profile are not looked up.
func (l *lintCommand) Run(c *console) error {
	if _, err := os.Stat(profile.DefaultFile); l.Profile == "" && !errors.Is(err, fs.ErrNotExist) {
		l.Profile = profile.DefaultFile
	}
	done, own := make(chan error, 1), newOwnCode()
	go func() {
		done <- runner.Lint(runner.Params{Paths: l.Paths, Profile: l.Profile, References: reference.Applications(),
			Elsewhere: own})
	}()
	select {
	case err := <-done:
		return l.tell(c, own, err)
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

func (l *lintCommand) tell(c *console, own *ownCode, err error) error {
	var mistakes source.Errors
	if err != nil && !errors.As(err, &mistakes) {
		return err
	}
	to := c.stdout
	switch {
	case l.Format != "text":
		if failed := writeFindings(c.stdout, l.Format, mistakes, own); failed != nil {
			return failed
		}
	case err != nil:
		to = c.stderr
	default:
		of := ""
		if len(l.Paths) == 0 {
			of = " in the built-in features; for your own name their folder: kafkaspec lint features"
		}
		if _, failed := fmt.Fprintln(c.stdout, "nothing to correct"+of); failed != nil {
			return failed
		}
	}
	if l.Format == "text" && len(own.found) > 0 {
		if _, failed := fmt.Fprintln(to, "not checked: "+report.Harmless(own.told())); failed != nil {
			return failed
		}
	}
	return err
}
