package record

import (
	"cmp"
	"slices"
)

// A greedy assignment of records to patterns gives false verdicts where patterns overlap: "key <any>" may take the one
// record "key u1" needs. So this is a maximum matching of the bipartite graph (Kuhn's algorithm, between groups),
// started from a greedy assignment.
type matching struct {
	*candidates
	flow    [][]int32   // how many records go along each edge
	supply  []int32     // patterns of a group still without a record
	free    []int32     // records of a group still without a pattern
	holders [][]backRef // for each record group the edges into it
	seen    []bool      // record groups that the search has visited
}

type backRef struct{ pattern, edge int32 }

// assign gives for each pattern the record it takes, or -1; as many patterns as possible get one.
func (c *candidates) assign(patterns int) []int {
	f := &matching{candidates: c, flow: make([][]int32, len(c.edges)), supply: sizes(c.patterns), free: sizes(c.records),
		holders: make([][]backRef, len(c.records)), seen: make([]bool, len(c.records))}
	for p, edges := range c.edges {
		f.flow[p] = make([]int32, len(edges))
		for e, r := range edges {
			f.holders[r] = append(f.holders[r], backRef{int32(p), int32(e)})
		}
	}
	f.greedy()
	for p := range f.supply {
		for f.supply[p] > 0 && f.serve(int32(p)) {
			f.supply[p]--
			clear(f.seen) // after a search in vain it stays: what that has visited leads nowhere later either
		}
	}
	return f.spread(patterns)
}

func sizes(groups []group) []int32 {
	n := make([]int32, len(groups))
	for i, g := range groups {
		n[i] = int32(len(g.members))
	}
	return n
}

// greedy serves the patterns with the fewest candidates first, which is already the best in nearly all tables.
func (f *matching) greedy() {
	order := make([]int, len(f.edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(f.edges[a]), len(f.edges[b])) })
	for _, p := range order {
		for e, r := range f.edges[p] {
			n := min(f.supply[p], f.free[r])
			f.flow[p][e] += n
			f.supply[p] -= n
			f.free[r] -= n
			if f.supply[p] == 0 {
				break
			}
		}
	}
}

// serve finds one more record for a pattern group: a free one, or one whose holder finds another.
func (f *matching) serve(p int32) bool {
	for e, r := range f.edges[p] {
		if f.seen[r] {
			continue
		}
		f.seen[r] = true
		if f.free[r] > 0 {
			f.free[r]--
		} else if !f.release(r) {
			continue
		}
		f.flow[p][e]++
		return true
	}
	return false
}

func (f *matching) release(r int32) bool {
	for _, h := range f.holders[r] {
		if f.flow[h.pattern][h.edge] > 0 && f.serve(h.pattern) {
			f.flow[h.pattern][h.edge]--
			return true
		}
	}
	return false
}

// spread turns the flow between groups into records for patterns, both in their order.
func (f *matching) spread(patterns int) []int {
	taken := make([]int, patterns)
	for i := range taken {
		taken[i] = -1
	}
	used := make([]int, len(f.records))
	for p, edges := range f.edges {
		next := 0
		for e, r := range edges {
			for range f.flow[p][e] {
				taken[f.patterns[p].members[next]] = f.records[r].members[used[r]]
				next++
				used[r]++
			}
		}
	}
	return taken
}
