package builtin

// Windows: what an application emits for windows of event time, in tables and by an oracle that computes all windows
// from the events.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func windowSteps(s *steps.Registry) {
	s.Then("{topic} holds exactly the windows of {topic} of {duration} with grace {duration}", holdsAllWindows,
		steps.Claims(steps.InTheEnd), steps.Checked(windowsCanBe))
	s.Then("{topic} holds exactly the windows of {topic} of {duration} without grace", holdsAllWindowsWithoutGrace,
		steps.Claims(steps.InTheEnd), steps.Checked(windowsCanBe))
	s.Then("{topic} holds exactly these windows:", holdsTheseWindows, steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds no windows", holdsNoWindows, steps.Claims(steps.InTheEnd))
}

// holdsTheseWindows is satisfied when the topic holds a record for each row and no other. The column window is a start
// and an end, as clock times of the declared day, which are compared with the fields start and end, in RFC 3339, of the
// record's JSON value; count, sum, min and max are fields of it as well, and key is that of the record. Columns that
// are left out are not looked at. Not looked at: columns that are left out, and the order of windows.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	  | m1  | {"amount": 7} | 10:04     |
//	  | m1  | {"amount": 1} | 10:06     |
//	Then "readings_windows" holds exactly these windows:
//	  | key | window      | count | sum |
//	  | m1  | 10:00-10:05 | 2     | 12  |
func holdsTheseWindows(ctx context.Context, topic *world.Topic, table steps.Table) error {
	rows, err := windowRows(table, world.FromContext(ctx).Variables(), topic.Written == nil || topic.Written.Draws("end"))
	if err != nil {
		return world.Final(err)
	}
	want, err := record.PatternsFromTable(table.Source, rows, world.FromContext(ctx).Variables())
	if err != nil {
		return world.Final(err)
	}
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	got := make([]record.Record, len(records))
	for i, r := range records {
		if topic.Encoded {
			if r, err = decoded(world.FromContext(ctx), ctx, r); err != nil {
				return err
			}
		}
		topic.SeeWindow(&r)
		got[i] = topic.Written.Drawn(r)
	}
	if err := topic.Written.Only("windows", windowNames...); err != nil {
		return world.Final(err)
	}
	if err := record.Compare(record.ContainsExactly, want, got); err != nil {
		err = fmt.Errorf("%q: %w", topic.Name, err)
		if len(got) > len(want) {
			return world.Final(err) // a log only grows
		}
		return err
	}
	return world.Settled(ctx, topic)
}

// windowNames are what a window may be drawn with.
var windowNames = []string{"key", "start", "end", "count", "sum", "min", "max"}

// holdsNoWindows is satisfied when nothing has been emitted, though another topic of the scenario has had records. Say
// for how long to look, or look once an application has caught up. Not looked at: windows that were there before and
// have been taken away.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	Then once "meter" has caught up, "readings_windows" holds no windows
func holdsNoWindows(ctx context.Context, topic *world.Topic) error {
	if err := topicIsEmpty(ctx, topic); err != nil {
		return err
	}
	return topic.MadeOfSomething(ctx)
}

