package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Vars are the variables of a scenario, written ${name}.
type Vars map[string]string

// BaseTime names the variable that relative timestamps (+5s) count from, in RFC 3339. Without it they count from the
// time the table is read.
const BaseTime = "base-time"

// Day names the variable that clock times (10:04:59.999) are of: a calendar day, such as 2026-01-05.
const Day = "day"

// Expand replaces ${name} by its value and $${ by ${. An unknown name is an error that names the nearest one.
func (v Vars) Expand(text string) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	var b strings.Builder
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			b.WriteString(text)
			return b.String(), nil
		}
		if i > 0 && text[i-1] == '$' {
			b.WriteString(text[:i-1])
			b.WriteString("${")
			text = text[i+2:]
			continue
		}
		name, rest, closed := strings.Cut(text[i+2:], "}")
		if !closed {
			return "", fmt.Errorf("got %q without a closing }, want ${name}; write $${ for a plain ${", shorten(text[i:], 40))
		}
		value, known := v[name]
		if !known {
			return "", fmt.Errorf("unknown variable ${%s}: %s; write $${ for a plain ${", name,
				didYouMean(name, slices.Sorted(maps.Keys(v))))
		}
		b.WriteString(text[:i])
		b.WriteString(value)
		text = rest
	}
}

func (v Vars) baseTime(now time.Time) (time.Time, error) {
	text, ok := v[BaseTime]
	if !ok {
		return now.Truncate(time.Millisecond), nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("variable %s: got %q, want RFC 3339", BaseTime, text)
	}
	return t, nil
}
