package chaos

import (
	"cmp"
	"math/rand/v2"
	"slices"
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

// settling is left to an instance that was started or woken before the next thing happens to it; it may well be too
// short to become a member.
const settling = producing / 8

// newSchedule draws what happens, in order of time: five to ten events, mostly. An instance is always in a state that
// the action fits: only one that is down is started, a frozen one is woken or killed. The first event starts the first
// instance, so that no run is without one for long.
func newSchedule(r *rand.Rand) []event {
	gap := func() time.Duration { return time.Duration(r.Int64N(int64(producing / 5))) }
	s := []event{{0, 0, start}}
	free := [instances]time.Duration{settling} // until then an instance has something coming, or needs time to begin
	up := [instances]bool{true}
	for at := gap(); at < producing; at += gap() {
		i := r.IntN(instances)
		if at < free[i] {
			continue
		}
		if !up[i] {
			s = append(s, event{at, i, start})
			up[i], free[i] = true, at+settling
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
			until := at + frozen(r)
			end := event{until, i, wake}
			if r.IntN(8) == 0 {
				end.do, up[i] = kill, false // it never knew
			}
			s = append(s, event{at, i, freeze}, end)
			free[i] = until + settling
		}
	}
	slices.SortStableFunc(s, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return s
}

// frozen is how long a freeze lasts: two times out of three so long that the group goes on without the instance.
func frozen(r *rand.Rand) time.Duration {
	if r.IntN(3) == 0 {
		return sessionTimeout / 3
	}
	return sessionTimeout*6/5 + time.Duration(r.Int64N(int64(sessionTimeout/2)))
}
