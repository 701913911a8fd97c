package verdict

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// needsOrder passes over histories in which no key has two records: of them nothing is judged.
func needsOrder(t *rapid.T, in history) {
	if !hasOrder(in) {
		t.Skip("no key has two records")
	}
}

func hasOrder(in history) bool {
	seen := map[string]bool{}
	for _, r := range in {
		if seen[string(r.Key)] {
			return true
		}
		seen[string(r.Key)] = true
	}
	return false
}

// wantOrdered wants a pass of what came of in, and nothing judged where no key has two records any more.
func wantOrdered(t *rapid.T, in history, r Result) {
	if hasOrder(in) {
		wantFindings(t, r)
		return
	}
	if r.Outcome != Inconclusive || r.Why != noPair {
		t.Fatalf("got %s %q, want inconclusive %q", r.Outcome, r.Why, noPair)
	}
}

const noPair = "nothing was judged: no two records that one key of orders has in a partition are in one partition of " +
	"orders_copy, where they could be out of order"

// Of a key on two partitions, and of one record that comes twice, nothing is in order.
func TestOrderNeedsTwoRecordsOfAKeyInOnePlace(t *testing.T) {
	in := history{{Key: []byte("u1"), Value: []byte("a")}, {Key: []byte("u1"), Value: []byte("b"), Offset: 1}}
	wantInconclusive(t, judgeOrder(in, history{in[0], {Key: in[0].Key, Value: in[0].Value, Offset: 1}}), noPair)
	scattered := slices.Clone(in)
	scattered[1].Partition, scattered[1].Offset = 1, 0
	wantInconclusive(t, judgeOrder(in, scattered), noPair)
	wantInconclusive(t, judgeOrder(scattered, in), noPair)
	wantFindings(t, judgeOrder(in, in))
}
