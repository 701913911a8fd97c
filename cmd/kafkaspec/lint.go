package main

import (
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

type lintCommand struct {
	Paths []string `arg:"" optional:"" help:"Feature files or folders; none: the built-in features."`
}

// Run finds undefined and ambiguous steps, wrong tables, scenarios that expect nothing or disturb too early, all at
// once.
func (l *lintCommand) Run(c *console) error {
	done := make(chan error, 1)
	go func() { done <- runner.Lint(runner.Params{Paths: l.Paths, References: reference.Applications()}) }()
	select {
	case err := <-done:
		if err == nil {
			_, err = fmt.Fprintln(c.stdout, "nothing to correct")
		}
		return err
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}
