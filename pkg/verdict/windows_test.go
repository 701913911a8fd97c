package verdict_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

var windowRules = verdict.WindowRules{Size: 5 * time.Minute, Grace: time.Minute, IdleAfter: time.Hour, Field: "amount"}

var windowDay = time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)

// windowEvent is minute and second after ten o'clock: "1:30".
func windowEvent(p int32, offset int64, key, clock, amount string) record.Record {
	minute, second, _ := strings.Cut(clock, ":")
	m, _ := strconv.Atoi(minute)
	s, _ := strconv.ParseFloat(second, 64)
	return record.Record{Topic: "readings", Partition: p, Offset: offset, Key: []byte(key),
		Value:     []byte(`{"amount":` + amount + `}`),
		Timestamp: windowDay.Add(time.Duration(m)*time.Minute + time.Duration(s*float64(time.Second)))}
}

// window is "minute count sum min max".
func window(offset int64, key, text string) record.Record {
	f := strings.Fields(text)
	m, _ := strconv.Atoi(f[0])
	return record.Record{Topic: "windows", Offset: offset, Key: []byte(key),
		Value: fmt.Appendf(nil, `{"start":%q,"count":%s,"sum":%s,"min":%s,"max":%s}`,
			windowDay.Add(time.Duration(m)*time.Minute).Format(time.RFC3339), f[1], f[2], f[3], f[4])}
}

func lateRecord(offset int64, p, of string) record.Record {
	return record.Record{Topic: "late", Offset: offset, Headers: []record.Header{{Key: "late-source-partition",
		Value: []byte(p)}, {Key: "late-source-offset", Value: []byte(of)}}}
}

