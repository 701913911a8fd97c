package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/internal/words"
)

// pretty writes a line for each feature that passed, or for each scenario where it is asked to be verbose, and
// everything about a scenario that did not pass, as they end. On a terminal one
// more line, the status, always comes last: which scenarios run and what they wait for. Elsewhere a line appears only
// once a scenario has been at one step for longer than patience, and again each time that doubles.
type pretty struct {
	options LiveOptions
	lock    *sync.Mutex // of what follows, held by who calls

	running  []*runningScenario // in the order they started
	features map[string]*folded // by file
	total    int
	ended    int
	status   string // the status line that is on the screen

	stop    chan struct{} // closed to end ticking
	ticking sync.WaitGroup
}

type runningScenario struct {
	scenario Scenario
	step     Step
	since    time.Time // when the step began, or the wait within it
	waiting  string
	done     *progress.Done
	told     time.Duration // the time at one step that was last written, away from a terminal
}

const (
	patience = 5 * time.Second
	refresh  = 250 * time.Millisecond
)

func (p *pretty) started(r Results, planned map[string]int) {
	p.features = map[string]*folded{}
	for file, n := range planned {
		p.total += n
		p.features[file] = &folded{left: n}
	}
	p.options.Verbose = p.options.Verbose || p.total == 1
	p.write(fmt.Sprintf("%s on %s, seed %d\n", words.Counted(p.total, "scenario"), clean(r.Cluster), r.Seed))
	p.ticking.Go(p.tick)
}

// tick keeps the seconds in the status going while nothing else happens: it samples, nobody waits for it.
func (p *pretty) tick() {
	ticker := time.NewTicker(refresh)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			p.lock.Lock()
			p.tell()
			p.draw()
			p.lock.Unlock()
		}
	}
}

// end ends the ticking. It is called without the lock.
func (p *pretty) end() {
	close(p.stop)
	p.ticking.Wait()
}

func (p *pretty) scenarioStarted(s Scenario) {
	p.running = append(p.running, &runningScenario{scenario: s, since: time.Now()})
	p.draw()
}

// step and waiting do not draw: steps come by the thousand, the ticker is soon enough.
func (p *pretty) step(id, event string, step Step) {
	if event == "step-finished" {
		step = Step{}
	}
	for _, r := range p.running {
		if r.scenario.ID() == id {
			r.step, r.since, r.waiting, r.done, r.told = step, time.Now(), "", nil, 0
		}
	}
}

func (p *pretty) waiting(id, what string) {
	for _, r := range p.running {
		if r.scenario.ID() != id {
			continue
		}
		if r.waiting == "" && what != "" {
			r.since = time.Now() // what is waited for may be worded anew with each look; that is still the same wait
		}
		r.waiting = what
	}
}

func (p *pretty) done(id string, d progress.Done) {
	for _, r := range p.running {
		if r.scenario.ID() == id {
			r.done, r.waiting = &d, ""
		}
	}
}

func (p *pretty) scenarioFinished(s Scenario) {
	p.ended++
	p.running = slices.DeleteFunc(p.running, func(r *runningScenario) bool { return r.scenario.ID() == s.ID() })
	text := ""
	if p.options.Verbose || s.Status != Passed && s.Status != NotApplicable {
		text = scenarioText(s, p.options.Colour)
	}
	if !p.options.Verbose {
		text += p.fold(s)
	}
	if text != "" {
		p.write(text)
	}
	p.draw()
}

func (p *pretty) finished(r Results) {
	p.running = nil
	p.write(p.unfinished())
	// A console that cannot be written to must not end a run; the report files say the same.
	_ = Console(ConsoleOptions{Colour: p.options.Colour, Short: true})(p.options.Output, r)
}

// write puts text where the status line stood.
func (p *pretty) write(text string) {
	if p.status != "" {
		text = "\r\x1b[2K" + text
		p.status = ""
	}
	_, _ = io.WriteString(p.options.Output, text)
}

// draw renews the status line, on a terminal.
func (p *pretty) draw() {
	if !p.options.Terminal || len(p.running) == 0 {
		return
	}
	parts := []string{fmt.Sprintf("%d/%d", p.ended, p.total)}
	// The one that is at its step for longest is the one a reader wonders about.
	oldest := slices.MinFunc(p.running, func(a, b *runningScenario) int { return a.since.Compare(b.since) })
	parts = append(parts, clean(oldest.scenario.Title()))
	if doing := oldest.doing(); doing != "" {
		parts = append(parts, doing)
	}
	line := strings.Join(parts, "  ")
	more := ""
	if n := len(p.running) - 1; n > 0 {
		more = fmt.Sprintf("  and %d more", n)
	}
	line = shorten(line, p.options.Width-1-len(more)) + more
	if line == p.status {
		return
	}
	p.write("") // clears the old one
	_, _ = io.WriteString(p.options.Output, paint(line, "2", p.options.Colour))
	p.status = line
}

// tell writes a line for each scenario that has tried a reader's patience, where there is no status line to say it.
func (p *pretty) tell() {
	if p.options.Terminal {
		return
	}
	for _, r := range p.running {
		if elapsed := time.Since(r.since); elapsed >= max(patience, 2*r.told) {
			r.told = elapsed
			if doing := r.doing(); doing != "" {
				p.write(fmt.Sprintf("...  %s: %s\n", clean(r.scenario.Title()), doing))
			}
		}
	}
}

// limit is what package await adds to what it waits for: how much is gone of the time it may take.
var limit = regexp.MustCompile(`:? \(\S+ of (\S+)\)`)

// doing says what the running step does: `waiting 3s of 10s: "orders" contains 3 records`.
func (r *runningScenario) doing() string {
	seconds := int(time.Since(r.since).Seconds())
	switch {
	case r.waiting != "":
		what, of := firstLine(r.waiting), ""
		if match := limit.FindStringSubmatch(what); match != nil {
			what, of = strings.Replace(what, match[0], "", 1), " of "+match[1]
		}
		return fmt.Sprintf("waiting %ds%s: %s", seconds, of, strings.TrimSuffix(what, ":"))
	case r.done != nil:
		return firstLine(r.done.Line(time.Since(r.since)))
	case r.step.Text == "":
		return ""
	case seconds == 0:
		return firstLine(r.step.Keyword + " " + r.step.Text)
	}
	return fmt.Sprintf("%ds at: %s", seconds, firstLine(r.step.Keyword+" "+r.step.Text))
}