// windowRows turns a table of windows into one of records, which may have no end.
func windowRows(table steps.Table, vars record.Vars, ends bool) ([][]string, error) {
	if len(table.Rows) < 2 {
		return nil, table.Source.Errorf("the table has no windows; to expect none, say: holds no windows")
	}
	var rows [][]string
	header := table.Rows[0]
	for i, row := range table.Rows {
		var cells []string
		for j, cell := range row {
			switch name := header[j]; {
			case name != "window" && i > 0:
				cells = append(cells, strings.ReplaceAll(cell, "${", "$${")) // variables are in it already
			case name == "key":
				cells = append(cells, name)
			case slices.Contains([]string{"count", "sum", "min", "max"}, name):
				cells = append(cells, "value."+name)
			case name != "window":
				return nil, table.Source.Errorf("got the column %q, want key, window, count, sum, min or max", name)
			case i == 0 && ends:
				cells = append(cells, "value.start", "value.end")
			case i == 0:
				cells = append(cells, "value.start")
			default:
				start, end, err := windowBounds(cell, vars)
				if err != nil {
					return nil, table.Source.Row(i).Errorf("column window: %w", err)
				}
				if cells = append(cells, start); ends {
					cells = append(cells, end)
				}
			}
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

// windowBounds reads 10:00-10:05 as start and end in RFC 3339.
func windowBounds(text string, vars record.Vars) (start, end string, err error) {
	from, to, found := strings.Cut(text, "-")
	if !found {
		return "", "", fmt.Errorf("got %q, want the start and the end of a window, such as 10:00-10:05", text)
	}
	first, err := vars.ClockTime(strings.TrimSpace(from))
	if err != nil {
		return "", "", err
	}
	last, err := vars.ClockTime(strings.TrimSpace(to))
	if err != nil {
		return "", "", err
	}
	if !last.After(first) { // past midnight
		last = last.AddDate(0, 0, 1)
	}
	return first.Format(time.RFC3339Nano), last.Format(time.RFC3339Nano), nil
}

// holdsAllWindows judges the windows of all events of a topic, however many: it computes them anew from the events, for
// each key, and holds the emitted ones against that. An event whose window had closed by stream time must be in the
// topic of late events, once, named by the headers late-source-partition and late-source-offset, and every other one is
// counted in its window. A window must be emitted once, when stream time has passed its end plus grace, and not before.
// Integers are compared exactly, other sums but for what adding them up as float64 loses. The timestamps of windows are
// not looked at. Where records are written otherwise, say so: Given the records of "…" are written as. Settings, as a
// table or YAML, that may stand under it:
//
//   - field: the number in the events' JSON values that is summed; amount
//   - late: the topic of late events; that of the events with _late behind its name; dropped where they go nowhere
//   - stream-time: whose latest event time counts: slowest partition, per partition, per task, or global. By default
//     events are late by their own partition, and windows close with the slowest one. Per partition, as in Kafka
//     Streams, windows close by their own partition too.
//   - tasks: the partitions that have a stream time in common, as 0+1, 2+3; the others are tasks of their own. In which
//     order a task read its partitions is not known: late events must be right for one order.
//   - idle-after: how much further than it the fastest partition is when a partition counts as idle; 1h. Only for the
//     slowest partition.
//   - emits: once, or updates, where each change of a window is emitted and the last one counts
//
// Partitions are taken to be filled side by side, as the stream time of each is looked at as it is at the end. Where no
// window has closed and none was emitted there is nothing to judge, which is inconclusive.
//
// Not looked at: fields beside start, end, count and sum, and headers.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	  | m1  | {"amount": 1} | 10:06     |
//	  | m1  | {"amount": 7} | 10:04     |
//	Then "readings_windows" holds exactly the windows of "readings" of 5m with grace 1m
func holdsAllWindows(ctx context.Context, windows, input *world.Topic, size, grace time.Duration,
	settings world.Settings) error {
	return judgeWindows(ctx, windows, input, verdict.WindowRules{Size: size, Grace: grace}, settings)
}

// holdsAllWindowsWithoutGrace is the same for windows that close at their end. Not looked at: fields beside start, end,
// count and sum, and headers.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	  | size  | 1h |
//	  | grace | 0s |
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	  | m1  | {"amount": 1} | 11:00     |
//	Then "readings_windows" holds exactly the windows of "readings" of 1h without grace
func holdsAllWindowsWithoutGrace(ctx context.Context, windows, input *world.Topic, size time.Duration,
	settings world.Settings) error {
	return judgeWindows(ctx, windows, input, verdict.WindowRules{Size: size}, settings)
}

func judgeWindows(ctx context.Context, windows, input *world.Topic, rules verdict.WindowRules,
	settings world.Settings) error {
	given, err := settings.Parse()
	if err != nil {
		return world.Final(err)
	}
	late, err := readWindowSettings(given, &rules)
	if err != nil {
		return world.Final(err)
	}
	var lates *world.Topic
	switch merges := rules.Stream == verdict.PerTask || rules.Stream == verdict.Global; {
	case late != droppedLate:
		late = cmp.Or(late, input.Name+"_late")
		if lates, err = world.FromContext(ctx).Present(ctx, late); err != nil {
			return err
		}
		rules.Late = lates.Written
	case merges && input.Partitions > 1:
		return world.Final(fmt.Errorf("whether an event was late cannot be told where late ones are dropped and stream time "+
			"is %s, as the order in which partitions were read is not known; name a topic of late events, or say: "+
			"stream-time: %s", rules.Stream, verdict.PerPartition))
	default:
		late = ""
	}
	rules.Events, rules.Windows = input.Written, windows.Written
	if rules.Late.Draws("id") && !input.Written.Draws("id") {
		return world.Final(fmt.Errorf("late events are told by {id} in %q, and it is not drawn where the id of an event of "+
			"%q is", late, input.Name))
	}
	if err := errors.Join(input.Written.Only("events of windows", "key", "time", "value", "id"),
		windows.Written.Only("windows", windowNames...),
		rules.Late.Only("late events", "partition", "offset", "id")); err != nil {
		return world.Final(err)
	}
	compacted, err := input.Compacted(ctx)
	if err != nil {
		return err
	}
	judge := verdict.NewEitherWindows(input.Name, windows.Name, late, rules, compacted)
	see := func(r *record.Record) {
		windows.SeeWindow(r)
		judge.Window(r)
	}
	aside := verdict.Just(verdict.SetAsideTwice)
	feeds := []world.Feed{{Topic: windows, See: see, Certain: verdict.AllBut(verdict.WindowMissing), Once: true},
		{Topic: input, See: judge.Input, Unread: judge.Unread, Certain: aside}}
	if lates != nil {
		feeds = slices.Insert(feeds, 0, world.Feed{Topic: lates, See: judge.Late, Certain: aside})
	}
	// The events last: what was emitted by then is of events that are there by then.
	return judgeDrawn(ctx, judge.Result, feeds...)
}
