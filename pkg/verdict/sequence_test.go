package verdict

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func judgeSequence(h history, first, last int64) Result {
	s := NewSequence("orders", "seq", first, last)
	for i := range h {
		s.Observe(&h[i])
	}
	return s.Result()
}

func missing(n int64) Finding {
	return Finding{Kind: LostWrite, Topic: "orders", Partition: -1, Offset: -1, Count: n}
}

// In a random history exactly the planted faults are found.
func TestSequenceFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t, "orders", 3)
		last := int64(len(h))
		i := rapid.IntRange(0, len(h)-1).Draw(t, "which")

		wantFindings(t, judgeSequence(h, 1, last))
		wantFindings(t, judgeSequence(h.without(i), 1, last), missing(1))
		wantFindings(t, judgeSequence(h, 1, last+3), missing(3))
		twice := h.appended(h[i])
		wantFindings(t, judgeSequence(twice, 1, last), at(Duplicate, twice[len(twice)-1]))
		wantFindings(t, judgeSequence(h, 2, last), at(Unexpected, h[0]))
		odd := slices.Clone(h)
		odd[i].Value = []byte("not json")
		wantFindings(t, judgeSequence(odd, 1, last), missing(1), at(Unexpected, odd[i]))

		if j := h.behind(i, func(a, b record.Record) bool { return a.Partition == b.Partition }); j > 0 {
			swapped := h.swapped(i, j)
			wantFindings(t, judgeSequence(swapped, 1, last), at(Reordered, swapped[j]))
		}
	})
}

// Against sets and slices: any numbers on any partitions.
func TestSequenceAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SampledFrom([]int64{-70, 0, 1, 1 << 40}).Draw(t, "first")
		last := first + rapid.Int64Range(0, 300).Draw(t, "length")
		numbers := rapid.SliceOfN(rapid.Int64Range(first-3, last+3), 1, 400).Draw(t, "numbers")
		var want struct{ unexpected, duplicates, reordered, lost, ranges int64 }
		seen, highest := map[int64]bool{}, map[int32]int64{}
		s := NewSequence("orders", "value", first, last)
		for i, n := range numbers {
			p := int32(n & 1)
			s.ObserveNumber(n, &record.Record{Partition: p, Offset: int64(i)})
			high, any := highest[p]
			switch {
			case n < first || n > last:
				want.unexpected++
			case seen[n]:
				want.duplicates++
			case any && n < high:
				want.reordered++
				seen[n] = true
			default:
				highest[p], seen[n] = n, true
			}
		}
		for n := first; n <= last; n++ {
			if !seen[n] {
				want.lost++
				if n == first || seen[n-1] {
					want.ranges++
				}
			}
		}
		got := want
		got.unexpected, got.duplicates, got.reordered, got.lost, got.ranges = 0, 0, 0, 0, 0
		for _, k := range s.Result().Kinds {
			switch k.Kind {
			case Unexpected:
				got.unexpected = k.Findings
			case Duplicate:
				got.duplicates = k.Findings
			case Reordered:
				got.reordered = k.Findings
			case LostWrite:
				got.lost, got.ranges = k.Records, k.Findings
			}
		}
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestSequenceTellsWhatHappened(t *testing.T) {
	s := NewSequence("orders", "seq", 1, 30)
	for _, n := range []int{1, 2, 5, 4, 4, 31, 9, 10, 11} {
		s.Observe(&record.Record{Topic: "orders", Partition: 2, Offset: int64(100 + n), Key: []byte("u1"),
			Value: fmt.Appendf(nil, `{"seq": %d}`, n)})
	}
	r := s.Result()
	if again := s.Result(); cmp.Diff(r, again) != "" {
		t.Errorf("got another result when asked again: %v", again.Err())
	}
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, f.String())
	}
	want := []string{
		"lost write: orders: seq 3 is not in the log",
		"lost write: orders: seq 6 to 8, 3 records, are not in the log",
		"lost write: orders: seq 12 to 30, 19 records, are not in the log",
		"duplicate: orders partition 2 offset 104 key u1: seq 4 was read before",
		"unexpected: orders partition 2 offset 131 key u1: seq 31 is not one of 1 to 30",
		"reordered: orders partition 2 offset 104 key u1: seq 4 stands behind 5",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(r.Err().Error(), "seq 1 to 30 in orders: got 3 × lost write (23 records), 1 × duplicate, 1 × "+
		"unexpected, 1 × reordered") {
		t.Errorf("got %v", r.Err())
	}
}

func TestSequenceWithoutARecordIsInconclusive(t *testing.T) {
	wantInconclusive(t, NewSequence("orders", "seq", 1, 10).Result(), "nothing was judged: no record of orders was read")
	wantInconclusive(t, NewSequence("orders", "seq", 1, 0).Result(), "nothing was judged: no record of orders was read")
	huge := NewSequence("orders", "value", -1<<63, 1<<63-1)
	huge.ObserveNumber(1, new(record.Record))
	wantInconclusive(t, huge.Result(), "more than 8 billion numbers cannot be judged at once, use several ranges")
}

func TestSequenceOfNoNumbersExpectsNone(t *testing.T) {
	s := NewSequence("orders", "value", 1, 0)
	s.ObserveNumber(1, &record.Record{Offset: 7, Key: []byte("u1")})
	wantFindings(t, s.Result(), Finding{Kind: Unexpected, Topic: "orders", Offset: 7, Key: "u1", Count: 1})
}
