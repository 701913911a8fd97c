package wrong

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// winVariants are those of windower.
func winVariants() []Variant {
	type policy = windower.Policy
	return variants(windower.RunWith, []mistake[policy]{
		{"win-processing-time", "counts events in windows of the time it reads them at", func(p *policy) {
			p.Time = func(*kgo.Record) int64 { return time.Now().UnixMilli() }
		}},
		{"win-boundary", "counts an event exactly on a window's end in that window, not in the next", func(p *policy) {
			right := p.Start
			p.Start = func(at int64) int64 { return right(at - 1) }
		}},
		{"win-early", "emits windows at their end, before the grace is over", func(p *policy) {
			p.Closed = func(end, watermark int64) bool { return watermark >= end }
		}},
		{"win-out-of-order-dropped", "sets aside every event that is out of order, grace or not", func(p *policy) {
			p.Late = func(at, _, stream int64) bool { return at < stream }
		}},
		{"win-late-updates", "emits a window again when a late event comes for it", func(p *policy) {
			p.Wrap = observing(emitter{emit: updating()})
		}},
		{"win-double-emission", "emits windows again after a restart", func(p *policy) {
			p.Wrap = observing(emitter{emit: remembering, changelog: func(out stateful.Emitter, key, value []byte) {
				if value != nil {
					out.Changelog(key, value)
				}
			}})
		}},
		{"win-state-lost", "forgets at a restart what is in open windows", func(p *policy) {
			p.Wrap = func(right stateful.Observer) stateful.Observer { return forgets{right} }
		}},
		{"win-late-dropped", "drops late events instead of setting them aside", func(p *policy) {
			p.Wrap = observing(emitter{emit: func(out stateful.Emitter, r *kgo.Record) {
				if !isLate(r) {
					out.Emit(r)
				}
			}})
		}},
		{"win-fastest", "closes windows when the fastest partition has passed their end: shows with two partitions of " +
			"different pace", func(p *policy) {
			p.Watermark = func(all []stateful.Progress) int64 {
				fastest := int64(windower.NoTime)
				for _, one := range all {
					fastest = max(fastest, windower.StreamTime(one))
				}
				return fastest
			}
		}},
		{"win-idle-holds", "lets an idle partition hold windows back for ever", func(p *policy) {
			right := p.Watermark
			p.Watermark = func(all []stateful.Progress) int64 {
				for i := range all {
					all[i].AtEnd = false
				}
				return right(all)
			}
		}},
	})
}

// forgets is a task that takes nothing back from its changelog.
type forgets struct{ stateful.Observer }

func (forgets) Restore(_, _ []byte) error { return nil }

// isLate tells a record that is set aside, by the header windower gives it.
func isLate(r *kgo.Record) bool {
	for _, h := range r.Headers {
		if h.Key == windower.HeaderReason {
			return true
		}
	}
	return false
}

// emittedWindow is the value of a window that is emitted.
type emittedWindow struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Count int64     `json:"count"`
	Sum   float64   `json:"sum"`
	Min   float64   `json:"min"`
	Max   float64   `json:"max"`

	record *kgo.Record
}

// readWindow reads it; the right application wrote it, so it is well formed.
func readWindow(r *kgo.Record) *emittedWindow {
	w := &emittedWindow{record: r}
	_ = json.Unmarshal(r.Value, w)
	return w
}

// remembering keeps windows that are emitted in the changelog, as if they were open.
func remembering(out stateful.Emitter, r *kgo.Record) {
	out.Emit(r)
	if !isLate(r) {
		out.Changelog(fmt.Appendf(nil, "window %d %s", readWindow(r).Start.UnixMilli(), r.Key), r.Value)
	}
}

// updating counts a late event in its window that was emitted, and emits that once more.
func updating() func(stateful.Emitter, *kgo.Record) {
	var windows []*emittedWindow
	return func(out stateful.Emitter, r *kgo.Record) {
		out.Emit(r)
		if !isLate(r) {
			windows = append(windows, readWindow(r))
			return
		}
		var event struct{ Amount float64 }
		if err := json.Unmarshal(r.Value, &event); err != nil {
			return
		}
		for _, w := range windows {
			if string(w.record.Key) != string(r.Key) || r.Timestamp.Before(w.Start) || !r.Timestamp.Before(w.End) {
				continue
			}
			w.Count++
			w.Sum += event.Amount
			w.Min, w.Max = min(w.Min, event.Amount), max(w.Max, event.Amount)
			again := *w.record
			again.Value, _ = json.Marshal(w) // numbers and times always encode
			out.Emit(&again)
		}
	}
}
