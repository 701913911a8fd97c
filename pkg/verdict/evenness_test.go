package verdict

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func evenness(counts ...int64) Evenness {
	by := map[int32]int64{}
	for p, n := range counts {
		by[int32(p)] = n
	}
	return EvennessOf(by)
}

func TestEvennessFigures(t *testing.T) {
	want := Evenness{
		Counts: map[int32]int64{0: 90, 1: 100, 2: 110}, Total: 300, Mean: 100, MaxOverMean: 1.1, MinOverMean: 0.9,
		ChiSquare: 2, DegreesOfFreedom: 2, PValue: math.Exp(-1),
	}
	if diff := cmp.Diff(want, evenness(90, 100, 110), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Evenness{Counts: map[int32]int64{0: 0, 1: 0}, DegreesOfFreedom: 1, PValue: 1},
		evenness(0, 0)); diff != "" {
		t.Errorf("of nothing (-want +got):\n%s", diff)
	}
}

func TestEvennessJudgesByChance(t *testing.T) {
	wantFindings(t, evenness(990, 1000, 1010).ByChance("events", 0.01))
	wantFindings(t, evenness(900, 1000, 1100).ByChance("events", 0.01),
		Finding{Kind: Uneven, Topic: "events", Partition: -1, Offset: -1, Count: 1})
	want := "uneven: events: chi-square is 20.0 with 2 degrees of freedom, which has a probability of 4.5e-05, at least " +
		"0.01 wanted"
	if err := evenness(900, 1000, 1100).ByChance("events", 0.01).Err(); !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Keys hashed by murmur2 are as even as chance, which the test must not fail.
func TestEvennessOfMurmur2(t *testing.T) {
	counts := map[int32]int64{}
	for i := range 100_000 {
		counts[record.DefaultPartition(fmt.Appendf(nil, "user-%d", i), 12)]++
	}
	if r := EvennessOf(counts); r.PValue < 0.001 || r.MaxOverMean > 1.05 {
		t.Errorf("got %+v, want an even spread", r)
	}
}

func TestEvennessOfNothingIsInconclusive(t *testing.T) {
	for _, e := range []Evenness{evenness(), evenness(0, 0)} {
		wantInconclusive(t, e.ByChance("events", 0.1), "nothing was judged: no record of events was counted")
	}
}
