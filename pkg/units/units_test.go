package units_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

// reads checks what a unit makes of texts, and that it refuses others with what it wants.
func reads[T comparable](t *testing.T, unit units.Unit[T], good map[string]T, bad ...string) {
	t.Helper()
	for text, want := range good {
		if got, err := unit.Parse(text); err != nil || got != want {
			t.Errorf("%q: got %v and error %v, want %v", text, got, err, want)
		}
	}
	for _, text := range append(bad, "", "x", "-", "5 5", "1__0", "_1", "1_", "0x10", "NaN", "Inf", "1/2") {
		want := `got "` + text + `", want ` + unit.Want + units.Bound(text)
		if got, err := unit.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v and error %v, want the error %s", text, got, err, want)
		}
	}
}

// What is too large is no slip of the pen, and is not called one.
func TestBound(t *testing.T) {
	const digits = ", of at most 18 digits"
	for text, want := range map[string]string{"99999999999999999999": digits, "-9_223_372_036_854_775_809": digits,
		"9223372036854775807k": digits, "999999999999999999": "", "three": "", "1.5": "", "": ""} {
		if got := units.Bound(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	reads(t, units.Int, map[string]int64{"3": 3, "1_000": 1000, "-2": -2, "9223372036854775807": 1<<63 - 1},
		"1k", "1.5", "9223372036854775808", "1e3")
	reads(t, units.Amount, map[string]int64{"5": 5, "-10M": -10_000_000, "1.5k": 1500, "2G": 2_000_000_000},
		"1.5", "1.0001k", "9223372036854775807k", "1K")
	reads(t, units.Count, map[string]int64{"0": 0, "1_000k": 1_000_000}, "-1", "10Q")
	reads(t, units.Size, map[string]int64{"512": 512, "64KiB": 64 << 10, "10MB": 10_000_000, "1 kB": 1000, "1.5KiB": 1536},
		"-1", "64Kib", "9999999999GB", "0.5B", "10M")
	reads(t, units.Float, map[string]float64{"0.05": 0.05, "-12": -12, "1_000.25": 1000.25, "1e-3": 0.001}, ".5", "1e999")
	reads(t, units.Percent, map[string]float64{"2%": 0.02, "0.5 %": 0.005, "0%": 0}, "0.02", "-2%", "%")
	reads(t, units.Rate, map[string]float64{"200k records/s": 200_000, "1.5 records/s": 1.5},
		"0 records/s", "200k records/min", "200k")
	reads(t, units.Duration, map[string]time.Duration{"0": 0, "250ms": 250 * time.Millisecond, "1_000ms": time.Second},
		"250", "-5s", "5 seconds")
	reads(t, units.Period, map[string]time.Duration{"1m30s": 90 * time.Second}, "0s", "-5s")
	reads(t, units.Bool, map[string]bool{"true": true, "false": false}, "yes", "True")
}
