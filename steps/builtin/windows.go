package builtin

// Windows: what an application emits for windows of event time, in tables and by an oracle that computes all windows
// from the events.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func windowSteps(s *steps.Registry) {
	s.Then("{topic} holds exactly the windows of {topic} of {duration} with grace {duration}", holdsAllWindows,
		steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds exactly the windows of {topic} of {duration} without grace", holdsAllWindowsWithoutGrace,
		steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds exactly these windows:", holdsTheseWindows, steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds no windows", holdsNoWindows, steps.Claims(steps.InTheEnd))
}

// holdsTheseWindows is satisfied when the topic holds a record for each row and no other. The column window is a start
// and an end, as clock times of the declared day, which are compared with the fields start and end, in RFC 3339, of the
// record's JSON value; count, sum, min and max are fields of it as well, and key is that of the record. Columns that
// are left out are not looked at.
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
	rows, err := windowRows(table, world.FromContext(ctx).Variables())
	if err != nil {
		return world.Final(err)
	}
	want, err := record.PatternsFromTable(table.Source, rows, world.FromContext(ctx).Variables())
	if err != nil {
		return world.Final(err)
	}
	return compare(ctx, record.ContainsExactly, topic, want)
}

// holdsNoWindows is satisfied when nothing has been emitted. Say for how long to look, or look once an application has
// caught up.
//
//	Given topic "readings_windows" with 1 partition
//	Then for 100ms "readings_windows" holds no windows
func holdsNoWindows(ctx context.Context, topic *world.Topic) error {
	return topicIsEmpty(ctx, topic)
}

// windowRows turns a table of windows into one of records.
func windowRows(table steps.Table, vars record.Vars) ([][]string, error) {
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
				cells = append(cells, cell)
			case name == "key":
				cells = append(cells, name)
			case slices.Contains([]string{"count", "sum", "min", "max"}, name):
				cells = append(cells, "value."+name)
			case name != "window":
				return nil, table.Source.Errorf("got the column %q, want key, window, count, sum, min or max", name)
			case i == 0:
				cells = append(cells, "value.start", "value.end")
			default:
				start, end, err := windowBounds(cell, vars)
				if err != nil {
					return nil, table.Source.Row(i).Errorf("column window: %w", err)
				}
				cells = append(cells, start, end)
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
// each key, and holds the emitted ones against that. An event whose window had closed by the stream time of its own
// partition must be in the topic of late events, once, named by the headers late-source-partition and
// late-source-offset, and every other one is counted in its window. A window must be emitted once, when the slowest
// active partition has passed its end plus grace, and not before. Settings, as a table or YAML, that may stand under
// it:
//
//   - field: the number in the events' JSON values that is summed; amount
//   - late: the topic of late events; that of the events with _late behind its name
//   - idle-after: how much further than it the fastest partition is when a partition counts as idle; 1h
//
// Partitions are taken to be filled side by side, as the stream time of each is looked at as it is at the end.
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

// holdsAllWindowsWithoutGrace is the same for windows that close at their end.
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
	given, err := app.ParseSettings(settings.YAML, fmt.Sprintf("%s:%d", settings.Source.File, settings.Source.Line))
	if err != nil {
		return world.Final(err)
	}
	rules.Field, rules.IdleAfter = given.String("field", "amount"), given.Duration("idle-after", time.Hour)
	late := given.String("late", input.Name+"_late")
	if err := given.Err(); err != nil {
		return world.Final(err)
	}
	lates, err := world.FromContext(ctx).Topic(late)
	if err != nil {
		return err
	}
	judge := verdict.NewWindows(input.Name, windows.Name, late, rules)
	// The events last: what was emitted by then is of events that are there by then.
	return judgeTopics(ctx, judge.Result, world.Feed{Topic: lates, See: judge.Late},
		world.Feed{Topic: windows, See: judge.Window}, world.Feed{Topic: input, See: judge.Input})
}
