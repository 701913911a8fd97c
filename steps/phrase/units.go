package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ParseDay reads a calendar day, and returns it as it is written.
func ParseDay(text string) (string, error) {
	if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1970 {
		return "", fmt.Errorf("got %q, want a calendar day from 1970 on, such as 2026-01-05", text)
	}
	return text, nil
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
