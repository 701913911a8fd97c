package record

import (
	"fmt"
	"strings"
)

// How much of a difference is shown; the rest is counted.
const (
	shownMissing    = 5
	shownUnexpected = 5
	shownFields     = 8
)

// Error says in the first line how many records were got and wanted, then shows what is missing with the closest record
// and the fields that differ, then what is unexpected.
func (d *Difference) Error() string {
	w := &writer{d: d, views: viewsOf(d.got)}
	if len(d.got) == 0 && d.Mode != Only {
		w.hint = "nothing is there; check that whoever should write it runs, and writes to this topic"
	}
	w.headline()
	switch d.Mode {
	case InOrder:
		w.order()
	case Contains, ContainsExactly:
		w.missing()
		w.unexpected()
	case Only:
		w.others()
	}
	if w.hint != "" {
		w.line(0, "hint: %s", w.hint)
	}
	return strings.TrimRight(w.b.String(), "\n")
}

// writer writes one difference.
type writer struct {
	d     *Difference
	b     strings.Builder
	views []view
	hint  string // the first one found
}

func (w *writer) line(indent int, format string, args ...any) {
	w.b.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *writer) headline() {
	d := w.d
	got := plural(len(d.got), "record")
	switch d.Mode {
	case Contains:
		w.line(0, "got %s, want %s among them; missing: %d", got, plural(len(d.want), "record"), len(d.missing))
	case ContainsExactly:
		w.line(0, "got %s, want exactly %d; missing: %d, unexpected: %d", got, len(d.want), len(d.missing), len(d.unexpected))
	case InOrder:
		w.line(0, "got %s, want %d in this order; found the first %d of them", got, len(d.want), len(d.want)-len(d.missing))
	case Only:
		if len(d.got) == 0 {
			w.line(0, `got no records, want only records as expected and at least one; to expect none, say "is empty"`)
			return
		}
		w.line(0, "got %s, want only records as expected; unexpected: %d", got, len(d.unexpected))
	}
}

func (w *writer) missing() {
	d, taker := w.d, w.d.takers()
	w.list("missing:", d.missing, shownMissing, func(p int) {
		w.line(1, "%s%s", d.want[p], d.where(p))
		if r := d.candidateOf(p); r >= 0 {
			w.line(2, "%s matches, but is already matched by %s: each expected record needs one of its own",
				d.name(r), d.ordinal(taker[r]))
			return
		}
		w.closest(p, taker)
	})
}

// closest shows the record nearest to a pattern; one that another pattern took counts only when it is clearly nearer.
func (w *writer) closest(p int, taker []int) {
	r, mismatches := closest(&w.d.want[p], w.views, 0, taker)
	if r < 0 {
		return
	}
	note := ""
	if taker[r] >= 0 {
		note = ", which " + w.d.ordinal(taker[r]) + " matches"
	}
	w.line(2, "closest: %s%s", w.d.show(r), note)
	w.fields(p, r, mismatches)
}

// fields shows how a record differs from a pattern, and notes what may be behind it.
func (w *writer) fields(p, r int, mismatches []Mismatch) {
	w.advise(&w.d.want[p], &w.views[r], mismatches)
	for i, m := range mismatches {
		if i == shownFields {
			w.line(3, "… and %s more", plural(len(mismatches)-shownFields, "field"))
			return
		}
		w.line(3, "%s", m)
	}
}

func (w *writer) unexpected() {
	w.list("unexpected:", w.d.unexpected, shownUnexpected, func(r int) { w.line(1, "%s", w.d.show(r)) })
}

// others is for Only: records that match no pattern, each with the pattern it comes closest to.
func (w *writer) others() {
	d := w.d
	if len(d.want) == 0 {
		return
	}
	w.list("unexpected:", d.unexpected, shownUnexpected, func(r int) {
		w.line(1, "%s", d.show(r))
		p, mismatches := closestPattern(d.want, &w.views[r])
		if len(d.want) > 1 {
			w.line(2, "closest to %s", d.ordinal(p))
		}
		w.fields(p, r, mismatches)
	})
}

// list writes the first members below a title and counts the rest.
func (w *writer) list(title string, members []int, most int, write func(member int)) {
	if len(members) == 0 {
		return
	}
	w.line(0, "%s", title)
	for i, member := range members {
		if i == most {
			w.line(1, "… and %d more", len(members)-most)
			return
		}
		write(member)
	}
}

func (w *writer) order() {
	d := w.d
	p := d.missing[0]
	from := 0
	if p > 0 {
		for q := range p {
			if d.want[q].topic() == d.want[p].topic() {
				from = d.taken[q] + 1
			}
		}
	}
	w.line(0, "missing next:")
	w.line(1, "%s%s", d.want[p], d.where(p))
	for r := range from {
		if d.want[p].matches(&w.views[r]) {
			w.line(2, "%s matches, but stands before the place reached: %s", d.name(r), d.reached(from-1))
			break
		}
	}
	if r, mismatches := closest(&d.want[p], w.views, from, nil); r >= 0 {
		w.line(2, "closest behind that place: %s", d.show(r))
		w.fields(p, r, mismatches)
	} else if from > 0 {
		w.line(2, "no records follow %s, which is where the record before it was found", d.name(from-1))
	}
	if n := len(d.missing) - 1; n > 0 {
		w.line(1, "%s behind it not looked for", plural(n, "expected record"))
	}
}

func (d *Difference) reached(r int) string {
	for p, taken := range d.taken {
		if taken == r {
			return fmt.Sprintf("%s took %s", d.ordinal(p), d.name(r))
		}
	}
	return d.name(r)
}

// takers gives for each record the pattern that took it, or -1.
func (d *Difference) takers() []int {
	taker := make([]int, len(d.got))
	for r := range taker {
		taker[r] = -1
	}
	for p, r := range d.taken {
		if r >= 0 {
			taker[r] = p
		}
	}
	return taker
}

// candidateOf gives a record that a pattern without one matches; it is taken, or the pattern would have it.
func (d *Difference) candidateOf(p int) int {
	if edges := d.candidates.edges[d.candidates.groupOf[p]]; len(edges) > 0 {
		return int(edges[0])
	}
	return -1
}
