package record

import (
	"cmp"
	"slices"
)

// A greedy assignment of records to patterns gives false verdicts where patterns overlap: "key <any>" may take the one
// record "key u1" needs. So this is a maximum matching of the bipartite graph, as a maximum flow between groups (Dinic;
// with groups of one it is Hopcroft and Karp's algorithm), started from a greedy assignment.
type flow struct {
	edges   [][]int32   // as in candidates
	flow    [][]int32   // how many records go along each edge
	supply  []int32     // patterns of a group still without a record
	free    []int32     // records of a group still without a pattern
	back    [][]backRef // for each record group the edges into it
	levelP  []int32     // distance from an unserved pattern group, -1: not reached
	levelR  []int32
	cursorP []int // where the search goes on
	cursorR []int
}

type backRef struct{ pattern, edge int32 }

// assign gives for each pattern the record it takes, or -1; as many patterns as possible get one.
func (c *candidates) assign(patterns int) []int {
	f := &flow{edges: c.edges, flow: make([][]int32, len(c.edges)), supply: sizes(c.patterns), free: sizes(c.records)}
	for p, edges := range c.edges {
		f.flow[p] = make([]int32, len(edges))
	}
	f.greedy()
	if f.unserved() {
		f.link()
		for f.levels() {
			for p := range f.supply {
				for f.supply[p] > 0 {
					pushed := f.push(int32(p), f.supply[p])
					if pushed == 0 {
						break
					}
					f.supply[p] -= pushed
				}
			}
		}
	}
	return f.spread(c, patterns)
}

func sizes(groups []group) []int32 {
	n := make([]int32, len(groups))
	for i, g := range groups {
		n[i] = int32(len(g.members))
	}
	return n
}

// greedy serves the patterns with the fewest candidates first, which is already the best in nearly all tables.
func (f *flow) greedy() {
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

// unserved says whether a pattern that has candidates is still without a record.
func (f *flow) unserved() bool {
	for p, n := range f.supply {
		if n > 0 && len(f.edges[p]) > 0 {
			return true
		}
	}
	return false
}

func (f *flow) link() {
	f.back = make([][]backRef, len(f.free))
	for p, edges := range f.edges {
		for e, r := range edges {
			f.back[r] = append(f.back[r], backRef{int32(p), int32(e)})
		}
	}
	f.levelP, f.levelR = make([]int32, len(f.supply)), make([]int32, len(f.free))
	f.cursorP, f.cursorR = make([]int, len(f.supply)), make([]int, len(f.free))
}

// levels measures from the unserved patterns, and says whether a free record can be reached.
func (f *flow) levels() bool {
	for i := range f.levelP {
		f.levelP[i], f.cursorP[i] = -1, 0
	}
	for i := range f.levelR {
		f.levelR[i], f.cursorR[i] = -1, 0
	}
	var queue []int32
	for p, n := range f.supply {
		if n > 0 {
			f.levelP[p] = 0
			queue = append(queue, int32(p))
		}
	}
	reached := false
	for len(queue) > 0 && !reached {
		var next []int32
		for _, p := range queue {
			for _, r := range f.edges[p] {
				if f.levelR[r] >= 0 {
					continue
				}
				f.levelR[r] = f.levelP[p] + 1
				reached = reached || f.free[r] > 0
				for _, b := range f.back[r] {
					if f.flow[b.pattern][b.edge] > 0 && f.levelP[b.pattern] < 0 {
						f.levelP[b.pattern] = f.levelR[r] + 1
						next = append(next, b.pattern)
					}
				}
			}
		}
		queue = next
	}
	return reached
}

// push moves up to want records' worth along one shortest path that ends at a free record.
func (f *flow) push(p, want int32) int32 {
	for ; f.cursorP[p] < len(f.edges[p]); f.cursorP[p]++ {
		e := f.cursorP[p]
		r := f.edges[p][e]
		if f.levelR[r] != f.levelP[p]+1 {
			continue
		}
		if n := min(want, f.free[r]); n > 0 {
			f.free[r] -= n
			f.flow[p][e] += n
			return n
		}
		for ; f.cursorR[r] < len(f.back[r]); f.cursorR[r]++ {
			b := f.back[r][f.cursorR[r]]
			held := f.flow[b.pattern][b.edge]
			if held == 0 || f.levelP[b.pattern] != f.levelR[r]+1 {
				continue
			}
			if n := f.push(b.pattern, min(want, held)); n > 0 {
				f.flow[b.pattern][b.edge] -= n
				f.flow[p][e] += n
				return n
			}
		}
	}
	return 0
}

// spread turns the flow between groups into records for patterns, both in their order.
func (f *flow) spread(c *candidates, patterns int) []int {
	taken := make([]int, patterns)
	for i := range taken {
		taken[i] = -1
	}
	used := make([]int, len(c.records))
	for p, edges := range f.edges {
		next := 0
		for e, r := range edges {
			for range f.flow[p][e] {
				taken[c.patterns[p].members[next]] = c.records[r].members[used[r]]
				next++
				used[r]++
			}
		}
	}
	return taken
}
