package runner

import (
	"strconv"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// pace says whether the application that did most was still at work when the time of the step was up, or has stopped
// although there was more to do.
func (h *hints) pace() {
	done, within := map[string]int{}, map[string]int{}
	for i := range h.facts {
		if f := &h.facts[i]; f.Kind == journal.Processed {
			if done[f.App]++; f.At >= h.from {
				within[f.App]++
			}
		}
	}
	most := ""
	for app, n := range done {
		if most == "" || n > done[most] || n == done[most] && app < most {
			most = app
		}
	}
	if most == "" {
		return
	}
	if end := h.last(func(f *journal.Fact) bool {
		return f.App == most && (f.Kind == journal.Started || f.Kind == journal.Exited || f.Kind == journal.Killed)
	}); end != nil && end.Kind == journal.Exited { // that says more than its pace
		return
	}
	last := h.last(func(f *journal.Fact) bool { return f.Kind == journal.Processed && f.App == most })
	switch idle := h.to - last.At; {
	case idle > (h.to-h.from)/5:
		if !h.isBehind(most) {
			return
		}
		h.add(last, "%q has processed nothing in the last %s, and there are records left", most, rounded(idle))
	case within[most] > 1:
		h.add(last, "%q was at work all the time, and is slow: %s processed in %s, %s a second", most,
			words.Counted(int64(within[most]), "record"), rounded(h.to-h.from),
			rate(float64(within[most])/(h.to-h.from).Seconds()))
	}
}

// rate has at most one digit behind the point, and none from 10 on.
func rate(perSecond float64) string {
	if perSecond >= 10 {
		return strconv.FormatFloat(perSecond, 'f', 0, 64)
	}
	return strconv.FormatFloat(perSecond, 'f', 1, 64)
}

// isBehind says whether the wire saw an application fetch from a partition that goes on behind all that it processed
// and committed. What was written since its last fetch was answered is not known.
func (h *hints) isBehind(app string) bool {
	type place struct {
		topic     string
		partition int32
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
		case f.Kind == journal.Processed:
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