func TestWindowsFindings(t *testing.T) {
	// m1 of partition 0 has a window of two events, which has closed, and an open one; its event 3 is late.
	events := []record.Record{
		windowEvent(0, 0, "m1", "1:0", "5"), windowEvent(0, 1, "m1", "4:59.999", "7"), windowEvent(0, 2, "m1", "6:0", "1"),
		windowEvent(0, 3, "m1", "4:0", "9"),
	}
	right := []record.Record{window(0, "m1", "0 2 12 5 7")}
	late := []record.Record{lateRecord(0, "0", "3")}
	slow := append(slices.Clone(events), windowEvent(1, 0, "m2", "5:59.999", "1"))
	idle := append(slices.Clone(events), windowEvent(1, 0, "m2", "1:0", "1"), windowEvent(0, 4, "m1", "66:0.001", "1"))
	// slowest has partition 1 begin at a time, partition 0 go on to another, and partition 1 wake up then.
	slowest := func(begun, fastest string, again ...string) []record.Record {
		all := append(slices.Clone(events), windowEvent(1, 0, "m2", begun, "1"), windowEvent(0, 4, "m1", fastest, "1"))
		for _, clock := range again {
			all = append(all, windowEvent(1, 1, "m2", clock, "1"))
		}
		return all
	}
	woken := append(slices.Clone(late), lateRecord(1, "1", "1"))
	closed := append(slices.Clone(right), window(1, "m1", "5 1 1 1 1"), window(2, "m2", "0 1 1 1 1"))
	for name, c := range map[string]struct {
		events, windows, late []record.Record
		want                  []string // beginnings of findings
	}{
		"right": {events, right, late, nil},
		"missing": {events, nil, late, []string{"window missing: windows key m1: 2026-01-05T10:00:00Z to " +
			"2026-01-05T10:05:00Z: not emitted, want count 2, sum 12, min 5, max 7; every active partition is at " +
			"2026-01-05T10:06:00Z or later"}},
		"twice": {events, append(slices.Clone(right), window(2, "m1", "0 2 12 5 7")), late,
			[]string{"window twice: windows partition 0 offset 2 key m1"}},
		"changed": {events, append(slices.Clone(right), window(2, "m1", "0 3 21 5 9")), late,
			[]string{"window twice: windows partition 0 offset 2 key m1: 2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z: count " +
				"3"}},
		"wrong": {events, []record.Record{window(0, "m1", "0 1 5 5 5")}, late,
			[]string{"wrong window: windows partition 0 offset 0 key m1: 2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z: got " +
				"count 1, sum 5, min 5, max 5, want count 2"}},
		"early": {events, append(slices.Clone(right), window(1, "m1", "5 1 1 1 1")), late,
			[]string{"window early: windows partition 0 offset 1 key m1: 2026-01-05T10:05:00Z to 2026-01-05T10:10:00Z: " +
				"emitted, and partition 0 is only at 2026-01-05T10:06:00Z"}},
		"early for the slowest": {slow, right, late, []string{
			"window early: windows partition 0 offset 0 key m1: 2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z: emitted, and " +
				"partition 1 is only at 2026-01-05T10:05:59.999Z",
		}},
		"nobody's": {events, append(slices.Clone(right), window(1, "m9", "0 1 1 1 1")), late,
			[]string{"unexpected window: windows partition 0 offset 1 key m9"}},
		"no window": {events, append(slices.Clone(right), record.Record{Topic: "windows", Offset: 1, Value: []byte("{}")}),
			late, []string{
				"unexpected: windows partition 0 offset 1: no window",
			}},
		"late event dropped": {events, right, nil, []string{"not set aside: readings partition 0 offset 3 key m1: of " +
			"2026-01-05T10:04:00Z and late, as stream time was 2026-01-05T10:06:00Z already"}},
		"late event twice": {events, right, append(slices.Clone(late), lateRecord(1, "0", "3")),
			[]string{"set aside twice: late partition 0 offset 1"}},
		"set aside in time": {events, []record.Record{window(0, "m1", "0 1 5 5 5")},
			append(slices.Clone(late), lateRecord(1, "0", "1")),
			[]string{"set aside in time: readings partition 0 offset 1 key m1: of 2026-01-05T10:04:59.999Z"}},
		"set aside, no event": {events, right, append(slices.Clone(late), lateRecord(1, "0", "8")),
			[]string{"unexpected: readings partition 0 offset 8: set aside"}},
		"names no event": {events, right, append(slices.Clone(late), record.Record{Topic: "late", Offset: 1}),
			[]string{"unexpected: late partition 0 offset 1: names no event"}},
		"no sum, which another has": {append(slices.Clone(events), windowEvent(0, 4, "m1", "11:0", "2")),
			append(slices.Clone(right), record.Record{Topic: "windows", Offset: 1, Key: []byte("m1"),
				Value: []byte(`{"start":"2026-01-05T10:05:00Z","count":1,"min":1,"max":1}`)}), late,
			[]string{"wrong window: windows partition 0 offset 1 key m1: 2026-01-05T10:05:00Z to 2026-01-05T10:10:00Z: got " +
				"count 1, sum 0, min 1, max 1, want count 1, sum 1"}},
		"no end, which another has": {append(slices.Clone(events), windowEvent(0, 4, "m1", "11:0", "2")),
			append(slices.Clone(right), record.Record{Topic: "windows", Offset: 1, Key: []byte("m1"),
				Value: []byte(`{"start":"2026-01-05T10:05:00Z","end":"2026-01-05T10:10:00Z","count":1,"sum":1,"min":1,"max":1}`)}),
			late, []string{"wrong window: windows partition 0 offset 0 key m1: 2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z: " +
				"got count 2, sum 12, min 5, max 7, no end"}},
		"idle partition": {
			idle, append(slices.Clone(right), window(1, "m1", "5 1 1 1 1"), window(2, "m2", "0 1 1 1 1")), late, nil,
		},
		"idle partition wakes up": {
			append(slices.Clone(idle), windowEvent(1, 1, "m2", "2:0", "1")),
			append(slices.Clone(right), window(1, "m1", "5 1 1 1 1"), window(2, "m2", "0 1 1 1 1")),
			append(slices.Clone(late), lateRecord(1, "1", "1")), nil,
		},
		"not idle yet": {slowest("1:0", "61:0"), right, late, []string{"window early: windows partition 0 offset 0 key m1: " +
			"2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z: emitted, and partition 1 is only at 2026-01-05T10:01:00Z"}},
		"wakes up before it was idle": {slowest("1:0", "61:0", "1:1"), nil, woken, []string{
			"set aside in time: readings partition 1 offset 1 key m2: of 2026-01-05T10:01:01Z"}},
		"wakes up for a window just closed": {slowest("0:59.999", "61:0", "57:0"), closed, woken, nil},
		"wakes up for an open window": {slowest("0:59.999", "60:59.999", "57:0"), closed, woken, []string{
			"set aside in time: readings partition 1 offset 1 key m2: of 2026-01-05T10:57:00Z"}},
		"unreadable": {
			append(slices.Clone(events), record.Record{Topic: "readings", Offset: 4, Key: []byte("m1"), Value: []byte("x"),
				Timestamp: windowDay}), right, late,
			[]string{"not set aside: readings partition 0 offset 4 key m1: cannot be read"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			result := judgeWindows(c.events, c.windows, c.late)
			var got []string
			for i, f := range result.Findings {
				text := f.String()
				if i < len(c.want) && strings.HasPrefix(text, c.want[i]) {
					text = c.want[i]
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
	if r := judgeWindows(nil, right, nil); r.Outcome == verdict.Pass {
		t.Errorf("got %s without events, want no pass", r.Outcome)
	}
}

func judgeWindows(events, windows, late []record.Record) verdict.Result {
	w := verdict.NewWindows("readings", "windows", "late", windowRules)
	for i := range late {
		w.Late(&late[i])
	}
	for i := range windows {
		w.Window(&windows[i])
	}
	for i := range events {
		w.Input(&events[i])
	}
	return w.Result()
}

// wantRightWindows wants a pass of what a right windower wrote, where that is something.
func wantRightWindows(t rapid.TB, r verdict.Result, outputs int) {
	t.Helper()
	if outputs > 0 {
		wantOnly(t, r, "")
	} else if err := r.Err(); r.Outcome != verdict.Inconclusive || !strings.Contains(err.Error(), "nothing was judged") {
		t.Fatalf("got %s (%v) where no window has closed, want inconclusive", r.Outcome, err)
	}
}

// windowHistory is what a slow and obvious windower made of random events.
type windowHistory struct {
	events, windows, late []record.Record
	open                  []record.Record // windows that are not closed yet
	wrong                 []string        // of each window, a text whose sum is wrong
}

func drawWindows(t *rapid.T) (h windowHistory) {
	latest := map[int32]int{}
	type id struct {
		key   string
		start int
	}
	sums := map[id][]int{}
	for i := range rapid.IntRange(1, 60).Draw(t, "events") {
		p := int32(rapid.IntRange(0, 1).Draw(t, "partition"))
		key := fmt.Sprintf("p%d-%d", p, rapid.IntRange(0, 1).Draw(t, "key"))
		second := max(0, i*30+rapid.IntRange(-600, 60).Draw(t, "jitter"))
		amount := rapid.IntRange(-5, 5).Draw(t, "amount")
		h.events = append(h.events, windowEvent(p, int64(i), key, fmt.Sprintf("%d:%d", second/60, second%60),
			strconv.Itoa(amount)))
		start := second / 300 * 300
		if before, seen := latest[p]; seen && before >= start+360 {
			h.late = append(h.late, lateRecord(int64(len(h.late)), strconv.Itoa(int(p)), strconv.Itoa(i)))
			continue
		}
		latest[p] = max(latest[p], second)
		sums[id{key, start}] = append(sums[id{key, start}], amount)
	}
	slowest := 1 << 30
	for _, at := range latest {
		slowest = min(slowest, at)
	}
	for _, w := range slices.SortedFunc(maps.Keys(sums), func(a, b id) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}) {
		amounts, sum := sums[w], 0
		for _, a := range amounts {
			sum += a
		}
		text := func(sum int) string {
			return fmt.Sprintf("%d %d %d %d %d", w.start/60, len(amounts), sum, slices.Min(amounts), slices.Max(amounts))
		}
		if slowest < w.start+360 {
			h.open = append(h.open, window(1000, w.key, text(sum)))
			continue
		}
		h.windows = append(h.windows, window(int64(len(h.windows)), w.key, text(sum)))
		h.wrong = append(h.wrong, text(sum+1))
	}
	return h
}
