package child

import "time"

// endPatience is how long the watchdog may take to tell an end.
const endPatience = 10 * time.Second

// Lives tells whether the command goes on. One that is ending is waited for: who was connected to it may know of its
// end before the watchdog has told it.
func (p *Process) Lives() bool {
	if p.Ended() {
		return false
	}
	if !ending(p.pid) {
		return true
	}
	select {
	case <-p.done:
		return false
	case <-time.After(endPatience):
		return true
	}
}
