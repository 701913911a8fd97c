package steps

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// Surroundings is what a scenario's names are checked against before it runs.
type Surroundings struct {
	Fixtures fs.FS
	Lookup   func(name string) (app.Func, bool)
	Profiled func(name string) (app.Definition, error)

	References []string // names that Lookup knows, to suggest one
}

// Plan is what the steps of a scenario say before any of them runs.
type Plan struct {
	// applications the scenario starts by a step of its own; the others start when the first When or Then is reached
	Started   map[string]bool
	Processes map[string]bool // applications that must be processes, as a step kills or pauses them
	Sampled   map[string]bool // topics whose growth is measured while they are written
	Expected  map[string]bool // topics a Then speaks of
	Ended     map[string]bool // applications whose end the scenario speaks of
	Wired     bool            // a step looks at or disturbs what applications say to the cluster
	Attempts  bool            // a step looks at the batches that applications write
	Registry  bool            // a step asks the schema registry or disturbs it
	Clients   bool            // a step looks at what client software applications use
	Members   bool            // a step looks at members of consumer groups: what they own, commit and read
	// a step speaks of the database: the scenario has one of its own, and its applications are given it
	Database bool
	Brokers  int  // the cluster must have at least so many; 0: any
	Controls bool // a step stops, kills or pauses a broker
}

// trait is what a step's presence asks of the scenario as a whole.
type trait string

// The traits a step can be registered with.
const (
	startsApp    trait = "starts"  // the scenario starts the application itself
	needsProcess trait = "process" // the application must be a process
	samplesTopic trait = "samples" // the topic's growth is measured
	endsApp      trait = "ends"    // the scenario speaks of the application's end
	needsWire    trait = "wire"    // applications reach the cluster through the wire

	needsAttempts trait = "attempts" // and the batches they write become facts
	needsRegistry trait = "registry" // applications reach the schema registry through the scenario's gate
	needsClients  trait = "clients"  // and what client software they use becomes facts
	needsMembers  trait = "members"  // and what members of groups say and are told becomes facts
	needsBrokers  trait = "brokers"  // the cluster has at least as many brokers as the step says
	endsBrokers   trait = "ends brokers"
	needsDatabase trait = "database" // the scenario has a database
	runsAlone     trait = "alone"    // what the step does is felt by every scenario on the cluster
	disturbs      trait = "disturbs" // the step disturbs an application, or brokers and with them all applications
	launches      trait = "launches" // the step starts an application, again maybe
	onlyRuns      trait = "runs"     // the step says that an application runs, which does not say that it works
	// the application is a member of the group, and ready once that has given it partitions
	joinsGroup   trait = "joins"
	readyAtOnce  trait = "at once" // the application counts as ready as soon as it is launched
	sendsRecords trait = "sends"   // the step puts records into the topic
)

// with adds traits to a definition.
func with(traits ...trait) Option {
	return func(d *Definition) { d.traits = append(d.traits, traits...) }
}

// NewPlan reads the needs of a scenario off its matched steps.
func NewPlan(matches []Match) Plan {
	p := Plan{Started: map[string]bool{}, Processes: map[string]bool{}, Sampled: map[string]bool{},
		Expected: map[string]bool{}, Ended: map[string]bool{}}
	for _, m := range matches {
		for _, t := range m.Definition.traits {
			switch t {
			case startsApp:
				mark(p.Started, m.Names("app"))
			case needsProcess:
				mark(p.Processes, m.Names("app"))
			case endsApp:
				mark(p.Ended, m.Names("app"))
			case needsWire:
				p.Wired = true
			case needsAttempts:
				p.Wired, p.Attempts = true, true
			case needsRegistry:
				p.Registry = true
			case needsClients:
				p.Wired, p.Clients = true, true
			case needsMembers:
				p.Wired, p.Members = true, true
			case needsDatabase:
				p.Database = true
			case endsBrokers:
				p.Controls = true
			case needsBrokers:
				if n, err := units.Int.Parse(m.Names("int")[0]); err == nil { // else the step was refused
					p.Brokers = max(p.Brokers, int(n))
				}
			case samplesTopic:
				mark(p.Sampled, m.Names("topic"))
			}
		}
		if m.Definition.Keyword == Then {
			mark(p.Expected, m.Names("topic"))
		}
	}
	return p
}

func mark(set map[string]bool, names []string) {
	for _, n := range names {
		set[n] = true
	}
}

func referenceIsKnown(s Surroundings, m Match) error {
	name := m.Names("string")[0]
	if _, ok := s.Lookup(name); !ok {
		if near := nearest.Word(name, s.References); near != "" {
			return fmt.Errorf("unknown reference application %q; did you mean %q? `kafkaspec app` lists them", name, near)
		}
		return fmt.Errorf("unknown reference application %q; `kafkaspec app` lists them", name)
	}
	return nil
}

func generatorIsKnown(s Surroundings, m Match) error {
	_, err := findGenerator(s.Fixtures, m.Names("string")[0])
	return err
}

func profileHasApplication(s Surroundings, m Match) error {
	if s.Profiled == nil { // no profile is at hand where features are only checked
		return nil
	}
	_, err := s.Profiled(m.Names("app")[0])
	return err
}

func programExists(_ Surroundings, m Match) error {
	words, err := splitCommand(m.Names("string")[0])
	if err != nil {
		return err
	}
	_, err = exec.LookPath(words[0])
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("the application's command cannot be run: got %q, which is in no folder of PATH; install it, or "+
			"give its path", words[0])
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the application's command cannot be run: got %q, and there is no such file; paths start where "+
			"kafkaspec runs", words[0])
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the application's command cannot be run: got %q, which is not executable; chmod +x it, or name "+
			"its interpreter before it", words[0])
	}
	return fmt.Errorf("the application's command cannot be run: %w; install it, or give its path", err)
}

// mostBrokers is what the embedded cluster starts for one scenario.
const mostBrokers = 9

func brokersAreInBounds(_ Surroundings, m Match) error {
	number := m.Names("int")[0]
	if n, err := units.Int.Parse(number); err == nil && (n < 1 || n > mostBrokers) {
		return fmt.Errorf("got a cluster of %s brokers, want 1 to %d", number, mostBrokers)
	}
	return nil
}

func partitionsAreInBounds(_ Surroundings, m Match) error {
	numbers := m.Names("int")
	partitions, err := units.Int.Parse(numbers[0])
	if err == nil && (partitions < 1 || partitions > 10_000) {
		return fmt.Errorf("got %s partitions, want 1 to 10_000", numbers[0])
	}
	if len(numbers) > 1 {
		if replication, err := units.Int.Parse(numbers[1]); err == nil && (replication < 1 || replication > 1_000) {
			return fmt.Errorf("got replication %s, want at least 1", numbers[1])
		}
	}
	return err
}
