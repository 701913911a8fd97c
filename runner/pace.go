package runner

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// isWork is true of a fact that an application is done with a record, whatever became of it.
func isWork(f *journal.Fact) bool {
	return f.Kind == journal.Processed || f.Kind == journal.DeadLettered
}

// effort is what the application that did most has done, by its log or, where none logs its work, by its commits.
type effort struct {
	app, what string
	within    int64         // records, within the step
	last      *journal.Fact // of its work
}

// pace says whether the application that did most was still at work when the time of the step was up, or has stopped
// although there was more to do. Where there are findings, time is the cause only for one that was at work and had
// records left.
func (h *hints) pace(found bool) {
	e := cmp.Or(h.logged(), h.committing())
	if e == nil {
		return
	}
	if end := h.last(func(f *journal.Fact) bool {
		return f.App == e.app && (f.Kind == journal.Started || f.Kind == journal.Exited || f.Kind == journal.Killed)
	}); end != nil && end.Kind == journal.Exited { // that says more than its pace
		return
	}
	switch idle := h.to - e.last.When(); {
	case idle > (h.to-h.from)/5:
		if found || !h.isBehind(e.app) {
			return
		}
		h.add(e.last, "%q has %s nothing in the last %s, and there are records left", e.app, e.what, rounded(idle))
	case e.within > 1 && (!found || h.isBehind(e.app)):
		h.add(e.last, "%q was at work all the time, and is slow: %s %s in %s, %s a second", e.app,
			words.Counted(e.within, "record"), e.what, rounded(h.to-h.from), rate(float64(e.within)/(h.to-h.from).Seconds()))
	}
}

// logged is the work that applications have logged; nil for none.
func (h *hints) logged() *effort {
	done, within, letters := map[string]int64{}, map[string]int64{}, map[string]bool{}
	for i := range h.facts {
		f := &h.facts[i]
		if !isWork(f) {
			continue
		}
		letters[f.App] = letters[f.App] || f.Kind == journal.DeadLettered
		if done[f.App]++; f.At >= h.from {
			within[f.App]++
		}
	}
	most := busiest(done)
	if most == "" {
		return nil
	}
	what := "processed"
	if letters[most] {
		what = "processed or dead-lettered"
	}
	return &effort{most, what, within[most], h.last(func(f *journal.Fact) bool { return isWork(f) && f.App == most })}
}

// committing is the work that commits tell of, those of transactions too: how far they have moved on.
func (h *hints) committing() *effort {
	type position struct {
		group, topic string
		partition    int32
	}
	at, done, within, last := map[position]int64{}, map[string]int64{}, map[string]int64{}, map[string]*journal.Fact{}
	for i := range h.facts {
		f := &h.facts[i]
		p := position{f.Group, f.Topic, f.Partition}
		moved := f.Offset - at[p]
		if f.Kind != journal.GroupCommit || f.App == "" || f.Error != "" || moved <= 0 {
			continue
		}
		at[p], last[f.App] = f.Offset, f
		if done[f.App] += moved; f.When() >= h.from {
			within[f.App] += moved
		}
	}
	most := busiest(done)
	if most == "" {
		return nil
	}
	return &effort{most, "committed", within[most], last[most]}
}

// busiest is the application that did most; of several the first by name, and empty for none.
func busiest(done map[string]int64) (most string) {
	for app, n := range done {
		if most == "" || n > done[most] || n == done[most] && app < most {
			most = app
		}
	}
	return most
}

// rate has at most one digit behind the point, and none from 10 on.
func rate(perSecond float64) string {
	if perSecond >= 10 {
		return strconv.FormatFloat(perSecond, 'f', 0, 64)
	}
	return strconv.FormatFloat(perSecond, 'f', 1, 64)
}

// isBehind says whether the wire saw an application fetch from a partition that goes on behind all that it and the
// others of its group are done with, and have committed. What was written since its last fetch is not known.
func (h *hints) isBehind(app string) bool {
	type place struct {
		topic     string
		partition int32
	}
	groups := h.groups()
	ours := func(f *journal.Fact) bool { // a step's commit has no application, a logged one no group
		group := cmp.Or(f.Group, groups[f.App])
		return f.App == app || group != "" && group == groups[app]
	}
	ends, reached := map[place]int64{}, map[place]int64{}
	for i := range h.facts {
		f := &h.facts[i]
		at := place{f.Topic, f.Partition}
		switch {
		case (f.Kind == journal.GroupPosition || f.Kind == journal.Fetched) && f.App == app:
			if got, ok := f.Detail.(*journal.Fetch); ok {
				ends[at] = max(ends[at], min(got.HighWatermark, got.LastStableOffset))
			}
		case !ours(f):
		case isWork(f):
			reached[at] = max(reached[at], f.Offset+1)
		case (f.Kind == journal.GroupCommit || f.Kind == journal.Committed) && f.Error == "":
			reached[at] = max(reached[at], f.Offset)
		}
	}
	for at, end := range ends {
		if end > reached[at] {
			return true
		}
	}
	return false
}

// named are the groups that a step names, be it by an application.
func (h *hints) named(step string) (named []string) {
	for app, group := range h.groups() {
		if group != "" && (strings.Contains(step, strconv.Quote(group)) || strings.Contains(step, strconv.Quote(app))) {
			named = append(named, group)
		}
	}
	return named
}

// isOfOthers is true of what members of a group say that the failed step does not name, where it names one.
func (h *hints) isOfOthers(f *journal.Fact) bool {
	return f.Group != "" && len(h.judged) > 0 && !slices.Contains(h.judged, f.Group)
}

// groups tells which group each application is in: the one it was declared to be in, else the one it last spoke to.
func (h *hints) groups() map[string]string {
	declared, heard := map[string]string{}, map[string]string{}
	for i := range h.facts {
		f := &h.facts[i]
		if role, ok := f.Detail.(*journal.Role); ok && f.Kind == journal.Declared {
			declared[f.App] = role.Group
		}
		if _, ok := f.Detail.(*journal.Membership); ok && f.Group != "" {
			heard[f.App] = f.Group
		}
	}
	for app, group := range declared {
		if group != "" {
			heard[app] = group
		}
	}
	return heard
}
