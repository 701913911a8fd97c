package verdict_test

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func TestWindowOf(t *testing.T) {
	drawn := picture(t, "key = {key}@{start}")
	for _, c := range []struct {
		name, key, value string
		drawn            *verdict.Picture
		holds            bool
		want             string
	}{
		{"its own names", "m1", `{"window_start": 1767607200000, "window_end": 1767607500000}`, nil, false,
			"m1 2026-01-05T10:00:00Z 2026-01-05T10:05:00Z"},
		{"as Java writes them", "m1", `{"windowStart": "2026-01-05T10:00:00Z", "windowEnd": "2026-01-05T10:05:00Z"}`, nil,
			false, "m1 2026-01-05T10:00:00Z 2026-01-05T10:05:00Z"},
		{"nested", "m1", `{"window": {"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z"}}`, nil, false,
			"m1 2026-01-05T10:00:00Z 2026-01-05T10:05:00Z"},
		{"start and end of windows", "m1", `{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z"}`, nil, true,
			"m1 2026-01-05T10:00:00Z 2026-01-05T10:05:00Z"},
		{"start and end of anything", "m1", `{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z"}`, nil, false,
			""},
		{"drawn in the key", "m1@1767607200000", `12`, drawn, false, "m1 2026-01-05T10:00:00Z 0001-01-01T00:00:00Z"},
		{"not as it is drawn", "m1", `12`, drawn, true, ""},
		{"drawn as something else", "m1", `{"start": 1, "end": 2}`, picture(t, "value.at = {time}"), true, ""},
		{"no end", "m1", `{"start": "2026-01-05T10:00:00Z"}`, nil, true, ""},
		{"end before start", "m1", `{"start": "2026-01-05T10:05:00Z", "end": "2026-01-05T10:00:00Z"}`, nil, true, ""},
		{"no times", "m1", `{"start": "Berlin", "end": "Rome"}`, nil, true, ""},
		{"no object", "m1", `[1]`, nil, true, ""},
		{"no JSON", "m1", "\x00\xff", nil, true, ""},
	} {
		key, start, end, ok := verdict.WindowOf(&record.Record{Key: []byte(c.key), Value: []byte(c.value)}, c.drawn, c.holds)
		got := ""
		if ok {
			got = key + " " + start.Format(time.RFC3339) + " " + end.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
