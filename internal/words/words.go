// Package words puts numbers and names into sentences.
package words

import (
	"fmt"
	"strings"
)

// Counted is a number with its noun: "1 record", "3 records".
func Counted[N int | int16 | int32 | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Quoted lists names in quotes: "a", "b"; none for no name.
func Quoted(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return `"` + strings.Join(names, `", "`) + `"`
}
