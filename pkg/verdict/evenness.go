package verdict

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Evenness says how evenly records lie over the partitions of a topic. The means are about load and suit counts of
// records. The chi-square test asks whether independent things were thrown at the partitions with equal chances.
// Records of one key are not independent, they go together, so for the test count distinct keys.
type Evenness struct {
	Counts           map[int32]int64 // records per partition
	Total            int64
	Mean             float64
	MaxOverMean      float64 // the fullest partition; 1.05 has 5% more than the mean
	MinOverMean      float64 // the emptiest
	ChiSquare        float64 // Σ (count-mean)²/mean, Pearson 1900
	DegreesOfFreedom int     // partitions - 1
	PValue           float64 // the chance of such a ChiSquare or a larger one, were all partitions equally likely
}

// EvennessOf computes the figures. Every partition has to be named, with 0 records too: a partition nobody wrote to is
// the most uneven of all. Of no records all figures but the counts are 0, and PValue is 1.
func EvennessOf(counts map[int32]int64) Evenness {
	e := Evenness{Counts: counts, PValue: 1, DegreesOfFreedom: max(len(counts)-1, 0)}
	for _, n := range counts {
		e.Total += n
	}
	if e.Total == 0 {
		return e
	}
	e.Mean = float64(e.Total) / float64(len(counts))
	e.MinOverMean = math.Inf(1)
	for _, n := range slices.Sorted(maps.Values(counts)) { // in a fixed order: sums of floats depend on it
		count := float64(n)
		e.MaxOverMean = max(e.MaxOverMean, count/e.Mean)
		e.MinOverMean = min(e.MinOverMean, count/e.Mean)
		e.ChiSquare += (count - e.Mean) * (count - e.Mean) / e.Mean
	}
	e.PValue = chiSquareP(e.ChiSquare, e.DegreesOfFreedom)
	return e
}

// chiSquareP is the probability that a chi-square variable with that many degrees of freedom is at least x.
func chiSquareP(x float64, degrees int) float64 {
	if degrees <= 0 || x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(float64(degrees)/2, x/2)
}

// ByChance judges the counts of a topic: as uneven as these or more so must have a probability of at least p, were all
// partitions equally likely. 0.001 fails one even topic in a thousand.
func (e Evenness) ByChance(topic string, p float64) Result {
	var found collector
	if e.PValue < p {
		found.add(Finding{Kind: Uneven, Topic: topic, Partition: -1, Offset: -1}, "chi-square is %.1f with %d degrees of "+
			"freedom, which has a probability of %.2g, at least %g wanted", e.ChiSquare, e.DegreesOfFreedom, e.PValue, p)
	}
	return found.pronounce("evenness of "+topic, e.Total, "no record of "+topic+" was counted")
}
