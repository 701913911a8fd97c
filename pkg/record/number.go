package record

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// parseNumber reads a number as JSON writes it, exactly. One of more than 9,999 places is none: as a fraction, ten
// bytes of text could fill the memory.
func parseNumber(text string) (*big.Rat, bool) {
	if !isNumber(text) {
		return nil, false
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(strings.TrimLeft(text[i+1:], "+-0")) > 4 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// appendNumber writes the same for all notations of a number.
func appendNumber(b []byte, text string) []byte {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return strconv.AppendInt(b, n, 10)
	}
	if n, ok := parseNumber(text); ok {
		return append(b, n.RatString()...)
	}
	return append(b, text...)
}

// isNumber follows the grammar of RFC 8259, section 6.
func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || isDigits(text[:1])) && isDigits(text[len(text)-1:]) && json.Valid([]byte(text))
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
