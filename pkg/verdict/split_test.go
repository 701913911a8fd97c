package verdict

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// naiveSplit is the same judgement in the obvious way.
func naiveSplit(in history, processed, dead map[position]int) map[string]int64 {
	kinds := map[string]int64{}
	inputs := map[position]bool{}
	for _, r := range in {
		p := position{r.Partition, r.Offset}
		inputs[p] = true
		if (processed[p] > 0) == (dead[p] > 0) {
			kinds[NotSplit]++
		}
	}
	for _, side := range []map[position]int{processed, dead} {
		for p, n := range side {
			if n > 1 {
				kinds[NotSplit]++
			}
			if n > 0 && !inputs[p] {
				kinds[Unexpected]++
			}
		}
	}
	return kinds
}

func TestSplitAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 1)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "fate"), 1))
		clean := rapid.Bool().Draw(t, "clean")
		processed, dead := map[position]int{}, map[position]int{}
		s := NewSplit("orders")
		var feed []func()
		process := func(p position) {
			processed[p]++
			feed = append(feed, func() { s.Processed(p.partition, p.offset) })
		}
		deadLetter := func(p position) {
			dead[p]++
			feed = append(feed, func() { s.DeadLettered(p.partition, p.offset) })
		}
		for i := range in {
			p := position{in[i].Partition, in[i].Offset}
			feed = append(feed, func() { s.Input(&in[i]) })
			fate := random.IntN(2)
			if !clean && random.IntN(10) == 0 {
				fate = random.IntN(6)
			}
			switch fate {
			case 0:
				process(p)
			case 1:
				deadLetter(p)
			case 2:
				process(p)
				deadLetter(p)
			case 3:
				process(p)
				process(p)
			case 4:
				process(position{p.partition, p.offset + 1_000_000})
				deadLetter(position{p.partition, p.offset + 1_000_000})
			}
		}
		random.Shuffle(len(feed), func(i, j int) { feed[i], feed[j] = feed[j], feed[i] })
		for _, f := range feed {
			f()
		}
		got := map[string]int64{}
		r := s.Result()
		for _, k := range r.Kinds {
			got[k.Kind] = k.Findings
		}
		if diff := cmp.Diff(naiveSplit(in, processed, dead), got); diff != "" {
			t.Fatalf("(-naive +got):\n%s", diff)
		}
		if clean && r.Outcome != Pass {
			t.Fatalf("got %v, want a pass", r.Err())
		}
	})
}

func TestSplitTellsWhatHappened(t *testing.T) {
	s := NewSplit("orders")
	in := history{{Offset: 5, Key: []byte("u5")}, {Offset: 6, Key: []byte("u6")}, {Offset: 7, Key: []byte("u7")},
		{Offset: 8, Key: []byte("u8")}, {Offset: 9, Key: []byte("u9")}}
	for i := range in {
		s.Input(&in[i])
	}
	s.Processed(0, 6)
	s.DeadLettered(0, 6)
	s.Processed(0, 7)
	s.Processed(0, 7)
	for range 3 {
		s.DeadLettered(0, 8)
	}
	s.Processed(0, 9)
	s.Processed(1, 0)
	s.DeadLettered(0, 10)
	var lines []string
	for _, f := range s.Result().Findings {
		lines = append(lines, f.String())
	}
	want := []string{
		"unexpected: orders partition 0 offset 10: dead-lettered, though it is not in the topic",
		"unexpected: orders partition 1 offset 0: processed, though it is not in the topic",
		"split: orders partition 0 offset 5 key u5: neither processed nor dead-lettered",
		"split: orders partition 0 offset 6 key u6: both processed and dead-lettered",
		"split: orders partition 0 offset 7 key u7: processed twice",
		"split: orders partition 0 offset 8 key u8: dead-lettered 3 times",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSplitOfNothingIsInconclusive(t *testing.T) {
	wantInconclusive(t, NewSplit("orders").Result(), "nothing was judged: no record of orders was read")

	s := NewSplit("orders")
	s.Processed(0, 5)
	if err := s.Result().Err(); err == nil || !strings.Contains(err.Error(), "processed, though it is not in the topic") {
		t.Errorf("got %v, want the unexpected record", err)
	}
}
