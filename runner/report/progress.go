package report

import (
	"io"
	"sync"
)

// progress writes one character for each scenario, and at the end what did not pass, in full.
type progress struct {
	options  LiveOptions
	redactor *Redactor

	mu     sync.Mutex
	column int
}

var marks = map[Status]string{Passed: ".", Failed: "F", Inconclusive: "?", NotApplicable: "-", Interrupted: "I"}

// progressColumns keeps the lines of marks short enough for any console.
const progressColumns = 70

func (p *progress) Started(Results, int)      {}
func (p *progress) ScenarioStarted(Scenario)  {}
func (p *progress) StepStarted(string, Step)  {}
func (p *progress) Waiting(string, string)    {}
func (p *progress) StepFinished(string, Step) {}

func (p *progress) ScenarioFinished(s Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := paint(marks[s.Status], labels[s.Status].colour, p.options.Colour)
	p.column++
	if p.column%progressColumns == 0 {
		mark += "\n"
	}
	_, _ = io.WriteString(p.options.Output, mark)
}

func (p *progress) Finished(r Results) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.column%progressColumns != 0 {
		_, _ = io.WriteString(p.options.Output, "\n")
	}
	_ = Console(ConsoleOptions{Colour: p.options.Colour})(p.options.Output, p.redactor.Results(r))
}
