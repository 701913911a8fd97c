package steps

// Plan is what the steps of a scenario say before any of them runs.
type Plan struct {
	Started   map[string]bool // applications the scenario starts by a step of its own; the others start when the first When or Then is reached
	Processes map[string]bool // applications that must be processes, as a step kills or pauses them
	Sampled   map[string]bool // topics whose growth is measured while they are written
	Expected  map[string]bool // topics a Then speaks of
	Ended     map[string]bool // applications whose end the scenario speaks of
}

// Trait is what a step's presence asks of the scenario as a whole.
type Trait string

// The traits a step can be registered with.
const (
	startsApp    Trait = "starts"  // the scenario starts the application itself
	needsProcess Trait = "process" // the application must be a process
	samplesTopic Trait = "samples" // the topic's growth is measured
	endsApp      Trait = "ends"    // the scenario speaks of the application's end
)

// with adds traits to a definition.
func with(traits ...Trait) Option {
	return func(d *Definition) { d.traits = append(d.traits, traits...) }
}

// NewPlan reads the needs of a scenario off its matched steps.
func NewPlan(matches []Match) Plan {
	p := Plan{Started: map[string]bool{}, Processes: map[string]bool{}, Sampled: map[string]bool{}, Expected: map[string]bool{}, Ended: map[string]bool{}}
	for _, m := range matches {
		for _, t := range m.Definition.traits {
			switch t {
			case startsApp:
				mark(p.Started, m.Names("app"))
			case needsProcess:
				mark(p.Processes, m.Names("app"))
			case endsApp:
				mark(p.Ended, m.Names("app"))
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
