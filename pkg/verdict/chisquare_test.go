package verdict

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The critical values of printed chi-square tables, and exact forms.
func TestChiSquareProbabilities(t *testing.T) {
	for _, c := range []struct {
		x         float64
		degrees   int
		want, off float64
	}{
		{3.841, 1, 0.05, 2e-5},
		{6.635, 1, 0.01, 2e-5},
		{10.828, 1, 0.001, 1e-6},
		{5.991, 2, 0.05, 3e-5},
		{7.815, 3, 0.05, 2e-5},
		{18.307, 10, 0.05, 2e-5},
		{29.588, 10, 0.001, 1e-6},
		{43.773, 30, 0.05, 2e-5},
		{124.342, 100, 0.05, 2e-5},
		{149.449, 100, 0.001, 1e-6},
		{0, 5, 1, 0},
		{9, 0, 1, 0},
		{1e6, 3, 0, 1e-300},
		{99.334, 100, 0.5, 1e-4}, // the median is about k(1-2/(9k))³
		{999999.333, 1000000, 0.5, 1e-6},
	} {
		if got := chiSquareP(c.x, c.degrees); math.Abs(got-c.want) > c.off {
			t.Errorf("%g with %d degrees: got %.8g, want %g", c.x, c.degrees, got, c.want)
		}
	}
}

// With an even number of degrees it is a finite sum: Q(k, y) = e^-y Σ y^i/i! for i < k;
// with one degree it is erfc(√(x/2)).
func TestChiSquareAgreesWithItsClosedForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 60).Draw(t, "half the degrees")
		x := rapid.Float64Range(0.001, 400).Draw(t, "x")
		term := math.Exp(-x / 2)
		want := 0.0
		for i := range k {
			want += term
			term *= x / 2 / float64(i+1)
		}
		if got := chiSquareP(x, 2*k); math.Abs(got-want) > 1e-12+1e-10*want {
			t.Fatalf("%g with %d degrees: got %.15g, want %.15g", x, 2*k, got, want)
		}
		if got, want := chiSquareP(x, 1), math.Erfc(math.Sqrt(x/2)); math.Abs(got-want) > 1e-12+1e-10*want {
			t.Fatalf("%g with 1 degree: got %.15g, want %.15g", x, got, want)
		}
	})
}
