package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const timestampForms = "RFC 3339 (2026-03-01T12:00:00Z), unix milliseconds, or relative like +5s or -1m"

// parseTimestamp reads RFC 3339, unix milliseconds, or a duration with a sign, which counts from base.
func parseTimestamp(text string, base func() (time.Time, error)) (time.Time, error) {
	if len(text) > 1 && (text[0] == '+' || text[0] == '-') {
		d, err := time.ParseDuration(strings.ReplaceAll(text, "_", ""))
		if err != nil {
			return time.Time{}, fmt.Errorf("got %q, want %s", text, timestampForms)
		}
		from, err := base()
		if err != nil {
			return time.Time{}, err
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
