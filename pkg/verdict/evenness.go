package verdict

import (
	"maps"
	"math"
	"slices"
)

// EvennessJudge judges how evenly records lie over the partitions of a topic.
// Every partition has to be named, with 0 records too: a partition nobody wrote
// to is the most uneven of all.
//
// The means are about load and suit counts of records. The
// chi-square test asks whether independent things were thrown at the partitions
// with equal chances. Records of one key are not independent, they go
// together, so for the test count distinct keys.
type EvennessJudge struct {
	topic  string
	counts map[int32]int64
}

// Evenness says how even the counts are.
type Evenness struct {
	Counts           map[int32]int64 // records per partition
	Mean             float64
	MaxOverMean      float64 // the fullest partition; 1.05 has 5% more than the mean
	MinOverMean      float64 // the emptiest
	ChiSquare        float64 // Σ (count-mean)²/mean, Pearson 1900
	DegreesOfFreedom int     // partitions - 1
	PValue           float64 // the chance of such a ChiSquare or a larger one, were all partitions equally likely
}

// NewEvenness judges a topic.
func NewEvenness(topic string) *EvennessJudge {
	return &EvennessJudge{topic: topic, counts: map[int32]int64{}}
}

// Add counts n more records on a partition.
func (e *EvennessJudge) Add(partition int32, n int64) { e.counts[partition] += n }

// Report computes the figures. Of no records all figures but the counts are 0,
// and PValue is 1.
func (e *EvennessJudge) Report() Evenness {
	r := Evenness{Counts: maps.Clone(e.counts), PValue: 1, DegreesOfFreedom: max(len(e.counts)-1, 0)}
	total := e.total()
	if total == 0 {
		return r
	}
	r.Mean = total / float64(len(e.counts))
	r.MinOverMean = math.Inf(1)
	for _, n := range e.sorted() { // in a fixed order: sums of floats depend on it
		count := float64(e.counts[n])
		r.MaxOverMean = max(r.MaxOverMean, count/r.Mean)
		r.MinOverMean = min(r.MinOverMean, count/r.Mean)
		r.ChiSquare += (count - r.Mean) * (count - r.Mean) / r.Mean
	}
	r.PValue = chiSquareP(r.ChiSquare, r.DegreesOfFreedom)
	return r
}

// ResultChiSquare judges by chance: counts as uneven as these or more so must
// have a probability of at least p, were all partitions equally likely. 0.001
// fails one even topic in a thousand.
func (e *EvennessJudge) ResultChiSquare(p float64) Result {
	var found collector
	if r := e.Report(); r.PValue < p {
		found.add(e.uneven(-1), "chi-square is %.1f with %d degrees of freedom, which has a probability of %.2g, at least "+
			"%g wanted",
			r.ChiSquare, r.DegreesOfFreedom, r.PValue, p)
	}
	return e.pronounce(&found)
}

func (e *EvennessJudge) pronounce(found *collector) Result {
	return found.pronounce("evenness of "+e.topic, int64(e.total()), "no record of "+e.topic+" was counted")
}

func (e *EvennessJudge) uneven(partition int32) Finding {
	return Finding{Kind: Uneven, Topic: e.topic, Partition: partition, Offset: -1}
}

func (e *EvennessJudge) total() (n float64) {
	for _, count := range e.counts {
		n += float64(count) // exact up to 2^53
	}
	return n
}

func (e *EvennessJudge) sorted() []int32 { return slices.Sorted(maps.Keys(e.counts)) }
