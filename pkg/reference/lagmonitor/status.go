package lagmonitor

import (
	"math"
	"time"
)

// Status says what a group does about a partition.
//
// The rules are those of Burrow, LinkedIn's lag checker (its wiki, "Consumer Lag Evaluation Rules"), over the looks of
// a window of time in place of a number of commits: a commit that repeats the same offset cannot be seen from outside,
// so whether somebody is at work on a partition is told by the group's members.
type Status string

// The statuses.
const (
	Unknown Status = "unknown" // not watched for a whole window yet
	OK      Status = "ok"      // caught up at some look, or getting nearer
	Slow    Status = "slow"    // commits move, and the lag does not shrink
	Stalled Status = "stalled" // a member has the partition, and its commit does not move
	Stopped Status = "stopped" // nobody has the partition, and the commit does not move
)

var statuses = []Status{Unknown, OK, Slow, Stalled, Stopped}

// sample is one look at one partition.
type sample struct {
	at             time.Time
	lag, committed int64
	owned          bool
}

// history is the samples of the last window, oldest first.
type history struct {
	window  time.Duration
	samples []sample
}

// add takes a sample and forgets those that are not needed any more: all before the newest that is a window old.
func (h *history) add(s sample) {
	h.samples = append(h.samples, s)
	for len(h.samples) > 1 && s.at.Sub(h.samples[1].at) >= h.window {
		h.samples = h.samples[1:]
	}
}

func (h *history) status() Status {
	first, last := h.samples[0], h.samples[len(h.samples)-1]
	moved, owned := false, false
	for _, s := range h.samples {
		if s.lag == 0 {
			return OK
		}
		moved = moved || s.committed != first.committed
		owned = owned || s.owned
	}
	switch {
	case last.at.Sub(first.at) < h.window:
		return Unknown
	case h.nearer():
		return OK
	case moved:
		return Slow
	case owned:
		return Stalled
	}
	return Stopped
}

// nearer compares the smallest lag of the window's later half with that of the earlier half: peaks come from producers
// that send in bursts, and one look that falls between two commits decides nothing.
func (h *history) nearer() bool {
	middle := h.samples[len(h.samples)-1].at.Add(-h.window / 2)
	earlier, later := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, s := range h.samples {
		if s.at.Before(middle) {
			earlier = min(earlier, s.lag)
		} else {
			later = min(later, s.lag)
		}
	}
	return later < earlier
}
