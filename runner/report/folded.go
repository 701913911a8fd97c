package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// folded is what one line says of a feature whose scenarios are not shown one by one.
type folded struct {
	last     Scenario
	counts   map[Status]int
	duration time.Duration // of its scenarios together
	left     int           // scenarios that have not ended
}

// fold takes note of a scenario, and returns the line of its feature where it was the last one.
func (p *pretty) fold(s Scenario) string {
	f := p.features[s.File]
	if f == nil {
		f = &folded{}
		p.features[s.File] = f
	}
	if f.counts == nil {
		f.counts = map[Status]int{}
	}
	f.counts[s.Status]++
	f.last, f.duration, f.left = s, f.duration+s.Duration, f.left-1
	if f.left > 0 {
		return ""
	}
	return p.line(f)
}

// unfinished are the lines of features that did not come to their end.
func (p *pretty) unfinished() string {
	var b strings.Builder
	for _, file := range slices.Sorted(maps.Keys(p.features)) {
		if f := p.features[file]; f.left > 0 && len(f.counts) > 0 {
			b.WriteString(p.line(f))
		}
	}
	return b.String()
}

// line says what became of a feature; nothing where all of it has been shown.
func (p *pretty) line(f *folded) string {
	var parts []string
	ended := 0
	for _, status := range statuses {
		if n := f.counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, inWords(status)))
			ended += n
		}
	}
	passed, folded := f.counts[Passed], f.counts[Passed]+f.counts[NotApplicable]
	if folded == 0 {
		return ""
	}
	if f.left > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", f.left))
	}
	sign, what := "    ", clean(f.last.Feature)+": "
	switch whole := f.left <= 0 && folded == ended; {
	case whole && passed > 0:
		sign = label(Passed, p.options.Colour)
	case whole:
		sign = label(NotApplicable, p.options.Colour)
	}
	switch {
	case len(parts) > 1 || passed == 0:
		what += strings.Join(parts, ", ")
	case passed == 1:
		what = heading(f.last)
	default:
		what += words.Counted(passed, "scenario")
	}
	return fmt.Sprintf("%s %s  %s\n", sign, took(f.duration), what)
}
