package phrase

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseInt reads a whole number; underscores may separate digits.
func ParseInt(text string) (int64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("got %q, want a whole number such as 3 or 1_000_000", text)
	}
	return n, nil
}

// ParseFloat reads a decimal number.
func ParseFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, fmt.Errorf("got %q, want a number such as 0.05 or 12", text)
	}
	return f, nil
}

// ParseCount reads a number of things; k and M stand for thousands and millions.
func ParseCount(text string) (int64, error) {
	bad := fmt.Errorf("got %q, want a count such as 500, 1_000_000, 10k or 1M", text)
	value, err := scaled(text, []unit{{"k", 1e3}, {"M", 1e6}, {"G", 1e9}})
	if err != nil || value < 0 || value != math.Trunc(value) || value > math.MaxInt64/2 {
		return 0, bad
	}
	return int64(value), nil
}

// ParseDuration reads a time span in Go's notation; it must be more than zero.
func ParseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("got %q, want a duration such as 250ms, 5s, 1m30s or 2h", text)
	}
	return d, nil
}

// ParseDay reads a calendar day, and returns it as it is written.
func ParseDay(text string) (string, error) {
	if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1970 {
		return "", fmt.Errorf("got %q, want a calendar day from 1970 on, such as 2026-01-05", text)
	}
	return text, nil
}

// ParseRate reads records per second: "200k records/s".
func ParseRate(text string) (float64, error) {
	bad := fmt.Errorf("got %q, want a rate such as 200k records/s", text)
	amount, ok := strings.CutSuffix(text, " records/s")
	if !ok {
		return 0, bad
	}
	value, err := scaled(amount, []unit{{"k", 1e3}, {"M", 1e6}})
	if err != nil || value <= 0 {
		return 0, bad
	}
	return value, nil
}

// ParseSize reads a number of bytes: KiB, MiB and GiB are powers of 1024; kB, MB and GB of 1000.
func ParseSize(text string) (int64, error) {
	value, err := scaled(text, []unit{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"MB", 1e6},
		{"GB", 1e9}, {"B", 1}})
	if err != nil || value < 0 || value > math.MaxInt64/2 {
		return 0, fmt.Errorf("got %q, want a size such as 100B, 64KiB or 10MB", text)
	}
	return int64(value), nil
}

// ParsePercent reads a share; 2% is returned as 0.02.
func ParsePercent(text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	value, err := ParseFloat(number)
	if !ok || err != nil || value < 0 {
		return 0, fmt.Errorf("got %q, want a percentage such as 2%% or 0.5%%", text)
	}
	return value / 100, nil
}

// quantiles are those that benchmarks report.
var quantiles = []string{"p50", "p90", "p99", "p99.9", "max"}

// ParseQuantile reads the name of a percentile.
func ParseQuantile(text string) (string, error) {
	if !slices.Contains(quantiles, text) {
		return "", fmt.Errorf("got percentile %q, want one of %s", text, strings.Join(quantiles, ", "))
	}
	return text, nil
}

type unit struct {
	suffix string
	factor float64
}

func scaled(text string, units []unit) (float64, error) {
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.suffix); ok && number != "" {
			value, err := ParseFloat(number)
			return value * u.factor, err
		}
	}
	return ParseFloat(text)
}
