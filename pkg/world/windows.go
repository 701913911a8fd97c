package world

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

const (
	mostWindows = 1000 // of a topic that are told to the journal
	mostOthers  = 20   // records that are no windows before a topic is taken for one of something else
)

// windows are the records of a topic that hold the result of a window, of those that steps have read.
type windows struct {
	mu     sync.Mutex // a look that nobody waits for any more may go on
	found  map[place]journal.Fact
	others int
}

// SeeWindow takes note of a record that a step has read as the result of a window, decoded where it was encoded.
func (t *Topic) SeeWindow(r *record.Record) { t.windows.see(r, t.Written, true, false) }

func (w *windows) see(r *record.Record, drawn *verdict.Picture, certain, named bool) {
	at := place{r.Partition, r.Offset}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, known := w.found[at]
	if known || len(w.found) == mostWindows || !certain && len(w.found) == 0 && w.others >= mostOthers {
		return
	}
	key, start, end, ok := verdict.WindowOf(r, drawn, certain || named)
	if !ok {
		w.others++
		return
	}
	if w.found == nil {
		w.found = map[place]journal.Fact{}
	}
	window := &journal.Window{Start: start.Format(time.RFC3339Nano)}
	if !end.IsZero() {
		window.End = end.Format(time.RFC3339Nano)
	}
	w.found[at] = journal.Fact{Kind: journal.WindowWritten, Partition: r.Partition, Offset: r.Offset, Key: key,
		Detail: window}
}

// noting has windows noted among the records that are read of a topic, whatever the step looks for: those whose fields
// say so. Of a topic with other records only the first are looked at.
func (t *Topic) noting(see func(*record.Record)) func(*record.Record) {
	if t.Encoded {
		return see
	}
	named := strings.Contains(strings.ToLower(t.Name), "window")
	return func(r *record.Record) {
		t.windows.see(r, t.Written, false, named)
		see(r)
	}
}

// TellWindows puts the windows that steps have read into the journal, with what wrote them and when. Those of which the
// wire did not see that are left out. It is for the end of a scenario, as what is told in between is news to those who
// wait for all to be quiet.
func (w Scenario) TellWindows() {
	for _, t := range w.allTopics() {
		for _, f := range t.writtenWindows() {
			w.Journal.Add(f)
		}
	}
}

func (t *Topic) writtenWindows() (told []journal.Fact) {
	t.windows.mu.Lock()
	defer t.windows.mu.Unlock()
	if len(t.windows.found) == 0 {
		return nil
	}
	t.world.written(t.Name, func(written *journal.Fact) {
		for offset := written.Offset; offset < written.Offset+written.Count; offset++ {
			at := place{written.Partition, offset}
			f := t.windows.found[at]
			window, found := f.Detail.(*journal.Window)
			if !found {
				continue
			}
			window.Written = written.At
			f.Source, f.App, f.Topic, f.Request = written.Source, written.App, t.Name, written.Request
			told = append(told, f)
			delete(t.windows.found, at) // once
		}
	})
	slices.SortStableFunc(told, func(a, b journal.Fact) int { return cmp.Compare(a.When(), b.When()) })
	return told
}
