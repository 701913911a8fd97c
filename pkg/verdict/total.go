package verdict

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
)

// precision of exact numbers, in bits: decimals of 70 digits, and sums of them.
const precision = 256

// exact reads a JSON number without rounding it as a float64 would.
func exact(text string) (*big.Float, bool) {
	if !strings.ContainsAny(text, "0123456789") || !json.Valid([]byte(text)) || text[0] == '"' {
		return nil, false
	}
	f, _, err := big.ParseFloat(text, 10, precision, big.ToNearestEven)
	return f, err == nil && !f.IsInf()
}

// total is the sum of numbers, and the smallest and the greatest of them. Its zero value is that of no numbers.
type total struct {
	count         int64
	sum, min, max *big.Float
	decimals      bool    // some are no integers
	size          float64 // the sum without signs
}

func (t *total) add(value *big.Float) {
	if t.count++; t.count == 1 {
		t.sum, t.min, t.max = new(big.Float).SetPrec(precision), value, value
	}
	t.sum.Add(t.sum, value)
	if value.Cmp(t.min) < 0 {
		t.min = value
	}
	if value.Cmp(t.max) > 0 {
		t.max = value
	}
	size, _ := value.Float64()
	t.size += math.Abs(size)
	t.decimals = t.decimals || !value.IsInt()
}

// isSum compares a number with the sum: integers exactly; decimals but for what adding them up as float64 may lose, a
// rounding of 2⁻⁵³ with each (Higham, Accuracy and Stability of Numerical Algorithms, 4.2). One that is said to be
// exact is a decimal of up to 70 digits.
func (t *total) isSum(got *big.Float, exactly bool) bool {
	difference, _ := new(big.Float).Sub(got, t.sum).Float64()
	if exactly {
		return math.Abs(difference) <= t.size*0x1p-230
	}
	if !t.decimals {
		return difference == 0
	}
	return math.Abs(difference) <= float64(t.count+1)*t.size*0x1p-53
}

// isSame compares two numbers by value. Decimals may have been through a float64.
func isSame(got, want *big.Float) bool {
	if got.Cmp(want) == 0 {
		return true
	}
	if want.IsInt() {
		return false
	}
	g, _ := got.Float64()
	w, _ := want.Float64()
	return g == w
}

// plain is a number for people.
func plain(f *big.Float) string {
	if f.IsInt() && f.MantExp(nil) < precision {
		return f.Text('f', 0)
	}
	return f.Text('g', 17)
}
