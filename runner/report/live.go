package report

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/kafkaspec/kafkaspec/internal/progress"
)

// Live is told what happens while a run goes on. Its methods may be called from several scenarios at once; id is
// Scenario.ID of the one that is meant. Nothing it writes has a secret in it.
type Live struct {
	redactor *Redactor

	mu     sync.Mutex
	format format
	output *output
}

// output keeps the first error of a writer. A console that cannot be written to must not end a run.
type output struct {
	next io.Writer
	err  error
}

// Write implements io.Writer.
func (o *output) Write(text []byte) (int, error) {
	n, err := o.next.Write(text)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// Err says why the output could not be written to, once Finished has returned.
func (l *Live) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.output.err
}

// format writes what happens, one thing at a time, as far as it shows it.
type format interface {
	started(r Results, planned map[string]int)
	scenarioStarted(s Scenario)
	step(id, event string, step Step)
	waiting(id, what string)
	done(id string, d progress.Done)
	scenarioFinished(s Scenario)
	finished(r Results)
}

// Started comes first, with what is known of the run and how many scenarios of each file will run.
// After it Finished must come, or a goroutine is left.
func (l *Live) Started(r Results, planned map[string]int) {
	l.tell(func() { l.format.started(redacted(l.redactor, r), redacted(l.redactor, planned)) })
}

// ScenarioStarted comes before anything else of a scenario.
func (l *Live) ScenarioStarted(s Scenario) {
	l.tell(func() { l.format.scenarioStarted(redacted(l.redactor, s)) })
}

// StepStarted says which step of a scenario runs.
func (l *Live) StepStarted(id string, step Step) {
	l.tell(func() { l.format.step(l.redactor.Text(id), "step-started", redacted(l.redactor, step)) })
}

// Waiting says what the running step of a scenario waits for: `"orders" to contain 3 records`. It may come as often as
// the step looks; the empty text ends the wait.
func (l *Live) Waiting(id, what string) {
	l.tell(func() { l.format.waiting(l.redactor.Text(id), l.redactor.Text(what)) })
}

// Done says how far the running step of a scenario has come. It may come often.
func (l *Live) Done(id string, d progress.Done) {
	d.What = l.redactor.Text(d.What)
	l.tell(func() { l.format.done(l.redactor.Text(id), d) })
}

// StepFinished says how the running step of a scenario ended.
func (l *Live) StepFinished(id string, step Step) {
	l.tell(func() { l.format.step(l.redactor.Text(id), "step-finished", redacted(l.redactor, step)) })
}

// ScenarioFinished comes last of a scenario.
func (l *Live) ScenarioFinished(s Scenario) {
	l.tell(func() { l.format.scenarioFinished(redacted(l.redactor, s)) })
}

// Finished comes last, once nothing runs any more, also after an interrupt.
func (l *Live) Finished(r Results) {
	if ticking, ok := l.format.(*pretty); ok {
		ticking.end() // it takes the lock
	}
	l.tell(func() { l.format.finished(redacted(l.redactor, r)) })
}

func (l *Live) tell(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	write()
}

// Formats are the names NewLive knows.
var Formats = []string{"pretty", "progress", "json"}

// LiveOptions say where and how a Live writes. The zero value discards everything.
type LiveOptions struct {
	Output   io.Writer
	Terminal bool      // Output is a terminal: one status line is kept up to date at its end
	Colour   bool      // colours may be used
	Verbose  bool      // a line for each scenario that passed, with its notes, in place of one for its feature
	Width    int       // columns of the terminal; 0 means 80
	Redactor *Redactor // of what must never be written; nil: of nothing
}

// OptionsFor finds out what the output can do. Colours need a terminal and no NO_COLOR (https://no-color.org).
func OptionsFor(output io.Writer) LiveOptions {
	o := LiveOptions{Output: output}
	if o.Width, o.Terminal = terminalOf(output); o.Terminal {
		o.Colour = os.Getenv("NO_COLOR") == ""
	}
	return o
}

// terminalOf is how many columns the terminal has to which a writer leads, and whether it leads to one that can write a
// line anew.
func terminalOf(w io.Writer) (columns int, terminal bool) {
	switch w := w.(type) {
	case progress.Terminal:
		return w.Terminal()
	case *os.File:
		if os.Getenv("TERM") != "dumb" {
			return terminalWidth(w)
		}
	}
	return 0, false
}

// NewLive makes the live console of one of Formats; the empty format is "pretty".
func NewLive(format string, o LiveOptions) (*Live, error) {
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.Width <= 0 {
		o.Width = 80
	}
	live := &Live{redactor: o.Redactor, output: &output{next: o.Output}}
	o.Output = live.output
	switch format {
	case "", "pretty":
		live.format = &pretty{options: o, lock: &live.mu, stop: make(chan struct{})}
	case "progress":
		live.format = &marksOnly{options: o}
	case "json":
		live.format = newLines(o)
	default:
		return nil, fmt.Errorf("got format %q, want one of %s", format, strings.Join(Formats, ", "))
	}
	return live, nil
}
