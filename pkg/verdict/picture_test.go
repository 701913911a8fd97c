package verdict_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func picture(t rapid.TB, rows ...string) *verdict.Picture {
	t.Helper()
	var table [][]string
	for _, row := range rows {
		place, what, _ := strings.Cut(row, " = ")
		table = append(table, []string{place, what})
	}
	p, err := verdict.NewPicture(table)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPicturesAreRefused(t *testing.T) {
	for row, want := range map[string]string{
		"value.n = count":                      "want a name in braces",
		"value.n = {cuont}":                    "did you mean {count}",
		"amount = {value}":                     "no place in a record",
		"value. = {value}":                     "an empty name",
		"key = {key}{start}":                   "nothing parts one name from the next",
		"value.n = {count in s}":               "want a time in",
		"value.n = {start in h}":               "want a time in s, ms, us or ns",
		"value.n = {sum.a}":                    "want a path behind left or right only",
		"headers. = {id}":                      "no place in a record",
		"value.a = {sum}; value.a = {count}":   "drawn already",
		"value.a = {sum}; value.a.b = {count}": "drawn already, as value.a",
		"value.a = {sum}; value.b = {sum}":     "{sum} stands at value.a already",
	} {
		var rows [][]string
		for one := range strings.SplitSeq(row, "; ") {
			place, what, _ := strings.Cut(one, " = ")
			rows = append(rows, []string{place, what})
		}
		if _, err := verdict.NewPicture(rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", row, err, want)
		}
	}
	if err := picture(t, "value.n = {sum}").Only("a join", "left", "right"); err == nil {
		t.Error("got {sum} taken for a join, want it refused")
	}
}

// shape writes events, windows and what was set aside as another application would.
type shape struct {
	rules verdict.WindowRules
	// each takes a record of the reference's shape
	event, window, late func(*record.Record)
}

func fieldsOf(t rapid.TB, r *record.Record) map[string]json.RawMessage {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(r.Value, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

func timeIn(t rapid.TB, fields map[string]json.RawMessage, name string) time.Time {
	t.Helper()
	var at time.Time
	if err := json.Unmarshal(fields[name], &at); err != nil {
		t.Fatal(err)
	}
	return at
}

// drawShape draws how an application writes its records.
func drawShape(t *rapid.T) shape {
	s := shape{rules: windowRules, event: func(*record.Record) {}, window: func(*record.Record) {},
		late: func(*record.Record) {}}
	unit := rapid.SampledFrom([]string{"ms", "s", "us", "ISO"}).Draw(t, "unit")
	written := func(at time.Time) (text, part string) {
		switch unit {
		case "s":
			return fmt.Sprintf("%d.%03d", at.Unix(), at.Nanosecond()/1_000_000), " in s"
		case "us":
			return fmt.Sprint(at.UnixMicro()), " in us"
		case "ISO":
			return `"` + at.Format("2006-01-02T15:04:05.000000-0700") + `"`, ""
		}
		return fmt.Sprint(at.UnixMilli()), " in ms"
	}
	_, part := written(time.Now())
	if rapid.Bool().Draw(t, "other events") {
		s.rules.Events = picture(t, "value.meta.at = {time"+part+"}", "value.meter.id = {key}", "value.kwh = {value}")
		s.event = func(r *record.Record) {
			at, _ := written(r.Timestamp)
			r.Value = fmt.Appendf(nil, `{"meta": {"at": %s}, "meter": {"id": %q}, "kwh": %s}`, at, r.Key,
				fieldsOf(t, r)["amount"])
			r.Key, r.Timestamp = nil, time.Now()
		}
	}
	switch rapid.SampledFrom([]string{"as it is", "nested", "in the key"}).Draw(t, "windows") {
	case "nested":
		s.rules.Windows = picture(t, "value.meter = {key}", "value.window.from = {start"+part+"}", "value.n = {count}",
			"value.total = {sum as text}")
		s.window = func(r *record.Record) {
			f := fieldsOf(t, r)
			at, _ := written(timeIn(t, f, "start"))
			r.Value = fmt.Appendf(nil, `{"total": "%s.0", "n": %s, "meter": %q, "window": {"from": %s}}`, f["sum"],
				f["count"], r.Key, at)
			r.Key = nil
		}
	case "in the key":
		s.rules.Windows = picture(t, "key = [{key}@{start}/{end}]", "value = {sum}")
		s.window = func(r *record.Record) {
			f := fieldsOf(t, r)
			start := timeIn(t, f, "start")
			r.Key = fmt.Appendf(nil, "[%s@%d/%d]", r.Key, start.UnixMilli(), start.Add(windowRules.Size).UnixMilli())
			r.Value = f["sum"]
		}
	}
	if rapid.Bool().Draw(t, "other late events") {
		s.rules.Late = picture(t, "value.source = {any}-{partition}@{offset}")
		s.late = func(r *record.Record) {
			r.Value = fmt.Appendf(nil, `{"source": "readings-%s@%s"}`, r.Headers[0].Value, r.Headers[1].Value)
			r.Headers = nil
		}
	}
	return s
}

// judgeAs judges a history as an application of a shape would have written it.
func (s shape) judge(h windowHistory) verdict.Result {
	w := verdict.NewWindows("readings", "windows", "late", s.rules)
	for _, feed := range []struct {
		records []record.Record
		write   func(*record.Record)
		see     func(*record.Record)
	}{{h.late, s.late, w.Late}, {h.windows, s.window, w.Window}, {h.events, s.event, w.Input}} {
		for _, r := range feed.records {
			feed.write(&r)
			feed.see(&r)
		}
	}
	return w.Result()
}

func TestWindowsOfOtherShapes(t *testing.T) {
	start := windowDay.UnixMilli()
	events := []record.Record{windowEvent(0, 0, "m1", "1:0", "0.1"), windowEvent(0, 1, "m1", "2:0", "0.2"),
		windowEvent(0, 2, "m1", "9:0", "1")}
	for _, c := range []struct {
		name, key, value string
		rows             []string
		want             string // empty: it passes
	}{
		{"epoch", "m1", fmt.Sprintf(`{"start": %d, "count": 2}`, start), nil, ""},
		{"ISO without a zone is UTC", "m1", `{"start": "2026-01-05 10:00:00", "count": 2}`, nil, ""},
		{"ISO with another zone", "m1", `{"start": "2026-01-05T11:00:00+01:00", "count": 2}`, nil, ""},
		{"another zone", "m1", `{"start": "2026-01-05T10:00:00+01:00", "count": 2}`, nil, "unexpected window"},
		{"a start in between", "m1", `{"start": "2026-01-05T10:00:00.0005Z", "count": 2}`, nil, "whole milliseconds"},
		{"a start beside", "m1", fmt.Sprintf(`{"start": %d, "count": 2}`, start+1), nil, "unexpected window"},
		{"another end", "m1", fmt.Sprintf(`{"start": %d, "end": %d, "count": 2}`, start, start+300_001), nil,
			"wrong window"},
		{"seconds", "m1", fmt.Sprintf(`{"w": {"from": %d}, "n": 2}`, start/1000),
			[]string{"value.w.from = {start in s}", "value.n = {count}"}, ""},
		{"seconds taken for milliseconds", "m1", fmt.Sprintf(`{"w": {"from": %d}, "n": 2}`, start/1000),
			[]string{"value.w.from = {start}", "value.n = {count}"}, "unexpected window"},
		{"a float64 sum", "m1", fmt.Sprintf(`{"start": %d, "sum": 0.30000000000000004}`, start), nil, ""},
		{"a decimal sum", "m1", fmt.Sprintf(`{"start": %d, "sum": "0.30"}`, start), []string{"value.sum = {sum as text}"},
			""},
		{"a float64 sum is no decimal", "m1", fmt.Sprintf(`{"start": %d, "sum": "0.30000000000000004"}`, start),
			[]string{"value.sum = {sum as text}"}, "wrong window"},
		{"a text is no number", "m1", fmt.Sprintf(`{"start": %d, "sum": "0.3"}`, start), nil, "want a number"},
		{"a field that is not there", "m1", fmt.Sprintf(`{"start": %d, "n": 2}`, start),
			[]string{"value.n = {count}", "value.total = {sum}"}, "there is none"},
		{"key and start", fmt.Sprintf("m1@%d", start), `2`, []string{"key = {key}@{start}", "value = {count}"}, ""},
		{"another key", fmt.Sprintf("m2@%d", start), `2`, []string{"key = {key}@{start}", "value = {count}"},
			"unexpected window"},
		{"no such key", fmt.Sprintf("m1#%d", start), `2`, []string{"key = {key}@{start}", "value = {count}"},
			"want {key}@{start}"},
		{"an at sign in the key", fmt.Sprintf("m@1@%d", start), `2`, []string{"key = {key}@{start}", "value = {count}"},
			"key m@1: 2026-01-05T10:00:00Z"},
	} {
		rules := windowRules
		if c.rows != nil {
			rules.Windows = picture(t, c.rows...)
		}
		w := verdict.NewWindows("readings", "windows", "late", rules)
		w.Window(&record.Record{Key: []byte(c.key), Value: []byte(c.value)})
		for i := range events {
			w.Input(&events[i])
		}
		err := w.Result().Err()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestLateEventsByID(t *testing.T) {
	rules := windowRules
	rules.Events, rules.Late = picture(t, "value.id = {id}"), picture(t, "value.id = {id}")
	event := func(offset int64, clock string) record.Record {
		r := windowEvent(0, offset, "m1", clock, "1")
		r.Value = fmt.Appendf(nil, `{"amount": 1, "id": "e%d"}`, offset)
		return r
	}
	events := []record.Record{event(0, "1:0"), event(1, "9:0"), event(2, "2:0")}
	for late, want := range map[string]string{
		"e2":    "",
		"":      "not set aside: readings partition 0 offset 2",
		"e2 e2": "set aside twice",
		"e2 e9": "e9 was set aside, though it is not in readings",
		"e2 e1": "set aside in time: readings partition 0 offset 1",
	} {
		w := verdict.NewWindows("readings", "windows", "late", rules)
		for i, id := range strings.Fields(late) {
			w.Late(&record.Record{Offset: int64(i), Value: fmt.Appendf(nil, `{"id": %q}`, id)})
		}
		one := window(0, "m1", "0 1 1 1 1")
		w.Window(&one)
		for i := range events {
			w.Input(&events[i])
		}
		if err := w.Result().Err(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("late %q: got %v, want %q", late, err, want)
		}
	}
}

// Where each change is emitted, the last record of a window counts, closed or not.
func TestWindowsThatAreEmittedAtEachChange(t *testing.T) {
	rules := windowRules
	rules.Updates, rules.Stream = true, verdict.PerPartition
	events := []record.Record{windowEvent(0, 0, "m1", "1:0", "5"), windowEvent(0, 1, "m1", "2:0", "7"),
		windowEvent(0, 2, "m1", "9:0", "1")}
	first, second := window(0, "m1", "0 1 5 5 5"), window(1, "m1", "0 2 12 5 7")
	open := window(2, "m1", "5 1 1 1 1")
	back := first
	back.Offset = 3
	for name, c := range map[string]struct {
		windows []record.Record
		want    string // empty: it passes
	}{
		"each change":        {[]record.Record{first, second, open}, ""},
		"some changes":       {[]record.Record{second, open}, ""},
		"the last one wrong": {[]record.Record{first, open}, "wrong window"},
		"back again":         {[]record.Record{first, second, open, back}, "wrong window"},
		"one not emitted":    {[]record.Record{first, second}, "window missing"},
		"one of nobody":      {[]record.Record{first, second, open, window(3, "m2", "0 1 1 1 1")}, "unexpected window"},
	} {
		w := verdict.NewWindows("readings", "windows", "", rules)
		for i := range c.windows {
			w.Window(&c.windows[i])
		}
		for i := range events {
			w.Input(&events[i])
		}
		if err := w.Result().Err(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestDrawnWindows(t *testing.T) {
	for _, c := range []struct {
		rows             []string
		key, value       string
		wantKey, wantVal string
	}{
		{nil, "m1", `{"start": 1767607200000, "end": "2026-01-05T11:05:00+01:00", "x": 1}`, "m1",
			`{"end":"2026-01-05T10:05:00Z","start":"2026-01-05T10:00:00Z","x":1}`},
		{nil, "m1", "no JSON", "m1", "no JSON"},
		{nil, "m1", `{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z", "count": 1}`, "m1",
			`{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z", "count": 1}`},
		{[]string{"key = {key}@{start}", "value = {count} {sum}"}, "m1@1767607200000", "2 12.5", "m1",
			`{"count":2,"start":"2026-01-05T10:00:00Z","sum":12.5}`},
		{[]string{"key = {key}@{start}", "value = {count} {sum}"}, "m1", "2 12.5", "m1", "2 12.5"},
	} {
		var p *verdict.Picture
		if c.rows != nil {
			p = picture(t, c.rows...)
		}
		got := p.Drawn(record.Record{Key: []byte(c.key), Value: []byte(c.value)})
		if string(got.Key) != c.wantKey || string(got.Value) != c.wantVal {
			t.Errorf("%v %s %s: got key %s, value %s, want %s, %s", c.rows, c.key, c.value, got.Key, got.Value, c.wantKey,
				c.wantVal)
		}
	}
}
