package journal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxText bounds the last column of a timeline, in characters.
const maxText = 200

// Timeline shows the facts keep wants, one per line, oldest first, in aligned
// columns: time, application, kind, topic/partition/offset, and the rest. Of
// more than limit facts the last are shown; limit 0 or less shows all. Facts
// left out and log lines dropped are said.
func (j *Journal) Timeline(keep func(*Fact) bool, limit int) string {
	facts := j.Select(keep)
	var out strings.Builder
	if limit > 0 && len(facts) > limit {
		fmt.Fprintf(&out, "… %d earlier facts\n", len(facts)-limit)
		facts = facts[len(facts)-limit:]
	}
	out.WriteString(j.droppedLines())
	rows := make([][]string, len(facts))
	for i := range facts {
		rows[i] = facts[i].row()
	}
	return out.String() + table(rows)
}

// droppedLines says which lines of logs are no longer kept.
func (j *Journal) droppedLines() string {
	var out strings.Builder
	dropped := j.Dropped()
	for _, app := range slices.Sorted(maps.Keys(dropped)) {
		fmt.Fprintf(&out, "… %d earlier log lines of %q were dropped\n", dropped[app], app)
	}
	return out.String()
}

// row is a fact in columns.
func (f *Fact) row() []string {
	return []string{moment(f.When()), f.who(), string(f.Kind), f.where(), f.what()}
}

// table aligns rows of five columns. Rows of two stand for what is left out.
func table(rows [][]string) string {
	var out strings.Builder
	var widths [4]int
	for _, row := range rows {
		for c := range min(len(row)-1, len(widths)) {
			widths[c] = max(widths[c], utf8.RuneCountInString(row[c]))
		}
	}
	for _, row := range rows {
		var text strings.Builder
		for c, width := range widths[:len(row)-1] {
			if width == 0 {
				continue
			}
			gap := strings.Repeat(" ", width-utf8.RuneCountInString(row[c]))
			if c == 0 { // times line up at their unit
				text.WriteString(gap + row[c])
			} else {
				text.WriteString(row[c] + gap)
			}
			text.WriteString("  ")
		}
		text.WriteString(row[len(row)-1])
		out.WriteString(strings.TrimRight(text.String(), " ") + "\n")
	}
	return out.String()
}

// moment is in seconds with milliseconds: a scenario's scale.
func moment(at time.Duration) string { return fmt.Sprintf("%.3fs", at.Seconds()) }

func (f *Fact) who() string {
	if f.App != "" {
		return f.App
	}
	return f.Source
}

// where is topic/partition/offset as far as they are known.
func (f *Fact) where() string {
	switch {
	case f.Topic == "":
		return ""
	case f.Partition < 0:
		return f.Topic
	case f.Offset < 0:
		return fmt.Sprintf("%s/%d", f.Topic, f.Partition)
	}
	return fmt.Sprintf("%s/%d/%d", f.Topic, f.Partition, f.Offset)
}

// what is the rest on one line.
func (f *Fact) what() string {
	var l list
	if f.Text != "" {
		l = append(l, oneLine(f.Text))
	}
	l.add("key", f.Key)
	if f.Count != 0 {
		l.add("count", f.Count)
	}
	l.add("group", f.Group)
	if fault, ok := f.Detail.(*Fault); ok && f.Request != nil {
		l = append(l, fault.text(f.Request.API))
	} else if f.Detail != nil && f.Detail.String() != "" {
		l = append(l, f.Detail.String())
	}
	l.add("error", f.Error)
	return shorten(l.String())
}

// quote leaves plain words as they are, as slog's text handler does.
func quote(s string) string {
	q := strconv.Quote(s)
	if len(q) == len(s)+2 && !strings.ContainsAny(s, " =") {
		return s
	}
	return q
}

// oneLine shows line breaks and bytes that would disturb a terminal.
func oneLine(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText-1]) + "…"
}
