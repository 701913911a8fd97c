package world

import (
	"fmt"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

const windowValue = `{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:05:00Z"}`

func window(offset int64, value string) *record.Record {
	return &record.Record{Topic: "totals", Offset: offset, Key: fmt.Appendf(nil, "m%d", offset), Value: []byte(value)}
}

// Windows are told at the end, once each, with the request that wrote them and its time; what the wire did not see
// being written is not.
func TestWindowsAreToldWithTheirWriter(t *testing.T) {
	topic := &Topic{Name: "totals"}
	w := Scenario{&World{Journal: journal.New(), topics: map[string]*Topic{"totals": topic}}}
	topic.world = w.World
	request := &journal.Request{API: "Produce", Correlation: 7, Outcome: journal.Answered}
	w.Journal.Add(journal.Fact{Kind: journal.ProduceAttempt, Source: journal.SourceWire, App: "meter", Topic: "totals",
		Offset: 2, Count: 2, Request: request, Detail: &journal.Attempt{}})
	for range 2 { // two looks
		topic.SeeWindow(window(1, windowValue))
		topic.SeeWindow(window(2, windowValue))
		topic.SeeWindow(window(3, "no window"))
	}
	w.TellWindows()
	w.TellWindows()
	told := w.Journal.Select(journal.Kinds(journal.WindowWritten))
	if len(told) != 1 {
		t.Fatalf("got %d windows told, want the one that was written: %v", len(told), told)
	}
	f, written := told[0], w.Journal.Select(journal.Kinds(journal.ProduceAttempt))[0]
	if f.App != "meter" || f.Topic != "totals" || f.Offset != 2 || f.Key != "m2" || f.Request != request ||
		f.When() != written.At || f.At < written.At {
		t.Errorf("got %+v, want it as it was written at %s", f, written.At)
	}
	if got := f.Detail.String(); got != "2026-01-05T10:00:00Z to 2026-01-05T10:05:00Z" {
		t.Errorf("got %q, want the window", got)
	}
}

// What is read of a topic that holds other things costs nothing after the first records.
func TestWindowsAmongOtherRecords(t *testing.T) {
	for _, c := range []struct {
		name, topic string
		others      int
		want        int
	}{
		{"start and end alone say nothing", "totals", 0, 0},
		{"but in a topic of windows", "totals.Windows", 0, 3},
		{"with a few others before", "totals_windows", mostOthers - 1, 3},
		{"with many others before", "totals_windows", mostOthers, 0},
	} {
		topic := &Topic{Name: c.topic}
		seen := 0
		see := topic.noting(func(*record.Record) { seen++ })
		for i := range c.others {
			see(window(int64(100+i), "no window"))
		}
		for i := range int64(3) {
			see(window(i, windowValue))
		}
		if len(topic.windows.found) != c.want || seen != c.others+3 {
			t.Errorf("%s: got %d windows of %d records, want %d of %d", c.name, len(topic.windows.found), seen, c.want,
				c.others+3)
		}
	}
	many := &Topic{Name: "windows"}
	for i := range int64(mostWindows + 5) {
		many.SeeWindow(window(i, windowValue))
	}
	if len(many.windows.found) != mostWindows {
		t.Errorf("got %d windows kept, want %d", len(many.windows.found), mostWindows)
	}
}
