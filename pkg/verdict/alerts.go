package verdict

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Alerts judges the alerts of a lag monitor: each stands for one breach of the
// threshold, is raised once, and cleared once when the breach is over. It finds
// alerts that are repeated, that were raised although the lag they name was no
// breach (exactly at the threshold is none) or more than the log ever held, or
// on a partition that does not exist, alerts cleared twice or before their
// breach was over, breaches that nobody was told of, and, against the lag at
// the end, alerts that are missing or were not cleared.
//
// Raised and Cleared are fed in the order they happened on each partition.
//
// Memory grows with the partitions.
type Alerts struct {
	threshold int64
	places    map[place]*alarm
	found     collector
	judged    int64
}

// alarm is what is known of one partition.
type alarm struct {
	open     bool
	ever     bool // raised at least once
	openLag  int64
	highest  int64 // lag that an alert names
	lag      int64 // at the end
	end      int64 // of the log; 0: not known
	lagKnown bool
}

// NewAlerts judges alerts of lags over a threshold.
func NewAlerts(threshold int64) *Alerts {
	return &Alerts{threshold: threshold, places: map[place]*alarm{}}
}

// Raised takes an alert with the lag and the threshold it names.
func (a *Alerts) Raised(topic string, partition int32, lag, threshold int64) {
	a.judged++
	p := a.at(topic, partition)
	switch {
	case threshold != a.threshold:
		a.find(AlertWithoutBreach, topic, partition, "raised for a threshold of %d, which is %d", threshold, a.threshold)
	case lag == a.threshold:
		a.find(AlertWithoutBreach, topic, partition, "raised at a lag of %d, which is the threshold and not over it", lag)
	case lag < a.threshold:
		a.find(AlertWithoutBreach, topic, partition, "raised at a lag of %d, which is not over the threshold of %d", lag,
			a.threshold)
	}
	if p.open {
		a.find(AlertRepeated, topic, partition, "raised at a lag of %d, though the alert raised at %d was not cleared", lag,
			p.openLag)
	}
	p.open, p.ever, p.openLag, p.highest = true, true, lag, max(p.highest, lag)
}

// Cleared takes the end of an alert, with the lag that it names.
func (a *Alerts) Cleared(topic string, partition int32, lag int64) {
	a.judged++
	p := a.at(topic, partition)
	switch {
	case !p.ever:
		a.find(ClearedWithoutAlert, topic, partition, "cleared at a lag of %d, and no alert was raised before", lag)
	case !p.open:
		a.find(ClearedWithoutAlert, topic, partition, "cleared at a lag of %d for a second time", lag)
	case lag > a.threshold:
		a.find(ClearedWithoutAlert, topic, partition, "cleared at a lag of %d, which is still over the threshold of %d", lag,
			a.threshold)
	}
	p.open = false
}

// ClearedTooSoon takes an alert that was cleared though the lag that it names cannot have become less.
func (a *Alerts) ClearedTooSoon(topic string, partition int32, lag string) {
	a.judged++
	a.find(ClearedWithoutAlert, topic, partition, "cleared, and the group has committed nothing since the alert of a lag "+
		"of %s", lag)
}

// Lag takes the true lag of a partition at the end, as somebody else than the monitor has measured it.
func (a *Alerts) Lag(topic string, partition int32, lag int64) {
	if lag > a.threshold { // else there is nothing that an alert would be of
		a.judged++
	}
	p := a.at(topic, partition)
	p.lag, p.lagKnown = lag, true
}

// End takes the high watermark of a partition, read after all alerts were: no lag was ever larger.
func (a *Alerts) End(topic string, partition int32, end int64) { a.at(topic, partition).end = end }

// Untold takes a breach that was over before anybody was told of it: the lag was at least so much, for at least so
// long.
func (a *Alerts) Untold(topic string, partition int32, lag int64, lasted time.Duration) {
	a.judged++
	a.find(AlertMissing, topic, partition, "the lag was %d for %v or longer, and no alert was raised", lag,
		lasted.Round(time.Millisecond))
}

func (a *Alerts) at(topic string, partition int32) *alarm {
	return valueOf(a.places, place{topic: topic, partition: partition})
}

func (a *Alerts) find(kind, topic string, partition int32, format string, arguments ...any) {
	a.found.add(Finding{Kind: kind, Topic: topic, Partition: partition, Offset: -1}, format, arguments...)
}

// Result judges what was fed so far.
func (a *Alerts) Result() Result {
	found := a.found.clone()
	known := map[string]bool{} // topics whose partitions are
	for at, p := range a.places {
		known[at.topic] = known[at.topic] || p.lagKnown
	}
	for _, at := range slices.SortedFunc(maps.Keys(a.places), place.compare) {
		p := a.places[at]
		f := Finding{Topic: at.topic, Partition: at.partition, Offset: -1}
		if p.end > 0 && p.highest > p.end {
			f.Kind = AlertWithoutBreach
			found.add(f, "raised at a lag of %d, and the log has never held more than %d", p.highest, p.end)
		}
		switch {
		case !p.lagKnown && p.ever && known[at.topic]:
			f.Kind = AlertWithoutBreach
			found.add(f, "raised, and %s has no such partition", at.topic)
		case !p.lagKnown:
		case p.lag > a.threshold && !p.open:
			f.Kind = AlertMissing
			found.add(f, "the lag is %d and no alert is raised", p.lag)
		case p.lag <= a.threshold && p.open:
			f.Kind = AlertNotCleared
			found.add(f, "the lag is %d and the alert raised at a lag of %d was not cleared", p.lag, p.openLag)
		}
	}
	return found.pronounce(fmt.Sprintf("alerts over a lag of %d", a.threshold), a.judged,
		fmt.Sprintf("there is neither an alert nor a lag over %d", a.threshold))
}
