package record

import (
	"cmp"
	"slices"
)

// A greedy assignment of records to patterns gives false verdicts where patterns overlap: "key <any>" may take the one
// record "key u1" needs. So this is a maximum matching of the bipartite graph (Kuhn's algorithm), started from a greedy
// assignment.
type matching struct {
	*candidates
	holder []int  // by record: the group that has it, or -1
	seen   []bool // records that the search has visited
}

// assign gives for each pattern the record it takes, or -1; as many patterns as possible get one.
func (c *candidates) assign(records int) []int {
	m := &matching{candidates: c, holder: slices.Repeat([]int{-1}, records), seen: make([]bool, records)}
	lacking := make([]int, len(c.groups)) // patterns of a group still without a record
	order := make([]int, len(c.groups))
	for g := range order {
		lacking[g], order[g] = len(c.groups[g]), g
	}
	// Those with the fewest candidates first, which is already the best in nearly all tables.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(c.edges[a]), len(c.edges[b])) })
	for _, g := range order {
		for _, r := range c.edges[g] {
			if lacking[g] > 0 && m.holder[r] < 0 {
				m.holder[r] = g
				lacking[g]--
			}
		}
	}
	for g := range lacking {
		for lacking[g] > 0 && m.serve(g) {
			lacking[g]--
			clear(m.seen) // after a search in vain it stays: what that has visited leads nowhere later either
		}
	}
	taken := slices.Repeat([]int{-1}, len(c.groupOf))
	next := make([]int, len(c.groups))
	for r, g := range m.holder {
		if g >= 0 {
			taken[c.groups[g][next[g]]] = r
			next[g]++
		}
	}
	return taken
}

// serve finds one more record for a group: a free one, or one whose holder finds another.
func (m *matching) serve(g int) bool {
	for _, r := range m.edges[g] {
		if m.seen[r] {
			continue
		}
		m.seen[r] = true
		if m.holder[r] < 0 || m.serve(m.holder[r]) {
			m.holder[r] = g
			return true
		}
	}
	return false
}
