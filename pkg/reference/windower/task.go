package windower

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// task has the open windows of one partition.
type task struct {
	settings settings
	policy   *Policy
	open     map[int64]map[string]*window // by start, then by key
	changed  []id                         // windows to be written to the changelog
	times    times
	written  times // as they stand in the changelog
}

// times is how far a partition is.
type times struct {
	Stream int64 `json:"stream"` // latest event time; NoTime before the first
	// watermark up to which windows were emitted; later than Stream for a partition that was idle
	Closed int64 `json:"closed"`
}

// id names a window.
type id struct {
	start int64
	key   string
}

// window is what is known of one key in one window.
type window struct {
	Count int64   `json:"count"`
	Sum   float64 `json:"sum"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`

	changed bool // it is listed in task.changed
	stored  bool // the changelog has an entry of it
}

func newTask(set settings, policy *Policy) *task {
	none := times{NoTime, NoTime}
	return &task{settings: set, policy: policy, open: map[int64]map[string]*window{}, times: none, written: none}
}

// Keys of the changelog: the times, and a window by its start and the key of its events.
var (
	timesKey     = []byte("times")
	windowPrefix = []byte("window ")
)

func (w id) changelogKey() []byte {
	return append(append(strconv.AppendInt(bytes.Clone(windowPrefix), w.start, 10), ' '), w.key...)
}

func (t *task) Restore(key, value []byte) error {
	switch {
	case bytes.Equal(key, timesKey):
		err := json.Unmarshal(value, &t.times)
		t.written = t.times
		return err
	case !bytes.HasPrefix(key, windowPrefix):
		return fmt.Errorf("got key %q, want times or a window", key)
	}
	number, rest, _ := bytes.Cut(key[len(windowPrefix):], []byte(" "))
	start, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return fmt.Errorf("got key %q, want the start of a window in it", key)
	}
	if value == nil {
		t.remove(id{start, string(rest)})
		return nil
	}
	w := t.window(start, rest)
	w.stored = true
	return json.Unmarshal(value, w)
}

// window finds or opens a window.
func (t *task) window(start int64, key []byte) *window {
	keys := t.open[start]
	if keys == nil {
		keys = map[string]*window{}
		t.open[start] = keys
	}
	w := keys[string(key)]
	if w == nil {
		w = &window{}
		keys[string(key)] = w
	}
	return w
}

func (t *task) remove(w id) {
	delete(t.open[w.start], w.key)
	if len(t.open[w.start]) == 0 {
		delete(t.open, w.start)
	}
}

// Process counts an event in its window, or sets it aside.
func (t *task) Process(r *kgo.Record, out stateful.Emitter) error {
	value, err := readEvent(r, t.settings.field)
	if err != nil {
		out.Emit(t.aside(r, "unreadable", err.Error()))
		return nil
	}
	at := t.policy.Time(r)
	start := t.policy.Start(at)
	end := start + t.settings.size
	late := t.policy.Late(at, end, max(t.times.Stream, t.times.Closed))
	t.times.Stream = max(t.times.Stream, at)
	if late {
		out.Emit(t.aside(r, "late", fmt.Sprintf("the window %s to %s has closed, stream time is %s",
			timeText(start), timeText(end), timeText(max(t.times.Stream, t.times.Closed)))))
		return nil
	}
	w := t.window(start, r.Key)
	w.add(value)
	if !w.changed {
		w.changed = true
		t.changed = append(t.changed, id{start, string(r.Key)})
	}
	return nil
}

func (w *window) add(value float64) {
	if w.Count == 0 {
		w.Min, w.Max = value, value
	}
	w.Count++
	w.Sum += value
	w.Min, w.Max = min(w.Min, value), max(w.Max, value)
}

// Note tells the other tasks the stream time.
func (t *task) Note() string {
	if t.times.Stream == NoTime {
		return ""
	}
	return strconv.FormatInt(t.times.Stream, 10)
}

// Observe emits the windows that have closed, in the order of their starts and then of their keys.
func (t *task) Observe(all []stateful.Progress, out stateful.Emitter) {
	watermark := t.policy.Watermark(all)
	// a partition without events has nothing to close, and its first one is never late
	if watermark == NoTime || t.times.Stream == NoTime {
		return
	}
	if watermark > t.times.Closed {
		t.times.Closed = watermark
		if watermark > t.times.Stream { // an idle partition: from here on its own events are late by this
			t.store(out)
		}
	}
	var closed []id
	for start, keys := range t.open {
		if !t.policy.Closed(start+t.settings.size, watermark) {
			continue
		}
		for key := range keys {
			closed = append(closed, id{start, key})
		}
	}
	slices.SortFunc(closed, func(a, b id) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key)) })
	for _, c := range closed {
		w := t.open[c.start][c.key]
		out.Emit(t.result(c, w))
		if w.stored {
			out.Changelog(c.changelogKey(), nil)
		}
		t.remove(c)
	}
}

// Commit writes what has changed to the changelog.
func (t *task) Commit(out stateful.Emitter) {
	for _, c := range t.changed {
		w := t.open[c.start][c.key]
		if w == nil { // emitted in the same transaction it was opened in
			continue
		}
		value, _ := json.Marshal(w) // numbers, none of them infinite, always encode
		out.Changelog(c.changelogKey(), value)
		w.changed, w.stored = false, true
	}
	t.changed = t.changed[:0]
	t.store(out)
}

// store writes the times to the changelog.
func (t *task) store(out stateful.Emitter) {
	if t.times == t.written {
		return
	}
	value, _ := json.Marshal(t.times)
	out.Changelog(timesKey, value)
	t.written = t.times
}

// result is what is emitted for a window. Its timestamp is the last moment of the window.
func (t *task) result(c id, w *window) *kgo.Record {
	end := c.start + t.settings.size
	// numbers and texts: no error is possible, since JSON events hold no infinite numbers
	value, _ := json.Marshal(struct {
		Start string `json:"start"`
		End   string `json:"end"`
		*window
	}{timeText(c.start), timeText(end), w})
	return &kgo.Record{Topic: t.settings.windows, Key: []byte(c.key), Value: value, Timestamp: time.UnixMilli(end - 1)}
}
