package world

import (
	"io/fs"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// Surroundings is what a scenario's names are checked against before it runs.
type Surroundings struct {
	Fixtures fs.FS
	Profiled func(name string) error // an error: the profile has no application of this name; nil: none is at hand
	Making   bool                    // a step before may make files and programs that are not there yet

	References map[string]app.Func // reference and registered applications
	Unknown    string              // what to do about an application that is none of them
	Own        map[string]app.Func // those of them whose settings can be checked without running them
	// Elsewhere looks for an application in code that is not compiled in. The error refuses it. nil: there is no code.
	Elsewhere func(name string) (found bool, err error)
}

// Needs is what the steps of a scenario ask of it, known before any of them runs.
type Needs struct {
	// applications the scenario starts by a step of its own; the others start when the first When or Then is reached
	Started   map[string]bool
	Profiled  map[string]bool // applications that the profile describes
	Adopted   map[string]bool // topics that are on the cluster already
	Processes map[string]bool // applications that must be processes, as a step kills or pauses them
	Sampled   map[string]bool // topics whose growth is measured while they are written
	Expected  map[string]bool // topics a Then speaks of
	Letters   bool            // a Then speaks of dead letters, in whichever topic
	Ended     map[string]bool // applications of which the scenario says that they end by themselves
	Said      map[string]bool // texts that log lines are searched for
	Wired     bool            // a step looks at or disturbs what applications say to the cluster
	Speed     bool            // a step measures speed: without Wired, applications reach the cluster directly
	Attempts  bool            // a step looks at the batches that applications write: all of them become facts
	Registry  bool            // a step asks the schema registry or disturbs it
	Members   bool            // a step looks at members of consumer groups: all commits become facts
	Reads     bool            // a step looks at how applications read: fetches that go on become facts
	Contents  bool            // a step compares records that were written, read and kept: facts tell their contents
	// a step speaks of the database: the scenario has one of its own, and its applications are given it
	Database bool
	Outcome  bool // a step speaks of how a command has ended
	Brokers  int  // the cluster must have at least so many; 0: any
	Controls bool // a step stops, kills or pauses a broker
	// the names of all its topics and groups, where an application cannot be told others; else nil
	Fixed *cluster.Fixed
}

// Need is one thing that a step asks of its scenario. Names returns the values that the step gives for a parameter
// type, such as "app".
type Need func(n *Needs, names func(param string) []string)

// NeedsWire has applications reach the cluster through the wire although a step measures speed, so that what they say
// to it is seen and disturbed. Where no step measures speed they do anyway.
func NeedsWire(n *Needs, _ func(string) []string) { n.Wired = true }

// NeedsAttempts has every batch that applications write become a fact, and not only the first ones.
func NeedsAttempts(n *Needs, _ func(string) []string) { n.Wired, n.Attempts = true, true }

// NeedsMembers has all that members of consumer groups say and are told become facts, each of their commits too.
func NeedsMembers(n *Needs, _ func(string) []string) { n.Wired, n.Members = true, true }

// NeedsReads has every fetch that got records or went on become a fact, beside what NeedsMembers tells.
func NeedsReads(n *Needs, _ func(string) []string) { n.Wired, n.Members, n.Reads = true, true, true }

// NeedsContents has every batch that is written or read become a fact that tells what is in its records.
func NeedsContents(n *Needs, _ func(string) []string) {
	n.Wired, n.Attempts, n.Members, n.Reads, n.Contents = true, true, true, true, true
}

// NeedsRegistry has applications reach the schema registry through the scenario's gate.
func NeedsRegistry(n *Needs, _ func(string) []string) { n.Registry = true }

// NeedsDatabase gives the scenario a database of its own.
func NeedsDatabase(n *Needs, _ func(string) []string) { n.Database = true }

// JudgesCommand says that the step speaks of how a command has ended, which is then judged by the step alone.
func JudgesCommand(n *Needs, _ func(string) []string) { n.Outcome = true }

// NeedsProcess has the application that the step names run as a process of its own.
func NeedsProcess(n *Needs, names func(string) []string) { mark(&n.Processes, names("app")) }

// NeedsProfiled says that the profile describes the application that the step names.
func NeedsProfiled(n *Needs, names func(string) []string) { mark(&n.Profiled, names("app")) }

// AdoptsTopic says that the topic which the step names is on the cluster already, for others as well.
func AdoptsTopic(n *Needs, names func(string) []string) { mark(&n.Adopted, names("topic")) }

// StartsApp says that the scenario starts the application that the step names by itself.
func StartsApp(n *Needs, names func(string) []string) { mark(&n.Started, names("app")) }

// EndsApp says that the step speaks of the application it names ending by itself, and judges that.
func EndsApp(n *Needs, names func(string) []string) { mark(&n.Ended, names("app")) }

// Searches says that the step searches the log lines of applications for a text.
func Searches(text string) Need {
	return func(n *Needs, _ func(string) []string) { mark(&n.Said, []string{text}) }
}

// MeasuresSpeed has applications reach the cluster without the wire, which costs some of it.
func MeasuresSpeed(n *Needs, _ func(string) []string) { n.Speed = true }

// SamplesTopic has the growth of the topic that the step names measured while it is written.
func SamplesTopic(n *Needs, names func(string) []string) {
	n.Speed = true
	mark(&n.Sampled, names("topic"))
}

// ControlsBrokers asks for a cluster whose brokers can be stopped, killed and paused.
func ControlsBrokers(n *Needs, _ func(string) []string) { n.Controls = true }

// Expects says that the step speaks of what is in the topics that it names.
func Expects(n *Needs, names func(string) []string) { mark(&n.Expected, names("topic")) }

// ExpectsLetters says that the step speaks of dead letters, in whichever topic they are.
func ExpectsLetters(n *Needs, _ func(string) []string) { n.Letters = true }

func mark(set *map[string]bool, names []string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	for _, n := range names {
		(*set)[n] = true
	}
}
