package record

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAssignIsMaximal compares the flow with a plain augmenting-path matching on random graphs.
func TestAssignIsMaximal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &candidates{}
		records := rapid.IntRange(1, 16).Draw(t, "records")
		var may [][]int
		for range rapid.IntRange(1, 8).Draw(t, "groups") {
			var edges []int32
			var matched []int
			for r := range records {
				if rapid.IntRange(0, 3).Draw(t, "edge") == 0 {
					edges = append(edges, int32(r))
					matched = append(matched, r)
				}
			}
			var patterns []int
			for range rapid.IntRange(1, 3).Draw(t, "size") {
				patterns = append(patterns, len(may))
				c.groupOf = append(c.groupOf, len(c.groups))
				may = append(may, matched)
			}
			c.groups, c.edges = append(c.groups, patterns), append(c.edges, edges)
		}
		taken := c.assign(records)
		got, used := 0, map[int]bool{}
		for p, r := range taken {
			if r < 0 {
				continue
			}
			got++
			if used[r] {
				t.Fatalf("record %d is taken twice: %v", r, taken)
			}
			used[r] = true
			if !slices.Contains(may[p], r) {
				t.Fatalf("pattern %d took record %d, which it does not match", p, r)
			}
		}
		if want := kuhn(may); got != want {
			t.Fatalf("got %d matched, want %d", got, want)
		}
	})
}

// kuhn is the textbook algorithm for a maximum bipartite matching.
func kuhn(may [][]int) int {
	taker := map[int]int{}
	var try func(p int, seen map[int]bool) bool
	try = func(p int, seen map[int]bool) bool {
		for _, r := range may[p] {
			if seen[r] {
				continue
			}
			seen[r] = true
			if q, taken := taker[r]; !taken || try(q, seen) {
				taker[r] = p
				return true
			}
		}
		return false
	}
	n := 0
	for p := range may {
		if try(p, map[int]bool{}) {
			n++
		}
	}
	return n
}

// TestOverlapNeedsAugmenting is a table where each pattern has two candidates and taking the first that is free leaves
// the last pattern without one.
func TestOverlapNeedsAugmenting(t *testing.T) {
	want := patterns(t, []string{"key"}, []string{"/k0|k1/"}, []string{"/k0|k2/"}, []string{"/k2|k0/"})
	got := consumed(t, []string{"key"}, []string{"k0"}, []string{"k1"}, []string{"k2"})
	if err := Compare(ContainsExactly, want, got); err != nil {
		t.Error(err)
	}
}
