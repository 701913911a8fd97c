package verdict

import "math"

// chiSquareP is the probability that a chi-square variable with that many
// degrees of freedom is at least x: Q(degrees/2, x/2), the upper regularised
// incomplete gamma function.
func chiSquareP(x float64, degrees int) float64 {
	if degrees <= 0 || x <= 0 {
		return 1
	}
	return upperGamma(float64(degrees)/2, x/2)
}

// upperGamma is Q(a, x) = Γ(a, x)/Γ(a) for a > 0 and x > 0. Below a+1 the power
// series of the lower function converges fast (NIST Digital Library of
// Mathematical Functions, 8.11.4), above it the continued fraction of the upper
// one (8.9.2), here evaluated by the modified Lentz method.
func upperGamma(a, x float64) float64 {
	const (
		precision = 1e-14
		tiny      = 1e-300 // stands in for 0 in the fraction's denominators
	)
	logGamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - logGamma) // x^a e^-x / Γ(a)
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := a + 1; math.Abs(term) > precision*math.Abs(sum); n++ {
			term *= x / n
			sum += term
		}
		return max(0, 1-front*sum)
	}
	// 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- …
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	fraction := d
	for i := 1.0; ; i++ {
		coefficient := -i * (i - a)
		b += 2
		d = 1 / away(coefficient*d+b, tiny)
		c = away(b+coefficient/c, tiny)
		fraction *= c * d
		if math.Abs(c*d-1) <= precision {
			return front * fraction
		}
	}
}

// away keeps a denominator from being zero.
func away(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
