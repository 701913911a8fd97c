package main

import (
	"errors"
	"math"
	"os"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/runner"
)

type runCommand struct {
	Paths     []string `arg:"" optional:"" help:"Feature files or folders; FILE:LINE is one scenario. Default: the built-in features."`
	Cluster   string   `placeholder:"NAME" help:"The cluster: embedded (in this process), embedded:N (with N brokers), local or local:3 (one or three Apache Kafka brokers, which kafkaspec starts), or a name from the profile. Default: the profile's, else embedded."`
	Registry  string   `placeholder:"NAME" help:"The schema registry: embedded (in this process), local (Apicurio Registry, which kafkaspec starts) or a URL. Default: the profile's, else embedded."`
	Profile   string   `placeholder:"FILE" help:"The profile, a YAML file with clusters, applications and defaults. Default: kafkaspec.yaml in this folder, if it exists."`
	Database  string   `placeholder:"DB" help:"The database: sqlite, postgres or mysql (kafkaspec starts a server), postgres://user:password@host/database or mysql://…. Default: the profile's, else sqlite."`
	Use       []string `placeholder:"ROLE=APP" help:"Run the application APP of the profile in place of the reference application ROLE, such as --use dlq-consumer=shipping. May be repeated. Only the built-in features about these roles run. docs/roles.md lists the roles."`
	Advertise string   `placeholder:"HOST" help:"The name of this machine for applications that run elsewhere, such as host.docker.internal for a container. kafkaspec then listens beyond the loopback address. Default: the profile's, else none: applications run on this machine."`
	Listen    string   `placeholder:"ADDRESS" help:"The IP address to listen on for such applications. Default: the profile's, else the address of --advertise if this machine has it, else all addresses."`
	Tags      string   `placeholder:"EXPR" help:"Run only scenarios with these tags, such as \"@slow and not @local\"."`
	Name      string   `placeholder:"RE" help:"Run only scenarios whose name matches this regular expression."`
	Parallel  *int     `placeholder:"N" help:"How many scenarios run at once. Default: the profile's, else six for each core, on local and local:3 three."`
	Shard     string   `placeholder:"I/N" help:"Run only part I of N, such as 2/4, to share a run among machines. The value job takes I and N from JOB_COMPLETION_INDEX and JOB_COMPLETIONS, as in a Kubernetes Job."`
	Seed      *int64   `placeholder:"S" help:"The seed of everything random, a whole number. The same seed gives the same data and faults. Default: a new one, which is shown."`
	Repeat    *int     `placeholder:"N" help:"Run each scenario N times. Default: 1."`
	Rerun     string   `placeholder:"DIR" help:"Run only what did not pass, or was not started, in the run that wrote DIR with --report. Its seed is used, unless --seed gives another. If nothing failed there, nothing is run, and the exit code is 0."`
	Report    string   `placeholder:"DIR" help:"Write report.html, junit.xml, ctrf.json, cucumber.ndjson, results.json and the journals (the facts of each scenario) into this folder. Default: no report."`
	Await     string   `placeholder:"TIME" help:"How long an expectation may take that has no time of its own, such as 500ms, 10s or 2m. Default: the profile's, else 10s."`
	Verbose   bool     `short:"v" help:"Show each scenario that passed, with what it measured, instead of one line for each feature."`
	Watch     bool     `help:"Stay, and run again when a file is saved: its feature, or all features after a change of the profile or another file beside them. What a run writes does not count, nor do files that git ignores. Ctrl-C ends it."`
	Format    string   `placeholder:"FORMAT" help:"What is shown: pretty (results by feature), progress (a character for each scenario) or json (one object a line). Default: pretty."`
}

// Run runs the features.
func (r *runCommand) Run(c *console) error {
	parallel, err := positive("--parallel", r.Parallel, math.MaxInt)
	if err != nil {
		return err
	}
	repeat, err := positive("--repeat", r.Repeat, mostRepeats)
	if err != nil {
		return err
	}
	seed := int64(0)
	if r.Seed != nil {
		if seed = *r.Seed; seed == 0 {
			return usage("got --seed 0, want another number; without --seed it is a new one each time, which is shown")
		}
	}
	wait := time.Duration(0)
	if r.Await != "" {
		if wait, err = units.Period.Parse(r.Await); err != nil {
			return usage("--await: %v", err)
		}
	}
	use, err := roleUses(r.Use)
	if err != nil {
		return err
	}
	shard, err := jobShard(r.Shard, os.LookupEnv)
	if err != nil {
		return err
	}
	p := runner.Params{
		Paths: r.Paths, Cluster: r.Cluster, Registry: r.Registry, Profile: r.Profile, Database: r.Database, Tags: r.Tags,
		Name: r.Name, Use: use, Advertise: r.Advertise, Listen: r.Listen,
		Parallel: parallel, Shard: shard, Await: wait,
		Seed: seed, Repeat: repeat, Rerun: r.Rerun, Report: r.Report, Format: r.Format, Verbose: r.Verbose,
		Finished: c.onGitHub(), Output: c.stdout, Progress: c.stderr, References: reference.Applications(),
		Elsewhere: newOwnCode(),
	}
	if r.Watch {
		return watch(c, p)
	}
	results, err := runner.Execute(c.ctx, p)
	return errors.Join(err, notPassed(results))
}

// roleUses reads ROLE=APP.
func roleUses(flags []string) (map[string]string, error) {
	use := map[string]string{}
	for _, text := range flags {
		role, application, both := strings.Cut(text, "=")
		if !both || role == "" || application == "" {
			return nil, usage("got --use %q, want ROLE=APP, such as dlq-consumer=shipping", text)
		}
		if other := use[role]; other != "" {
			return nil, usage("got --use %s twice, as %s and as %s; remove one", role, other, application)
		}
		use[role] = application
	}
	return use, nil
}

// mostRepeats keeps a slip of the finger from running for ever.
const mostRepeats = 1_000_000

// positive is the value of a flag that counts something; 0 where it was not given.
func positive(flag string, value *int, most int) (int, error) {
	switch {
	case value == nil:
		return 0, nil
	case *value < 1:
		return 0, usage("got %s %d, want at least 1", flag, *value)
	case *value > most:
		return 0, usage("got %s %d, want at most %d", flag, *value, most)
	}
	return *value, nil
}
