package record

import (
	"slices"
	"strings"
)

// Mode is a word of comparison.
type Mode int

const (
	// Contains wants a record of its own for each pattern; there may be others.
	Contains Mode = iota
	// ContainsExactly wants a record of its own for each pattern and no other record, in any order.
	ContainsExactly
	// InOrder wants the patterns in this order among the records as they are given, others may stand between. Patterns
	// that name a topic are in order among the records of that topic.
	InOrder
	// Only wants every record to match one of the patterns, any number of times, and at least one record.
	Only
)

// String gives the word as a step says it.
func (m Mode) String() string {
	return [...]string{"contains", "contains exactly", "contains in order", "contains only"}[m]
}

// Compare returns nil when the records are as expected, and else a *Difference. The records are taken in the order
// given; the Difference keeps want and got, and works out its text only when asked, so that comparing again and again
// while waiting is cheap.
func Compare(mode Mode, want []Pattern, got []Record) error {
	d := &Difference{Mode: mode, want: want, got: got, views: make([]view, len(got)),
		taken: slices.Repeat([]int{-1}, len(want)), taker: slices.Repeat([]int{-1}, len(got))}
	for i := range got {
		d.views[i].Record = &got[i]
	}
	if mode == InOrder {
		d.inOrder()
	} else {
		d.candidates = findCandidates(want, d.views)
	}
	switch mode {
	case Contains, ContainsExactly:
		d.taken = d.candidates.assign(len(got))
	case Only: // one pattern may serve many records
		for g, edges := range d.candidates.edges {
			for _, r := range edges {
				d.taker[r] = g
			}
		}
	}
	for p, r := range d.taken {
		if r >= 0 {
			d.taker[r] = p
		}
	}
	if mode != Only {
		d.missing = without(d.taken)
	}
	if mode == Only || mode == ContainsExactly {
		d.unexpected = without(d.taker)
	}
	if len(d.missing) == 0 && len(d.unexpected) == 0 && (mode != Only || len(got) > 0) {
		return nil
	}
	return d
}

// without gives the indexes of -1.
func without(list []int) []int {
	var found []int
	for i, x := range list {
		if x < 0 {
			found = append(found, i)
		}
	}
	return found
}

// Difference says how records differ from what was expected.
type Difference struct {
	Mode       Mode
	AllHeaders bool              // Error shows headers that no pattern names as well
	Names      *strings.Replacer // gives fields other names in what is shown; nil: none

	want       []Pattern
	got        []Record
	views      []view // of got
	taken      []int  // by pattern: the record it took, or -1
	taker      []int  // by record: the pattern that took it, or -1
	missing    []int  // patterns without a record
	unexpected []int  // records without a pattern, where the mode forbids them
	candidates *candidates
}

// inOrder takes for each pattern the first match behind the one before it, which finds a subsequence if there is one.
// It stops at the first pattern that is missing: what follows cannot be judged without it.
func (d *Difference) inOrder() {
	next := map[string]int{} // by topic
	for p := range d.want {
		topic := d.want[p].topic()
		r := next[topic]
		for r < len(d.views) && !d.want[p].matches(&d.views[r]) {
			r++
		}
		if r == len(d.views) {
			return
		}
		d.taken[p] = r
		next[topic] = r + 1
	}
}
