package chaos

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// action is something that is done to an instance.
type action string

const (
	start  action = "start"  // the instance joins
	stop   action = "stop"   // SIGTERM: it leaves in good order
	kill   action = "kill"   // SIGKILL
	freeze action = "freeze" // SIGSTOP
	wake   action = "wake"   // SIGCONT
)

// event is an action and when it is due, counted from the first record.
type event struct {
	at       time.Duration
	instance int // from 0
	do       action
}

func (e event) String() string {
	return fmt.Sprintf("%6dms %-6s c%d", e.at.Milliseconds(), e.do, e.instance+1)
}

// schedule is in order of time.
type schedule []event

func (s schedule) String() string {
	lines := make([]string, len(s))
	for i, e := range s {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

// newSchedule draws what happens. An instance is always in a state that the action fits: only one that is down is
// started, a frozen one is woken or killed. The first event starts c1, so that no run is without an instance for long.
func newSchedule(p Plan, r *rand.Rand) schedule {
	s := schedule{{0, 0, start}}
	free := make([]time.Duration, p.Instances) // until then an instance has something coming, or needs time to begin
	up := make([]bool, p.Instances)
	up[0], free[0] = true, settling(p)
	for at := gap(p, r); at < p.Producing; at += gap(p, r) {
		i := r.IntN(p.Instances)
		if at < free[i] {
			continue
		}
		if !up[i] {
			s = append(s, event{at, i, start})
			up[i], free[i] = true, at+settling(p)
			continue
		}
		switch roll := r.IntN(10); {
		case roll < 2:
			s = append(s, event{at, i, stop})
			up[i] = false
		case roll < 5:
			s = append(s, event{at, i, kill})
			up[i] = false
		default:
			until := at + frozen(p, r)
			end := event{until, i, wake}
			if r.IntN(8) == 0 {
				end.do, up[i] = kill, false // it never knew
			}
			s = append(s, event{at, i, freeze}, end)
			free[i] = until + settling(p)
		}
	}
	slices.SortStableFunc(s, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return s
}

// gap is the time to the next event: most runs see five to ten.
func gap(p Plan, r *rand.Rand) time.Duration {
	return time.Duration(r.Int64N(int64(p.Producing / 5)))
}

// settling is left to an instance that was started or woken before the next thing happens to it; it may well be too
// short to become a member.
func settling(p Plan) time.Duration { return p.Producing / 8 }

// frozen is how long a freeze lasts: two times out of three so long that the group goes on without the instance.
func frozen(p Plan, r *rand.Rand) time.Duration {
	if r.IntN(3) == 0 {
		return p.SessionTimeout / 3
	}
	return p.SessionTimeout + p.SessionTimeout/5 + time.Duration(r.Int64N(int64(p.SessionTimeout/2)))
}
