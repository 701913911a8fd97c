package record

import (
	"cmp"
	"fmt"
	"slices"
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
	w := &writer{d: d, shown: map[int]bool{}}
	if len(d.got) == 0 && d.Mode != Only {
		w.hint = "nothing is there; check that whoever should write it runs, and writes to this topic"
	}
	w.headline()
	switch d.Mode {
	case InOrder:
		w.order()
	case Contains, ContainsExactly:
		w.list("missing:", d.missing, shownMissing, w.missing)
		w.list("unexpected:", d.unexpected, shownUnexpected, func(r int) { w.line(1, "%s", w.record(r)) })
	case Only:
		if len(d.want) > 0 {
			w.list("unexpected:", d.unexpected, shownUnexpected, w.other)
		}
	}
	if w.hint != "" {
		w.line(0, "hint: %s", w.hint)
	}
	return d.named(strings.TrimRight(w.b.String(), "\n"))
}

// named is a text with the names of fields that are to be shown.
func (d *Difference) named(text string) string {
	if d.Names == nil {
		return text
	}
	return d.Names.Replace(text)
}

// writer writes one difference.
type writer struct {
	d     *Difference
	b     strings.Builder
	hint  string       // the first one found
	shown map[int]bool // records that stand above, whole
}

// record shows a record whole the first time, with the headers that some pattern names, also by the name that they have
// for kafkaspec, and afterwards by its place.
func (w *writer) record(r int) string {
	if w.shown[r] {
		return w.d.name(r) + ", as above"
	}
	w.shown[r] = true
	rec := w.d.got[r]
	written := rec.onRecord()
	asked := map[string]bool{}
	for _, h := range rec.Headers {
		if w.d.asks(h.Key) {
			asked[cmp.Or(h.From, h.Key)] = true
		}
	}
	rec.Headers = slices.DeleteFunc(slices.Clone(written), func(h Header) bool { return !asked[h.Key] })
	text := w.d.showAs(r, rec)
	if left := len(written) - len(rec.Headers); left > 0 {
		text += ", and " + plural(left, "header") + " not asked about"
	}
	return text
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

// missing shows a pattern without a record, with the record nearest to it; one that another pattern took counts only
// when it is clearly nearer.
func (w *writer) missing(p int) {
	d := w.d
	w.line(1, "%s%s", d.want[p], d.where(p))
	if edges := d.candidates.edges[d.candidates.groupOf[p]]; len(edges) > 0 { // taken, or the pattern would have it
		r := int(edges[0])
		w.line(2, "%s matches, but is already matched by %s: each expected record needs one of its own", d.name(r),
			d.ordinal(d.taker[r]))
		return
	}
	r, mismatches := closest(&d.want[p], d.views, 0, d.taker)
	if r < 0 {
		return
	}
	note := ""
	if d.taker[r] >= 0 {
		note = ", which " + d.ordinal(d.taker[r]) + " matches"
	}
	w.line(2, "closest: %s%s", w.record(r), note)
	w.fields(p, r, mismatches)
}

// fields shows how a record differs from a pattern, and notes what may be behind it.
func (w *writer) fields(p, r int, mismatches []Mismatch) {
	w.advise(&w.d.want[p], &w.d.views[r], mismatches)
	for i, m := range mismatches {
		if i == shownFields {
			w.line(3, "… and %s more", plural(len(mismatches)-shownFields, "field"))
			return
		}
		w.line(3, "%s", m)
	}
}

// other is for Only: a record that matches no pattern, with the pattern it comes closest to.
func (w *writer) other(r int) {
	d := w.d
	w.line(1, "%s", w.record(r))
	p, mismatches := closestPattern(d.want, &d.views[r])
	if len(d.want) > 1 {
		w.line(2, "closest to %s", d.ordinal(p))
	}
	w.fields(p, r, mismatches)
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
	from := d.reached(p)
	w.line(0, "missing next:")
	w.line(1, "%s%s", d.want[p], d.where(p))
	for r := range from {
		if d.want[p].matches(&d.views[r]) {
			w.line(2, "%s matches, but stands before the place reached: %s took %s", d.name(r),
				d.ordinal(d.taker[from-1]), d.name(from-1))
			break
		}
	}
	if r, mismatches := closest(&d.want[p], d.views, from, nil); r >= 0 {
		w.line(2, "closest behind that place: %s", w.record(r))
		w.fields(p, r, mismatches)
	} else if from > 0 {
		w.line(2, "no records follow %s, which is where the record before it was found", d.name(from-1))
		if r, mismatches := d.nearest(p); r >= 0 && len(mismatches) > 1 { // else it is named above
			w.line(2, "closest before that place: %s", w.record(r))
			w.fields(p, r, mismatches)
		}
	}
	if n := len(d.missing) - 1; n > 0 {
		w.line(1, "%s behind it not looked for", plural(n, "expected record"))
	}
}
