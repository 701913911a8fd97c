package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// ConsoleOptions say how Console writes.
type ConsoleOptions struct {
	Colour bool
	Short  bool // the failures were shown already: name them without their details
}

// Console writes the closing summary for people: what did not pass, in full unless Short, and the counts.
func Console(o ConsoleOptions) Writer {
	return func(w io.Writer, r Results) error {
		var b strings.Builder
		if !o.Short {
			for _, s := range r.Scenarios {
				if s.Status != Passed && s.Status != NotApplicable {
					b.WriteString(scenarioText(s, o.Colour))
				}
			}
		}
		writeReasons(&b, o.Colour, "not applicable", r, NotApplicable)
		if o.Short {
			writeList(&b, o.Colour, "failed", r, Failed)
			writeList(&b, o.Colour, "inconclusive", r, Inconclusive)
			writeList(&b, o.Colour, "refused", r, Refused)
		}
		b.WriteString(summary(r, o.Colour))
		_, err := io.WriteString(w, b.String())
		return err
	}
}

// labels are the words that open a scenario's line. Those of equal length line up.
var labels = map[Status]struct{ text, colour string }{
	Passed:        {"ok  ", "32"},
	Failed:        {"FAIL", "31;1"},
	Inconclusive:  {"INCONCLUSIVE", "33;1"},
	NotApplicable: {"n/a ", "36"},
	Interrupted:   {"INTERRUPTED", "33"},
	Refused:       {"REFUSED", "31;1"},
	Skipped:       {"-   ", "2"},
}

func label(status Status, colour bool) string {
	return paint(labels[status].text, labels[status].colour, colour)
}

