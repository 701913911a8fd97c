package report

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Live is told what happens while a run goes on. Its methods may be called from several scenarios at once; id is
// Scenario.ID of the one that is meant.
type Live interface {
	// Started comes first, with what is known of the run and the number of scenarios that will run.
	// After it Finished must come, or a goroutine is left.
	Started(r Results, total int)
	ScenarioStarted(s Scenario)
	StepStarted(id string, step Step)
	// Waiting says what the running step of a scenario waits for: `"orders" to contain 3 records`.
	// It may come as often as the step looks; the empty text ends the wait.
	Waiting(id, what string)
	StepFinished(id string, step Step)
	ScenarioFinished(s Scenario)
	// Finished comes last, once nothing runs any more, also after an interrupt.
	Finished(r Results)
}

// Formats are the names NewLive knows.
var Formats = []string{"pretty", "progress", "json"}

// LiveOptions say where and how a Live writes. The zero value discards everything.
type LiveOptions struct {
	Output   io.Writer
	Terminal bool     // Output is a terminal: one status line is kept up to date at its end
	Colour   bool     // colours may be used
	Width    int      // columns of the terminal; 0 means 80
	Redact   []string // texts never to be written
}

// OptionsFor finds out what the output can do. Colours need a terminal and no NO_COLOR (https://no-color.org).
func OptionsFor(output io.Writer) LiveOptions {
	o := LiveOptions{Output: output}
	if file, ok := output.(*os.File); ok && os.Getenv("TERM") != "dumb" {
		o.Width, o.Terminal = terminalWidth(file)
		o.Colour = o.Terminal && os.Getenv("NO_COLOR") == ""
	}
	return o
}

// NewLive makes the live console of one of Formats; the empty format is "pretty".
func NewLive(format string, o LiveOptions) (Live, error) {
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.Width <= 0 {
		o.Width = 80
	}
	switch format {
	case "", "pretty":
		return newPretty(o), nil
	case "progress":
		return &progress{options: o, redactor: NewRedactor(o.Redact)}, nil
	case "json":
		return newLines(o), nil
	}
	return nil, fmt.Errorf("got format %q, want one of %s", format, strings.Join(Formats, ", "))
}
