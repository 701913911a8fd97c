package record

import (
	"math"
	"slices"
)

// FieldOrder is the field of a record that stands before the place it is expected at.
const FieldOrder = "order"

// Unmatched is a pattern that no record of its own matches, with the record that comes closest; or a record that no
// pattern expects.
type Unmatched struct {
	Want   string     // the pattern; empty: nothing expects the record
	Got    string     // the record; empty: none comes close
	Fields []Mismatch // in which the record differs from the pattern
}

// Unmatched lists what Error shows in words: the first patterns without a record, then the first records that are
// unexpected and that none of these has shown.
func (d *Difference) Unmatched() []Unmatched {
	var list []Unmatched
	shown := map[int]bool{}
	missing := d.missing
	if d.Mode == InOrder {
		missing = missing[:min(len(missing), 1)] // what follows was not looked for
	}
	for _, p := range missing[:min(len(missing), shownMissing)] {
		u := Unmatched{Want: d.want[p].String()}
		if r, mismatches := d.nearest(p); r >= 0 && len(mismatches) > 0 {
			u.Got, u.Fields = d.show(r), mismatches
			shown[r] = true
		}
		list = append(list, u)
	}
	for _, r := range d.unexpected[:min(len(d.unexpected), shownUnexpected)] {
		if shown[r] {
			continue
		}
		u := Unmatched{Got: d.show(r)}
		if p, mismatches := closestPattern(d.want, &d.views[r]); d.Mode == Only && p >= 0 {
			u.Want, u.Fields = d.want[p].String(), mismatches
		}
		list = append(list, u)
	}
	for i := range list {
		u := &list[i]
		u.Want, u.Got, u.Fields = d.named(u.Want), d.named(u.Got), slices.Clone(u.Fields)
		for k := range u.Fields {
			u.Fields[k].Field = d.named(u.Fields[k].Field)
		}
	}
	return list
}

// nearest is the record that comes closest to a pattern, and how it differs. In order it is one that matches and comes
// too early, else one from the place that was reached on; where none follows, one before it that no pattern took.
func (d *Difference) nearest(p int) (int, []Mismatch) {
	from := d.reached(p)
	early := func(r int) Mismatch {
		return Mismatch{Field: FieldOrder, Want: "behind " + d.name(from-1), Got: d.name(r)}
	}
	for r := range from {
		if d.taker[r] < 0 && d.want[p].matches(&d.views[r]) {
			return r, []Mismatch{early(r)}
		}
	}
	if r, mismatches := closest(&d.want[p], d.views, from, d.taker); r >= 0 || from == 0 {
		return r, mismatches
	}
	best, mismatches := nearestOf(from, func(r int) ([]Mismatch, float64) {
		if d.taker[r] >= 0 {
			return nil, math.Inf(1)
		}
		return d.want[p].differs(&d.views[r])
	})
	if best < 0 || d.taker[best] >= 0 {
		return -1, nil
	}
	return best, append(mismatches, early(best))
}

// reached is the first record that a pattern in order may take: the one behind what the pattern before it took.
func (d *Difference) reached(p int) int {
	from := 0
	for q := range p {
		if d.Mode == InOrder && d.want[q].topic() == d.want[p].topic() {
			from = d.taken[q] + 1
		}
	}
	return from
}
