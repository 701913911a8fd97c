package builtin

// The lag that a partition had, by what steps sent and what the group committed.

import (
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func readAlertSettings(given app.Settings, err error) (within time.Duration, _ error) {
	if err != nil {
		return 0, err
	}
	within = given.Duration("within", 0)
	return within, given.Err()
}

func alertsCanBe(_ world.Surroundings, m steps.Match) error {
	return m.Settings(func(given app.Settings) error {
		_, err := readAlertSettings(given, nil)
		return err
	})
}

// lagHistory is about one partition, of which nothing was deleted.
type lagHistory struct {
	group     *world.Group
	topic     *world.Topic
	partition int32
	committed int64 // now; -1: nothing is
	threshold int64
}

// logged is how much later than it happened a line of a log is read, at most.
const logged = time.Second

// untold finds breaches that lasted longer than within, ended with a commit, and had no alert.
func (h lagHistory) untold(w *world.World, alerts []journal.Fact, within time.Duration, judge *verdict.Alerts) {
	commits := h.commits(w)
	if len(commits) == 0 || commits[len(commits)-1].Offset != h.committed {
		return // somebody commits whom we do not see
	}
	growth := h.topic.Growth()
	at, since := int64(0), time.Duration(0)
	for _, c := range commits {
		for _, g := range growth {
			if lag := g.Ends[h.partition] - at; lag > h.threshold {
				from := max(g.At, since)
				if lasted := c.At - from; lasted > within && !h.told(alerts, from, c.At+logged) {
					judge.Untold(h.topic.Name, h.partition, lag, lasted)
				}
				break
			}
		}
		at, since = c.Offset, c.At
	}
}

// tooSoon finds alerts that were cleared though the group has committed nothing since they were raised.
func (h lagHistory) tooSoon(w *world.World, alerts []journal.Fact, judge *verdict.Alerts) {
	commits := h.commits(w)
	if last := len(commits) - 1; last < 0 && h.committed >= 0 || last >= 0 && commits[last].Offset != h.committed {
		return // somebody commits whom we do not see
	}
	var raised *journal.Fact
	for _, f := range alerts {
		switch {
		case f.Partition != h.partition:
		case f.Kind == journal.Alert:
			raised = &f
		case raised != nil:
			if !slices.ContainsFunc(commits, func(c journal.Fact) bool {
				return c.At >= raised.At-logged && c.At <= f.At+logged
			}) {
				judge.ClearedTooSoon(h.topic.Name, h.partition, raised.Fields()["lag"])
			}
			raised = nil
		}
	}
}

// commits are those of the partition, each at the time from which it was in force: that of a transaction from its end.
func (h lagHistory) commits(w *world.World) (all []journal.Fact) {
	w.InForce(func(f *journal.Fact) bool {
		c, is := f.Detail.(*journal.Commit)
		return f.Kind == journal.GroupCommit && f.Group == h.group.Name && f.Topic == h.topic.Name &&
			f.Partition == h.partition && is && c.Code == 0
	}, func(f, end *journal.Fact) {
		c := *f
		if end != nil {
			c.At = end.At
		}
		all = append(all, c)
	})
	return all
}

// told is true where an alert was raised at some time of a span.
func (h lagHistory) told(alerts []journal.Fact, from, to time.Duration) bool {
	raised := false
	for _, f := range alerts {
		if f.Partition != h.partition {
			continue
		}
		if f.At > to {
			break
		}
		if raised = f.Kind == journal.Alert; raised && f.At >= from {
			return true
		}
		if f.At >= from { // cleared within: it was raised before
			return true
		}
	}
	return raised
}
