package app

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var errUnit = errors.New("not in the expected form")

// digits are a number with single underscores between digits only, as Go and YAML write them.
var digits = regexp.MustCompile(`^[+-]?\d+(_\d+)*$`)

var thousands = map[string]int64{"k": 1e3, "M": 1e6, "G": 1e9}

func parseInt(text string) (int64, error) {
	factor := int64(1)
	for suffix, value := range thousands {
		if head, ok := strings.CutSuffix(text, suffix); ok {
			text, factor = head, value
			break
		}
	}
	return scaled(text, factor)
}

// scaled is the number times factor, or an error when it does not fit.
func scaled(text string, factor int64) (int64, error) {
	if !digits.MatchString(text) {
		return 0, errUnit
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	if err != nil {
		return 0, err
	}
	if n > math.MaxInt64/factor || n < math.MinInt64/factor {
		return 0, strconv.ErrRange
	}
	return n * factor, nil
}

var decimal = regexp.MustCompile(`^[+-]?\d+(_\d+)*(\.\d+)?([eE][+-]?\d+)?$`)

func parseFloat(text string) (float64, error) {
	if !decimal.MatchString(text) {
		return 0, errUnit
	}
	return strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
}

func parsePercent(text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, errUnit
	}
	value, err := parseFloat(strings.TrimSpace(number))
	if err != nil || value < 0 {
		return 0, errUnit
	}
	return value / 100, nil
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, errUnit
	}
	return d, nil
}

// sizes are tried longest suffix first, since every unit ends in B.
var sizes = []struct {
	suffix string
	bytes  int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12},
	{"B", 1}, {"", 1},
}

func parseSize(text string) (int64, error) {
	for _, unit := range sizes {
		number, ok := strings.CutSuffix(text, unit.suffix)
		if !ok {
			continue
		}
		n, err := scaled(strings.TrimSpace(number), unit.bytes)
		if err != nil || n < 0 {
			return 0, errUnit
		}
		return n, nil
	}
	return 0, errUnit
}

func parseBool(text string) (bool, error) {
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, errUnit
}

// unquote reads a text in double quotes as Go writes it, or as nearly as that goes for what other languages write.
func unquote(quoted string) string {
	if text, err := strconv.Unquote(quoted); err == nil {
		return text
	}
	return loose.Replace(quoted[1 : len(quoted)-1])
}

var loose = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`, `\n`, "\n", `\t`, "\t", `\r`, "\r")
