package world

// Runs of offsets.

import (
	"cmp"
	"maps"
	"slices"
)

// span is a run of offsets; to is behind its last.
type span struct{ from, to int64 }

// place is where a record stands in its topic.
type place struct {
	partition int32
	offset    int64
}

// cursor are the offsets of each partition that are still to come, in order.
type cursor map[int32][]span

// sorted hands on the partitions in order.
func (c cursor) sorted(yield func(int32) bool) {
	for _, p := range slices.Sorted(maps.Keys(c)) {
		if !yield(p) {
			return
		}
	}
}

// has is true of an offset that is among them.
func (c cursor) has(at place) bool {
	return slices.ContainsFunc(c[at.partition], func(s span) bool { return s.from <= at.offset && at.offset < s.to })
}

// pass goes on to the next offset.
func (c cursor) pass(partition int32) {
	s := c[partition]
	if s[0].from++; s[0].from == s[0].to {
		c[partition] = s[1:]
	}
}

// merged has them in order, each once.
func (c cursor) merged() cursor {
	for p, spans := range c {
		slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
		merged := spans[:0]
		for _, s := range spans {
			if n := len(merged); n > 0 && s.from <= merged[n-1].to {
				merged[n-1].to = max(merged[n-1].to, s.to)
			} else {
				merged = append(merged, s)
			}
		}
		c[p] = merged
	}
	return c
}
