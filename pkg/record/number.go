package record

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// decimal is a number of a JSON document, exact at any size: 0.digits × 10^exponent. Digits has no zeros at either end,
// so equal numbers have equal decimals, and 1e1000000 costs nothing.
type decimal struct {
	negative bool
	digits   string
	exponent int64
}

// parseDecimal reads a number as JSON writes it.
func parseDecimal(text string) (decimal, bool) {
	if !isNumber(text) {
		return decimal{}, false
	}
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		d.exponent = saturated(text[i+1:])
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	d.exponent += int64(len(whole))
	digits := whole + fraction
	trimmed := strings.TrimLeft(digits, "0")
	d.exponent -= int64(len(digits) - len(trimmed))
	d.digits = strings.TrimRight(trimmed, "0")
	if d.digits == "" {
		return decimal{}, true // zero has no sign and no exponent
	}
	return d, true
}

// saturated reads an exponent; one beyond any use becomes a quarter of the range, so that adding to it cannot overflow.
func saturated(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > math.MaxInt64/4 || n < math.MinInt64/4 {
		if strings.HasPrefix(text, "-") {
			return math.MinInt64 / 4
		}
		return math.MaxInt64 / 4
	}
	return n
}

func (d decimal) compare(e decimal) int {
	switch {
	case d == e:
		return 0
	case d.sign() != e.sign():
		return cmp.Compare(d.sign(), e.sign())
	}
	size := 1
	if d.exponent < e.exponent || d.exponent == e.exponent && d.digits < e.digits {
		size = -1
	}
	return size * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// append writes the one canonical form of the number.
func (d decimal) append(b []byte) []byte {
	if d.negative {
		b = append(b, '-')
	}
	b = append(b, d.digits...)
	b = append(b, 'e')
	return strconv.AppendInt(b, d.exponent, 10)
}

// isNumber follows the grammar of RFC 8259, section 6.
func isNumber(text string) bool {
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	return text != "" && (text[0] == '-' || isDigit(text[0])) && isDigit(text[len(text)-1]) && json.Valid([]byte(text))
}

func digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}
