package record

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/units"
)

const timestampForms = "RFC 3339 (2026-03-01T12:00:00Z), a clock time of the declared day (10:04:59.999), unix " +
	"milliseconds, or relative like +5s or -1m"

// clock is a time of day, with seconds and milliseconds where needed.
var clock = regexp.MustCompile(`^\d{1,2}:\d\d(:\d\d(\.\d{1,3})?)?$`)

// ClockTime reads a time of the day that the variable Day holds, such as 10:05, 10:05:00 or 10:04:59.999; it is UTC.
func (v Vars) ClockTime(text string) (time.Time, error) {
	form := "15:04:05"
	if strings.Count(text, ":") == 1 {
		form = "15:04"
	}
	day, declared := v[Day]
	switch t, err := time.Parse("2006-01-02 "+form, day+" "+text); {
	case !declared && clock.MatchString(text):
		return t, fmt.Errorf("got the clock time %q, and nothing says of which day; add: Given the day is 2026-01-05", text)
	case err != nil || !clock.MatchString(text):
		return t, fmt.Errorf("got %q, want a time of day from 00:00 to 23:59:59.999, such as 10:05 or 10:04:59.999", text)
	default:
		return t, nil
	}
}

// parseTimestamp reads RFC 3339, a clock time, unix milliseconds, or a duration with a sign, which counts from base.
func parseTimestamp(text string, vars Vars, base func() (time.Time, error)) (time.Time, error) {
	if clock.MatchString(text) {
		return vars.ClockTime(text)
	}
	if len(text) > 1 && (text[0] == '+' || text[0] == '-') {
		d, err := units.Duration.Parse(text[1:])
		if err != nil {
			return time.Time{}, fmt.Errorf("got %q, want %s", text, timestampForms)
		}
		from, err := base()
		if err != nil {
			return time.Time{}, err
		}
		if text[0] == '-' {
			d = -d
		}
		return inRange(from.Add(d), text)
	}
	if ms, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64); err == nil {
		return inRange(time.UnixMilli(ms).UTC(), text)
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("got %q, want %s", text, timestampForms)
	}
	return inRange(t, text)
}

// inRange refuses what Kafka cannot carry: a timestamp before 1970, and the zero time, which means "not given" here.
func inRange(t time.Time, text string) (time.Time, error) {
	if t.UnixMilli() < 0 || t.Year() > 9999 {
		return t, fmt.Errorf("got %q, want a time from 1970-01-01T00:00:00Z to the year 9999: Kafka has no others", text)
	}
	return t.Truncate(time.Millisecond), nil
}
