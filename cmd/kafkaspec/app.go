package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
)

type appCommand struct {
	Name string `arg:"" optional:"" help:"The application. It reads KAFKA_BOOTSTRAP_SERVERS and other environment variables (docs/applications.md). Default: list all applications."`
}

// Run runs the application as this process, until it ends or a signal ends it.
func (a *appCommand) Run(c *console) error {
	entries := reference.All()
	if a.Name == "" {
		table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
		for _, entry := range entries {
			_, _ = fmt.Fprintf(table, "%s\t%s\n", entry.Name, entry.Summary)
		}
		return table.Flush()
	}
	run, ok := reference.Lookup(a.Name)
	if !ok {
		names := make([]string, len(entries))
		for i, entry := range entries {
			names[i] = entry.Name
		}
		if near := nearest.Word(a.Name, names); near != "" {
			return usage("got unknown application %q; did you mean %q? kafkaspec app lists them", a.Name, near)
		}
		return usage("got unknown application %q, want one of %s", a.Name, strings.Join(names, ", "))
	}
	if code := app.RunProcess(run); code != 0 {
		panic(exited(code)) // the application has said why, as its last line
	}
	return nil
}