func paint(text, code string, colour bool) string {
	if !colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// scenarioText is one line for a scenario that passed or does not apply, and everything there is to say about any
// other.
func scenarioText(s Scenario, colour bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s  %s\n", label(s.Status, colour), took(s.Duration), heading(s))
	for _, note := range s.notes() {
		b.WriteString(indent("     ", note))
	}
	switch {
	case s.Status == Passed:
	case s.Status == NotApplicable && s.Failure != nil:
		b.WriteString(indent("     ", s.Failure.Message))
	default:
		b.WriteString(indent("     ", FailureText(s)))
		b.WriteString("\n")
	}
	return b.String()
}

// heading names a scenario with its feature.
func heading(s Scenario) string {
	names := []string{s.Feature, s.Rule, s.Title()}
	if s.Rule == "" {
		names = []string{s.Feature, s.Title()}
	}
	return clean(strings.Join(names, ": "))
}

// FailureText is all a reader needs to go on after a scenario that did not pass: the step and where it stands, what was
// expected and what was there, what the applications wrote last, the cluster, the seed, and the command to run it
// again.
func FailureText(s Scenario) string {
	f := s.Failure
	if f == nil {
		return fmt.Sprintf("%s:%d\n%s\n", s.File, s.Line, s.Status)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d\n", Harmless(f.File), f.Line)
	if f.Step != "" {
		b.WriteString(indent("", f.Step))
	}
	b.WriteString(indent("  ", f.Message))
	writeHints(&b, f)
	for _, lines := range f.AppLines {
		writeAppLines(&b, "", lines)
	}
	if f.Timeline != "" {
		b.WriteString("what happened:\n" + indent("  ", f.Timeline))
	}
	if f.Cluster != "" {
		b.WriteString("cluster: " + clean(f.Cluster) + "\n")
	}
	fmt.Fprintf(&b, "seed:    %d\n", f.Seed)
	if f.Rerun != "" {
		b.WriteString("again:   " + clean(f.Rerun) + "\n")
	}
	return b.String()
}

// writeHints leaves out what the message says already.
func writeHints(b *strings.Builder, f *Failure) {
	title := "look at first:\n"
	for _, h := range f.Hints {
		if strings.Contains(f.Message, h.Text) {
			continue
		}
		b.WriteString(title)
		title = ""
		at := ""
		if h.Fact > 0 {
			at = fmt.Sprintf("%.3fs  ", h.At.Seconds())
		}
		b.WriteString(indent("  ", at+h.Text))
	}
}

func writeAppLines(b *strings.Builder, prefix string, a AppLines) {
	name := clean(a.App)
	if a.State != "" {
		name += " (" + shorten(firstLine(a.State), 60) + ")" // a failed one's holds its error, which is in the lines as well
	}
	if len(a.Lines) == 0 {
		b.WriteString(prefix + name + " wrote nothing\n")
		return
	}
	b.WriteString(prefix + name + " wrote last:\n")
	for _, line := range a.Lines {
		b.WriteString(indent(prefix+"  ", line))
	}
}

// writeList names the scenarios of one status, each with its place and the first line of the reason.
func writeList(b *strings.Builder, colour bool, title string, r Results, status Status) {
	if r.Count(status) == 0 {
		return
	}
	b.WriteString(paint(title+":", labels[status].colour, colour) + "\n")
	for _, s := range r.Scenarios {
		if s.Status != status {
			continue
		}
		fmt.Fprintf(b, "  %s:%d  %s\n", clean(s.File), s.Line, clean(s.Title()))
		if s.Failure != nil {
			b.WriteString(indent("    ", firstLine(s.Failure.Message)))
		}
	}
}

// writeReasons names the scenarios of one status by their places, those with the same reason together under it.
func writeReasons(b *strings.Builder, colour bool, title string, r Results, status Status) {
	var reasons []string // in the order they come first
	scenarios := map[string][]Scenario{}
	for _, s := range r.Scenarios {
		if s.Status != status {
			continue
		}
		reason := ""
		if s.Failure != nil {
			reason = strings.TrimPrefix(firstLine(s.Failure.Message), title+": ")
		}
		if scenarios[reason] == nil {
			reasons = append(reasons, reason)
		}
		scenarios[reason] = append(scenarios[reason], s)
	}
	for _, reason := range reasons {
		b.WriteString(paint(title+":", labels[status].colour, colour) + " " + reason + "\n")
		for _, s := range scenarios[reason] {
			fmt.Fprintf(b, "  %s:%d  %s\n", clean(s.File), s.Line, clean(s.Title()))
		}
	}
}

// mostNamed are the scenarios that are named where there may be thousands.
const mostNamed = 20

// inWords is a status as people write it.
func inWords(status Status) string { return strings.ReplaceAll(string(status), "-", " ") }

// String says how many more runs ended how: "999900 more passed, 2 more failed".
func (m More) String() string {
	var parts []string
	for _, status := range statuses {
		if n := m.Counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d more %s", n, inWords(status)))
		}
	}
	return strings.Join(parts, ", ")
}

// summary is the end: what was left out, and in the last line how many of each, how long, on what, with which seed.
func summary(r Results, colour bool) string {
	steps := 0
	for _, s := range r.Scenarios {
		steps += len(s.Steps)
	}
	for _, m := range r.More {
		steps += m.Steps
	}
	var parts []string
	for _, status := range statuses {
		if n := r.Count(status); n > 0 {
			parts = append(parts, paint(fmt.Sprintf("%d %s", n, inWords(status)), labels[status].colour, colour))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing ran"}
	}
	var left strings.Builder
	for _, m := range r.More {
		fmt.Fprintf(&left, "%s:%d  %s: and %s\n", clean(m.File), m.Line, clean(m.Name), m)
	}
	if len(r.LeftOut) > 0 {
		left.WriteString("left out, as they are huge; --tags @huge runs them:\n" +
			indent("  ", strings.Join(r.LeftOut, "\n")))
	}
	if n := len(r.NotStarted); n > 0 {
		fmt.Fprintf(&left, "not started, as %s:\n", clean(r.NotStartedWhy))
		for _, s := range r.NotStarted[:min(n, mostNamed)] {
			left.WriteString(indent("  ", s.String()))
		}
		if n > mostNamed {
			fmt.Fprintf(&left, "  and %d more, see %s\n", n-mostNamed, ResultsFile)
		}
	}
	return left.String() + fmt.Sprintf("%s: %s; %s in %s on %s, seed %d\n", words.Counted(r.Total(), "scenario"),
		strings.Join(parts, ", "),
		words.Counted(steps, "step"), took(r.Duration), clean(r.Cluster), r.Seed)
}
