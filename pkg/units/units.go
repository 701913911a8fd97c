// Package units reads numbers with units as people write them: in steps, in settings, in profiles and in flags.
package units

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Unit is one way to write a value.
type Unit[T any] struct {
	Want  string // what may be written, for "want …" in an error
	parse func(text string) (T, bool)
}

// Parse reads a text. Its error says what was got and what is wanted.
func (u Unit[T]) Parse(text string) (T, error) {
	value, ok := u.parse(text)
	if !ok {
		var none T
		return none, fmt.Errorf("got %q, want %s%s", text, u.Want, Bound(text))
	}
	return value, nil
}

// many is a whole number of more digits than any that is read.
var many = regexp.MustCompile(`^[+-]?[\d_]{19,}(\D|$)`)

// Bound goes on behind what is wanted in place of a number that has too many digits. It is empty for any other text.
func Bound(text string) string {
	if many.MatchString(text) {
		return ", of at most 18 digits"
	}
	return ""
}

// The units. Digits may have single underscores between them.
var (
	// Int is a whole number, perhaps negative.
	Int = Unit[int64]{"a whole number such as 3 or 1_000_000", whole(nil, math.MinInt64)}
	// Amount is a whole number, perhaps negative; k, M and G stand for thousands, millions and milliards.
	Amount = Unit[int64]{"a whole number such as 5, 1_000_000 or 10M", whole(thousands, math.MinInt64)}
	// Count is a number of things: an Amount that is not negative.
	Count = Unit[int64]{"a count such as 500, 1_000_000, 10k or 1M", whole(thousands, 0)}
	// Size is a number of bytes: KiB, MiB, GiB and TiB are powers of 1024, kB, MB, GB and TB of 1000.
	Size = Unit[int64]{"a size such as 100B, 64KiB or 10MB", whole(bytes, 0)}
	// Float is a finite decimal number.
	Float = Unit[float64]{"a number such as 0.05 or 12", decimal}
	// Percent is a share that is not negative; 2% is 0.02.
	Percent = Unit[float64]{"a percentage such as 2% or 0.5%", func(text string) (float64, bool) {
		number, ok := strings.CutSuffix(text, "%")
		value, read := decimal(strings.TrimSpace(number))
		return value / 100, ok && read && value >= 0
	}}
	// Rate is a number of records in a second, more than none.
	Rate = Unit[float64]{"a rate such as 200k records/s", func(text string) (float64, bool) {
		amount, ok := strings.CutSuffix(text, " records/s")
		number, factor := split(amount, thousands)
		value, read := decimal(number)
		return value * float64(factor), ok && read && value > 0
	}}
	// Duration is a time span in Go's notation; it may be zero and not negative.
	Duration = Unit[time.Duration]{"a duration such as 250ms, 5s or 2m", func(text string) (time.Duration, bool) {
		d, err := time.ParseDuration(strings.ReplaceAll(text, "_", ""))
		return d, err == nil && d >= 0
	}}
	// Period is a Duration of more than zero.
	Period = Unit[time.Duration]{"a duration such as 250ms, 5s, 1m30s or 2h", func(text string) (time.Duration, bool) {
		d, ok := Duration.parse(text)
		return d, ok && d > 0
	}}
	// Bool is true or false.
	Bool = Unit[bool]{"true or false", func(text string) (bool, bool) {
		return text == "true", text == "true" || text == "false"
	}}
)

// suffix is a unit behind a number. Lists of them have the longest first where one ends in another.
type suffix struct {
	text   string
	factor int64
}

var (
	thousands = []suffix{{"k", 1e3}, {"M", 1e6}, {"G", 1e9}}
	bytes     = []suffix{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"KB", 1e3},
		{"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}}
	plain    = regexp.MustCompile(`^[+-]?\d+(_\d+)*(\.\d+)?$`)
	exponent = regexp.MustCompile(`[eE][+-]?\d+$`)
)

// split takes a number from its unit.
func split(text string, suffixes []suffix) (number string, factor int64) {
	for _, s := range suffixes {
		if number, ok := strings.CutSuffix(text, s.text); ok {
			return strings.TrimSpace(number), s.factor
		}
	}
	return text, 1
}

func decimal(text string) (float64, bool) {
	value, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return value, err == nil && plain.MatchString(exponent.ReplaceAllString(text, ""))
}

// whole reads a number that is whole once its unit is taken into account, as 1.5k is.
func whole(suffixes []suffix, least int64) func(string) (int64, bool) {
	return func(text string) (int64, bool) {
		number, factor := split(text, suffixes)
		if !plain.MatchString(number) {
			return 0, false
		}
		exact, ok := new(big.Rat).SetString(strings.ReplaceAll(number, "_", ""))
		if !ok {
			return 0, false
		}
		exact.Mul(exact, new(big.Rat).SetInt64(factor))
		n := exact.Num()
		return n.Int64(), exact.IsInt() && n.IsInt64() && n.Int64() >= least
	}
}
