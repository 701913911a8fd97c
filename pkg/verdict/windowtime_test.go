package verdict_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// taskEvent is an event of a task's partition: a minute, and whether the task set it aside.
type taskEvent struct {
	minute int
	aside  bool
}

// closedAt is the minute of stream time at which an event's window closes, by windowRules.
func (e taskEvent) closedAt() int { return e.minute/5*5 + 6 }

// read reads the partitions of a task in an order that is drawn, and says of each event whether it was late.
func readTask(t *rapid.T, partitions [][]taskEvent) {
	next, stream := make([]int, len(partitions)), -1
	for {
		var open []int
		for i := range partitions {
			if next[i] < len(partitions[i]) {
				open = append(open, i)
			}
		}
		if len(open) == 0 {
			return
		}
		i := rapid.SampledFrom(open).Draw(t, "partition")
		e := &partitions[i][next[i]]
		next[i]++
		e.aside = stream >= e.closedAt()
		stream = max(stream, e.minute)
	}
}

// someOrder tries all orders of reading.
func someOrder(partitions [][]taskEvent, next []int, stream int) bool {
	done := true
	for i := range partitions {
		if next[i] == len(partitions[i]) {
			continue
		}
		done = false
		e := partitions[i][next[i]]
		if e.aside != (stream >= e.closedAt()) {
			continue
		}
		further := slices.Clone(next)
		further[i]++
		if someOrder(partitions, further, max(stream, e.minute)) {
			return true
		}
	}
	return done
}

// judgeTask writes what a task of some partitions made of its events, and judges it. Outputs are what it wrote.
func judgeTask(partitions [][]taskEvent, rules verdict.WindowRules) (result verdict.Result, outputs int) {
	w := verdict.NewWindows("readings", "windows", "late", rules)
	counts, stream := map[int]int{}, -1
	var events []record.Record
	for p, list := range partitions {
		for offset, e := range list {
			r := windowEvent(int32(p), int64(offset), "m1", fmt.Sprintf("%d:0", e.minute), "1")
			events = append(events, r)
			if e.aside {
				late := lateRecord(int64(len(events)), strconv.Itoa(p), strconv.Itoa(offset))
				w.Late(&late)
				outputs++
				continue
			}
			counts[e.minute/5*5]++
			stream = max(stream, e.minute)
		}
	}
	for i, start := range slices.Sorted(maps.Keys(counts)) {
		if stream >= start+6 {
			r := window(int64(i), "m1", fmt.Sprintf("%d %d %d 1 1", start, counts[start], counts[start]))
			w.Window(&r)
			outputs++
		}
	}
	for i := range events {
		w.Input(&events[i])
	}
	return w.Result(), outputs
}

// An order of reading is found exactly where there is one.
func TestStreamTimeOfTasksAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		partitions := make([][]taskEvent, rapid.IntRange(1, 3).Draw(t, "partitions"))
		for i := range partitions {
			for range rapid.IntRange(1, 5).Draw(t, "events") {
				partitions[i] = append(partitions[i], taskEvent{minute: rapid.IntRange(0, 25).Draw(t, "minute")})
			}
		}
		rules := windowRules
		rules.Stream = rapid.SampledFrom([]verdict.StreamTime{verdict.Global, verdict.PerTask}).Draw(t, "stream")
		rules.Tasks = [][]int32{{0, 1, 2}}
		readTask(t, partitions)
		right, outputs := judgeTask(partitions, rules)
		wantRightWindows(t, right, outputs)

		p := rapid.IntRange(0, len(partitions)-1).Draw(t, "where")
		e := &partitions[p][rapid.IntRange(0, len(partitions[p])-1).Draw(t, "which")]
		e.aside = !e.aside
		possible := someOrder(partitions, make([]int, len(partitions)), -1)
		r, _ := judgeTask(partitions, rules)
		order := slices.ContainsFunc(r.Kinds, func(k verdict.KindTotal) bool {
			return k.Kind == verdict.NotSetAside || k.Kind == verdict.SetAsideInTime
		})
		if order == possible {
			t.Fatalf("got %s (%v), and there is an order of reading: %v; %v", r.Outcome, r.Err(), possible, partitions)
		}
	})
}

// Each kind of stream time says something else about the same topics: partition 0 is at minute 12, partition 1 at 3.
func TestKindsOfStreamTime(t *testing.T) {
	events := []record.Record{
		windowEvent(0, 0, "a", "1:0", "1"), windowEvent(0, 1, "a", "12:0", "1"),
		windowEvent(1, 0, "b", "2:0", "1"), windowEvent(1, 1, "b", "3:0", "1"),
	}
	first, second := window(0, "a", "0 1 1 1 1"), window(1, "b", "0 2 2 1 1")
	half := window(1, "b", "0 1 1 1 1")
	late := []record.Record{lateRecord(0, "1", "1")}
	for _, c := range []struct {
		name    string
		stream  verdict.StreamTime
		tasks   [][]int32
		windows []record.Record
		late    []record.Record
		want    string // a part of what is found; empty: nothing
	}{
		{"slowest", verdict.SlowestPartition, nil, nil, nil, "nothing was judged: no window of readings has closed"},
		{"slowest, one is early", verdict.SlowestPartition, nil, []record.Record{first}, nil, "window early"},
		{"partition", verdict.PerPartition, nil, []record.Record{first}, nil, ""},
		{"partition, one is missing", verdict.PerPartition, nil, nil, nil, "window missing: windows key a"},
		{"partition, one is early", verdict.PerPartition, nil, []record.Record{first, second}, nil,
			"partition 1 is only at 2026-01-05T10:03:00Z"},
		{"partition, not late", verdict.PerPartition, nil, []record.Record{first, half}, late, "set aside in time"},
		{"global", verdict.Global, nil, []record.Record{first, second}, nil, ""},
		{"global, the last one was read behind the second", verdict.Global, nil, []record.Record{first, half}, late, ""},
		{"global, one is missing", verdict.Global, nil, []record.Record{first}, nil, "window missing: windows key b"},
		{"one task", verdict.PerTask, [][]int32{{0, 1}}, []record.Record{first, second}, nil, ""},
		{"one task, one is missing", verdict.PerTask, [][]int32{{0, 1}}, []record.Record{second}, nil,
			"window missing: windows key a"},
		{"two tasks", verdict.PerTask, [][]int32{{0}, {1}}, []record.Record{first}, nil, ""},
		{"two tasks, not late", verdict.PerTask, [][]int32{{0}, {1}}, []record.Record{first, half}, late,
			"set aside in time"},
	} {
		rules := windowRules
		rules.Stream, rules.Tasks = c.stream, c.tasks
		w := verdict.NewWindows("readings", "windows", "late", rules)
		for i := range c.late {
			w.Late(&c.late[i])
		}
		for i := range c.windows {
			w.Window(&c.windows[i])
		}
		for i := range events {
			w.Input(&events[i])
		}
		r := w.Result()
		if err := r.Err(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
