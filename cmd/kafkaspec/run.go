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
	Paths     []string `arg:"" optional:"" help:"Feature files, with :LINE for one scenario, or folders."`
	Cluster   string   `placeholder:"NAME" help:"embedded, embedded:N, local, local:3 or a cluster of the profile. Default: the profile's, else embedded."`
	Registry  string   `placeholder:"NAME" help:"Schema registry: embedded, local or an address. Default: the profile's, else embedded."`
	Profile   string   `placeholder:"FILE" help:"YAML file with clusters, applications and defaults. Default: kafkaspec.yaml where there is one."`
	Database  string   `placeholder:"DB" help:"sqlite, postgres (kafkaspec starts a server) or postgres://user:password@host/database. Default: the profile's, else sqlite."`
	Use       []string `placeholder:"ROLE=APP" help:"Run the application APP of the profile in place of the reference application ROLE: --use dlq-consumer=shipping. Of the built-in features only those about these roles are run. docs/roles.md lists what is expected of each."`
	Advertise string   `placeholder:"HOST" help:"The host by which applications of the profile find this machine where they run elsewhere, as in a container: host.docker.internal. kafkaspec then listens beyond the loopback address. Default: the profile's, else none."`
	Listen    string   `placeholder:"ADDRESS" help:"The address of this machine at which kafkaspec listens for them. Default: the profile's, else the one of --advertise where this machine has it, else all."`
	Tags      string   `placeholder:"EXPR" help:"Only scenarios with these tags, such as \"@slow and not @local\"."`
	Name      string   `placeholder:"RE" help:"Only scenarios whose name matches the regular expression."`
	Parallel  *int     `placeholder:"N" help:"Scenarios at once. Default: the profile's, else six for each core, on local three."`
	Shard     string   `placeholder:"I/N" help:"Only the Ith of N parts, to share a run among machines; job takes them from JOB_COMPLETION_INDEX and JOB_COMPLETIONS."`
	Seed      *int64   `placeholder:"S" help:"Seed of everything random. Default: a new one, which is shown."`
	Repeat    *int     `placeholder:"N" help:"Run each scenario N times."`
	Rerun     string   `placeholder:"DIR" help:"Only what did not pass, or was not started, in the run that wrote DIR with --report; with its seed where --seed gives no other."`
	Report    string   `placeholder:"DIR" help:"Write report.html, junit.xml, ctrf.json, cucumber.ndjson, results.json and the journals into this folder."`
	Await     string   `placeholder:"TIME" help:"How long an expectation without a time of its own may take. Default: the profile's, else 10s."`
	Verbose   bool     `short:"v" help:"Show each scenario that passed, and what it measured, in place of a line for its feature."`
	Watch     bool     `help:"Run again what a saved file touches: a feature, or everything where it is another file beside them or the profile."`
	Format    string   `placeholder:"FORMAT" help:"What is shown: pretty, progress or json (an object a line). Default: pretty."`
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
