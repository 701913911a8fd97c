package main

import (
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
)

type lintCommand struct {
	Paths   []string `arg:"" optional:"" help:"Feature files or folders; none: the built-in features."`
	Profile string   `placeholder:"FILE" help:"Check this profile as well, and what the scenarios use of it: names, patterns, variables, programs, files."`
	Format  string   `enum:"text,json,sarif" default:"text" help:"What is written to the standard output for programs: nothing (text), json, or sarif for editors and code scanning. People read the standard error."`
}

// Run finds undefined and ambiguous steps, wrong tables, scenarios that expect nothing or disturb too early, all at
// once. With a profile, also what a run would find wrong with that before it begins.
func (l *lintCommand) Run(c *console) error {
	done := make(chan error, 1)
	go func() {
		done <- runner.Lint(runner.Params{Paths: l.Paths, Profile: l.Profile, References: reference.Applications()})
	}()
	select {
	case err := <-done:
		return l.tell(c, err)
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

func (l *lintCommand) tell(c *console, err error) error {
	var mistakes source.Errors
	switch {
	case err != nil && !errors.As(err, &mistakes):
	case l.Format != "text":
		if failed := writeFindings(c.stdout, l.Format, mistakes); failed != nil {
			return failed
		}
	case err == nil:
		of := ""
		if len(l.Paths) == 0 {
			of = " in the built-in features; for your own name their folder: kafkaspec lint features"
		}
		_, err = fmt.Fprintln(c.stdout, "nothing to correct"+of)
	}
	return err
}
