package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestLine(t *testing.T) {
	for _, c := range []struct {
		done    Done
		elapsed time.Duration
		want    string
	}{
		{Done{`sending to "orders"`, "records", 300_000, 1_000_000}, 5 * time.Second,
			`sending to "orders" [######··············]  30% 300k of 1M records, 60k/s`},
		{Done{What: "fetching", Unit: "files", Done: 12}, 2 * time.Second, "fetching 12 files, 6/s"},
		{Done{"starting", "brokers", 0, 3}, time.Second, "starting [····················]   0% 0 of 3 brokers, 1s"},
		{Done{"sending", "records", 12_345, 10_000}, 0, "sending [####################] 100% 12.3k of 10k records"},
		{Done{"sending", "records", 999_999, 999_999}, time.Second,
			"sending [####################] 100% 1M of 1M records, 1M/s"},
		{Done{"sending", "records", 999, 1e9}, time.Second, "sending [····················]   0% 999 of 1G records, 999/s"},
	} {
		if got := c.done.Line(c.elapsed); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// screen is a terminal of 40 columns.
type screen struct {
	bytes.Buffer
	is bool
}

func (s *screen) Terminal() (int, bool) { return 40, s.is }

func TestBar(t *testing.T) {
	on := &screen{is: true}
	b := On(on)
	for i := range int64(1000) {
		b.Set(Done{"sending to a topic with a long name", "records", i, 1000})
	}
	b.End()
	b.End()
	lines := strings.Split(on.String(), "\r\x1b[2K")
	if len(lines) < 3 || len(lines) > 20 || lines[len(lines)-1] != "" {
		t.Errorf("got %q, want a few lines, and the last one taken away", lines)
	}
	if len([]rune(lines[1])) != 39 {
		t.Errorf("got %q, want it cut to the columns", lines[1])
	}
	for _, quiet := range []*screen{{}, nil} {
		var w bytes.Buffer
		b := On(&w)
		if quiet != nil {
			b = On(quiet)
		}
		b.Set(Done{"sending", "records", 1, 2})
		b.End()
		if w.Len() > 0 || quiet != nil && quiet.Len() > 0 {
			t.Error("got something written where there is no terminal")
		}
	}
}
