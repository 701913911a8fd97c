package report

import (
	"io"

	"github.com/kafkaspec/kafkaspec/internal/progress"
)

// marksOnly writes one character for each scenario, and at the end what did not pass, in full.
type marksOnly struct {
	options LiveOptions
	column  int
}

var marks = map[Status]string{Passed: ".", Failed: "F", Inconclusive: "?", NotApplicable: "-", Interrupted: "I",
	Refused: "R"}

// progressColumns keeps the lines of marks short enough for any console.
const progressColumns = 70

func (p *marksOnly) started(Results, map[string]int) {}
func (p *marksOnly) scenarioStarted(Scenario)        {}
func (p *marksOnly) step(string, string, Step)       {}
func (p *marksOnly) waiting(string, string)          {}
func (p *marksOnly) done(string, progress.Done)      {}

func (p *marksOnly) scenarioFinished(s Scenario) {
	mark := paint(marks[s.Status], labels[s.Status].colour, p.options.Colour)
	p.column++
	if p.column%progressColumns == 0 {
		mark += "\n"
	}
	_, _ = io.WriteString(p.options.Output, mark)
}

func (p *marksOnly) finished(r Results) {
	if p.column%progressColumns != 0 {
		_, _ = io.WriteString(p.options.Output, "\n")
	}
	_ = Console(ConsoleOptions{Colour: p.options.Colour})(p.options.Output, r)
}
