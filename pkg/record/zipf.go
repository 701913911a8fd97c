package record

import (
	"math"
	"sort"
)

// zipf draws ranks from 0, rank k with a weight of 1/(k+1)^exponent (Zipf's law). The weights are made once, as
// integers.
type zipf struct{ sums []uint64 }

func newZipf(n int, exponent float64) *zipf {
	z := &zipf{sums: make([]uint64, n)}
	total := uint64(0)
	for k := range z.sums {
		// 2^40 leaves room for a million ranks in 64 bits; a rank never has no weight at all.
		total += max(1, uint64(float64(1<<40)*power(float64(k+1), exponent)))
		z.sums[k] = total
	}
	return z
}

func (z *zipf) draw(s *stream) int {
	x := s.below(z.sums[len(z.sums)-1])
	return sort.Search(len(z.sums), func(k int) bool { return z.sums[k] > x })
}

// power gives x^-exponent for x >= 1. math.Pow differs in its last bit between platforms; this does not: each operation
// is rounded to float64 by its conversion, which the language forbids to fuse with the next.
func power(x, exponent float64) float64 {
	return exponential(float64(-exponent * logarithm(x)))
}

// logarithm uses ln x = 2 artanh((f-1)/(f+1)) + e ln 2 with x = f × 2^e.
func logarithm(x float64) float64 {
	f, e := math.Frexp(x)
	t := float64((f - 1) / (f + 1))
	square := float64(t * t)
	sum, term := 0.0, t
	for i := 1; i < 60; i += 2 {
		sum = float64(sum + float64(term/float64(i)))
		term = float64(term * square)
	}
	return float64(float64(2*sum) + float64(float64(e)*math.Ln2))
}

// exponential uses e^y = 2^k e^r with |r| <= ln 2 / 2 and the series of e^r.
func exponential(y float64) float64 {
	k := math.Floor(float64(float64(y/math.Ln2) + 0.5))
	r := float64(y - float64(k*math.Ln2))
	sum, term := 1.0, 1.0
	for i := 1; i < 24; i++ {
		term = float64(float64(term*r) / float64(i))
		sum = float64(sum + term)
	}
	return math.Ldexp(sum, int(k))
}
