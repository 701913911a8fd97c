package lagmonitor

import (
	"log/slog"
	"time"
)

// Change is what a look changes about an alarm.
type Change int

// The changes.
const (
	None Change = iota
	Raised
	Cleared
)

// Alarm is that of one partition. A breach begins with the first look that sees a lag over the threshold, and ends with
// the first one that does not.
type Alarm struct {
	Threshold int64
	For       time.Duration // how long a breach lasts before it is alerted
	Since     time.Time     // when the breach began; zero: there is none
	Raised    bool
}

// Next takes the lag of the next look.
func (a *Alarm) Next(lag int64, now time.Time) Change {
	if lag <= a.Threshold {
		raised := a.Raised
		a.Since, a.Raised = time.Time{}, false
		if raised {
			return Cleared
		}
		return None
	}
	if a.Since.IsZero() {
		a.Since = now
	}
	if a.Raised || now.Sub(a.Since) < a.For {
		return None
	}
	a.Raised = true
	return Raised
}

// place is one partition.
type place struct {
	topic     string
	partition int32
}

// watch is what is remembered of one partition from look to look.
type watch struct {
	alarm   Alarm
	history history
	status  Status
}

// monitor is one running lag-monitor.
type monitor struct {
	settings settings
	policy   Policy
	log      *slog.Logger
	metrics  *metrics
	watches  map[place]*watch
	trouble  string // what the last look failed with; empty: nothing
}

// judge goes on with one partition: its alarm, its status, its numbers.
func (m *monitor) judge(p Partition, lag int64, now time.Time) {
	at := place{p.Topic, p.Number}
	w := m.watches[at]
	if w == nil {
		w = &watch{alarm: Alarm{Threshold: m.settings.Threshold, For: m.settings.For},
			history: history{window: m.settings.Window}, status: Unknown}
		m.watches[at] = w
	}
	since := w.alarm.Since
	place := []any{"group", m.settings.group, "topic", p.Topic, "partition", p.Number}
	switch m.policy.Next(&w.alarm, lag, now) {
	case Raised:
		m.log.Warn("alert", append(place, "lag", lag, "threshold", m.settings.Threshold, "at", stamp(now), "since",
			stamp(w.alarm.Since))...)
	case Cleared:
		m.log.Info("cleared", append(place, "lag", lag, "threshold", m.settings.Threshold, "at", stamp(now), "since",
			stamp(since))...)
	}
	w.history.add(sample{at: now, lag: lag, committed: p.Committed, owned: p.Owned})
	if status := w.history.status(); status != w.status {
		m.log.Info("status", append(place, "status", status, "was", w.status, "lag", lag, "at", stamp(now))...)
		w.status = status
	}
	m.metrics.set(p, lag, w)
}

// stamp is a time to the millisecond, in a form that sorts.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
