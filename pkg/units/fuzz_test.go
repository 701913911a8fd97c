package units_test

import (
	"math"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// FuzzUnits reads any text as each unit: what is read is within its bounds.
func FuzzUnits(f *testing.F) {
	for _, text := range []string{"5", "1_000", "10M", "2%", "1m30s", "64KiB", "-1", "1e308", "NaN", "9223372036854775808",
		"١"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := units.Amount.Parse(text); err == nil && n < 0 && text[0] != '-' {
			t.Errorf("got the amount %d of %q", n, text)
		}
		if d, err := units.Duration.Parse(text); err == nil && d < 0 {
			t.Errorf("got the duration %s of %q", d, text)
		}
		if d, err := units.Period.Parse(text); err == nil && d <= 0 {
			t.Errorf("got the period %s of %q", d, text)
		}
		if n, err := units.Size.Parse(text); err == nil && n < 0 {
			t.Errorf("got the size %d of %q", n, text)
		}
		for name, unit := range map[string]units.Unit[float64]{"number": units.Float, "share": units.Percent} {
			if x, err := unit.Parse(text); err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
				t.Errorf("got the %s %v of %q", name, x, text)
			}
		}
	})
}
