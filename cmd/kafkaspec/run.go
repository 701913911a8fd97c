package main

import (
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

type runCommand struct {
	Paths    []string `arg:"" optional:"" help:"Feature files, with :LINE for one scenario, or folders."`
	Cluster  string   `placeholder:"NAME" help:"embedded, embedded:N, local, local:3 or a cluster of the profile. Default: the profile's, else embedded."`
	Registry string   `placeholder:"NAME" help:"Schema registry: embedded, local or an address. Default: the profile's, else embedded."`
	Profile  string   `placeholder:"FILE" help:"YAML file with clusters, applications and defaults. Default: kafkaspec.yaml where there is one."`
	Database string   `placeholder:"DB" help:"sqlite, postgres (kafkaspec starts a server) or postgres://user:password@host/database. Default: the profile's, else sqlite."`
	Tags     string   `placeholder:"EXPR" help:"Only scenarios with these tags, such as \"@slow and not @local\"."`
	Name     string   `placeholder:"RE" help:"Only scenarios whose name matches the regular expression."`
	Parallel int      `placeholder:"N" help:"Scenarios at once. Default: the profile's, else six for each core, on local three."`
	Shard    string   `placeholder:"I/N" help:"Only the Ith of N parts, to share a run among machines."`
	Seed     int64    `placeholder:"S" help:"Seed of everything random. Default: a new one, which is shown."`
	Repeat   int      `placeholder:"N" help:"Run each scenario N times."`
	Report   string   `placeholder:"DIR" help:"Write report.html, junit.xml, results.json and the journals into this folder."`
	Format   string   `placeholder:"FORMAT" help:"What is shown: pretty, progress or json (an object a line). Default: pretty."`
}

// Run runs the features.
func (r *runCommand) Run(c *console) error {
	for flag, value := range map[string]int{"--parallel": r.Parallel, "--repeat": r.Repeat} {
		if value < 0 {
			return usage("got %s %d, want at least 1", flag, value)
		}
	}
	results, err := runner.Execute(c.ctx, runner.Params{
		Paths: r.Paths, Cluster: r.Cluster, Registry: r.Registry, Profile: r.Profile, Database: r.Database, Tags: r.Tags,
		Name:     r.Name,
		Parallel: r.Parallel, Shard: r.Shard,
		Seed: r.Seed, Repeat: r.Repeat, Report: r.Report, Format: r.Format, Output: c.stdout, Progress: c.stderr,
		References: reference.Applications(),
	})
	return errors.Join(err, notPassed(results))
}
