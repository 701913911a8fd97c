package verdict

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func number(t testing.TB, text string) *big.Float {
	t.Helper()
	f, ok := exact(text)
	if !ok {
		t.Fatalf("got %q, want a number", text)
	}
	return f
}

func TestTotalComparesExactly(t *testing.T) {
	for name, c := range map[string]struct {
		values []string
		sum    string
		want   bool
	}{
		"integers":                     {[]string{"1", "1000000000"}, "1000000001", true},
		"integers, one more":           {[]string{"1", "1000000000"}, "1000000002", false},
		"integers, far off":            {[]string{"1", "1000000000000"}, "1000000001000", false},
		"integers past 2^53":           {[]string{"1", "9007199254740992"}, "9007199254740993", true},
		"integers past 2^53, one less": {[]string{"1", "9007199254740992"}, "9007199254740992", false},
		"another notation":             {[]string{"1.0", "1e3"}, "1.001E3", true},
		"decimals":                     {[]string{"0.01", "10000000"}, "10000000.01", true},
		"decimals, a cent more":        {[]string{"0.01", "10000000"}, "10000000.02", false},
		"decimals added as float64":    {[]string{"0.1", "0.2"}, "0.30000000000000004", true},
		"decimals of opposite signs":   {[]string{"0.1", "-0.1"}, "0.0001", false},
		"negative":                     {[]string{"-5", "3"}, "-2", true},
	} {
		var sum total
		for _, v := range c.values {
			sum.add(number(t, v))
		}
		if got := sum.isSum(number(t, c.sum), false); got != c.want {
			t.Errorf("%s: got %v for %s of %v, want %v", name, got, c.sum, c.values, c.want)
		}
	}
}

// The bound itself is within it, and what is beyond it is not.
func TestDecimalsAreComparedWithinTheBound(t *testing.T) {
	var sum total
	for range 2 {
		sum.add(number(t, "0.5"))
	}
	const bound = (2 + 1) * 1 * 0x1p-53
	for difference, want := range map[float64]bool{bound: true, -bound: true, bound + 0x1p-60: false} {
		got := new(big.Float).SetPrec(precision).Add(sum.sum, big.NewFloat(difference))
		if is := sum.isSum(got, false); is != want {
			t.Errorf("got %v for a difference of %v, want %v", is, difference, want)
		}
	}
}

func TestOnlyNumbersAreNumbers(t *testing.T) {
	for _, text := range []string{"", "null", "true", `"5"`, "0x5", "NaN", "Inf", "1_000", "[1]", "5 6", "1e999999999999"} {
		if f, ok := exact(text); ok {
			t.Errorf("%q: got %v, want it to be refused", text, f)
		}
	}
}

// Adding up as float64, in any order, is within the bound; an error of a cent in sums of money is not.
func TestFloat64SumsPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.SliceOfN(rapid.Int64Range(-1_000_000_00, 1_000_000_00), 1, 50).Draw(t, "cents")
		var sum total
		added := 0.0
		for _, c := range cents {
			text := fmt.Sprintf("%d.%02d", c/100, max(c, -c)%100)
			if c < 0 && c > -100 {
				text = "-" + text
			}
			f, _ := exact(text)
			sum.add(f)
			float, _ := f.Float64()
			added += float
		}
		if !sum.isSum(big.NewFloat(added), false) {
			t.Fatalf("got %v refused, want it to be taken for %v", added, &sum)
		}
		if sum.isSum(big.NewFloat(added+math.Copysign(0.01, added)), false) {
			t.Fatalf("got %v taken for %v, want a cent to count", added+0.01, &sum)
		}
	})
}
