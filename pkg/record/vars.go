package record

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/holes"
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
	if !strings.Contains(text, holes.Begins) {
		return text, nil
	}
	var b strings.Builder
	err := holes.Each(text, func(text string) { b.WriteString(text) }, func(text string) (string, error) {
		hole, rest, closed := holes.Cut(text)
		name := holes.Name(hole)
		if !closed {
			return "", fmt.Errorf("got %q without a closing }, want ${name}; write $${ for a plain ${", shorten(text, 40))
		}
		value, known := v[name]
		if !known {
			return "", fmt.Errorf("unknown variable ${%s}: %s; write $${ for a plain ${", name,
				didYouMean(name, slices.Sorted(maps.Keys(v))))
		}
		b.WriteString(value)
		return rest, nil
	})
	return b.String(), err
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
