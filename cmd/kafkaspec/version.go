package main

import (
	"fmt"
	"runtime"

	"github.com/kafkaspec/kafkaspec/runner"
)

type versionCommand struct{}

// Run shows the versions a report of a mistake needs.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintf(c.stdout, "kafkaspec %s, %s, %s/%s\n", runner.Version(), runtime.Version(), runtime.GOOS,
		runtime.GOARCH)
	return err
}
