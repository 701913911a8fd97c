package verdict

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Findings are in a fixed order whatever the order they were found in, no kind
// hides another, and the totals are exact.
func TestFindingsAreOrderedCappedAndCounted(t *testing.T) {
	var findings []Finding
	for i := range 5000 {
		findings = append(findings, Finding{Kind: Duplicate, Topic: "orders", Partition: int32(i % 7), Offset: int64(i)})
		if i < 3 {
			findings = append(findings, Finding{Kind: LostWrite, Topic: "orders", Partition: -1, Offset: -1, Count: 10,
				Detail: fmt.Sprint(i)})
		}
		if i < 2500 {
			findings = append(findings, Finding{Kind: Reordered, Topic: "orders", Offset: int64(i)})
		}
	}
	var first Result
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 0))
		random.Shuffle(len(findings), func(i, j int) { findings[i], findings[j] = findings[j], findings[i] })
		var c collector
		for _, f := range findings {
			c.add(f, "%s", f.Detail)
		}
		r := c.pronounce("orders", 5000, "")
		if seed == 0 {
			first = r
		}
		if diff := cmp.Diff(first, r); diff != "" {
			t.Fatalf("seed %d (-first +now):\n%s", seed, diff)
		}
	}
	if len(first.Findings) != maxFindings || first.Total != 7503 {
		t.Errorf("got %d findings of %d, want %d of 7503", len(first.Findings), first.Total, maxFindings)
	}
	want := []KindTotal{{LostWrite, 3, 30, 0}, {Duplicate, 5000, 5000, 0}, {Reordered, 2500, 2500, 0}}
	if diff := cmp.Diff(want, first.Kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	shares := map[string]int{}
	for _, f := range first.Findings {
		shares[f.Kind]++
	}
	if diff := cmp.Diff(map[string]int{LostWrite: 3, Duplicate: 498, Reordered: 499}, shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	text := first.Err().Error()
	if !strings.Contains(text, "got 3 × lost write (30 records), 5000 × duplicate, 2500 × reordered, want none (5000 "+
		"looked at)") || !strings.Contains(text, "\n  … and 7498 more\n") {
		t.Errorf("got %s", text)
	}
}

func TestErrIsInconclusiveOnlyWhenItIs(t *testing.T) {
	var c collector
	nothing := c.pronounce("copy of a to b", 0, "no record of a was read")
	if err := nothing.Err(); !errors.Is(err, ErrInconclusive) ||
		err.Error() != "copy of a to b: inconclusive: nothing was judged: no record of a was read" {
		t.Errorf("got %v", err)
	}
	c.add(Finding{Kind: Duplicate}, "")
	var failed *Error
	if err := c.pronounce("copy of a to b", 0, "").Err(); errors.Is(err, ErrInconclusive) || !errors.As(err, &failed) ||
		failed.Result.Total != 1 {
		t.Errorf("got %v, want a failure that is not inconclusive", err)
	}
}

func TestLastingLeavesOutWhatMoreRecordsMayTakeBack(t *testing.T) {
	var c collector
	c.add(Finding{Kind: MissingResult, Topic: "payments", Offset: 7}, "no result")
	c.add(Finding{Kind: MissingResult, Topic: "payments", Offset: 8}, "no result")
	r := c.pronounce("join of payments with users", 9, "")
	if got, found := r.Lasting(); found {
		t.Errorf("got %v, want nothing lasting", got)
	}
	c.add(Finding{Kind: RepeatedResult, Topic: "payments", Offset: 3}, "two results")
	got, found := c.pronounce("join of payments with users", 9, "").Lasting()
	if !found || got.Outcome != Fail || got.Total != 1 || got.Passing != 2 || len(got.Findings) != 1 ||
		len(got.Kinds) != 1 {
		t.Errorf("got %+v, want the repeated result", got)
	}
	text := got.Err().Error()
	if strings.Contains(text, MissingResult) || !strings.Contains(text, "1 × result twice") ||
		!strings.Contains(text, "2 other findings") {
		t.Errorf("got %q, want the repeated result, and that two others are not shown", text)
	}
}

func TestLongKeysAreCut(t *testing.T) {
	whole := strings.Repeat("k", maxKey)
	if got := readable(whole); got != whole {
		t.Errorf("got %s, want %d characters as they are", got, maxKey)
	}
	if got, want := readable(whole+"k"), whole+"…"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFindingShowsWhatIsKnown(t *testing.T) {
	for want, f := range map[string]Finding{
		`lost write: orders partition 1 offset 42 key u7: gone`: {Kind: LostWrite, Topic: "orders", Partition: 1, Offset: 42,
			Key: "u7", Detail: "gone"},
		`lost write: orders partition 1 key "a b": gone`: {Kind: LostWrite, Topic: "orders", Partition: 1, Offset: -1,
			Key: "a b", Detail: "gone"},
		`lost write: orders key "\xff\x00"`: {Kind: LostWrite, Topic: "orders", Partition: -1, Offset: 3,
			Key: "\xff\x00"},
		`lost write: orders`: {Kind: LostWrite, Topic: "orders", Partition: -1,
			Offset: -1},
	} {
		if got := f.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
