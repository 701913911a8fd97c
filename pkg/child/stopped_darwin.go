package child

import "time"

// stopped takes the signal's word for it: macOS has no cheap way to ask.
func stopped(int) bool { return true }

// Busy is not known on macOS.
func (p *Process) Busy() (busy bool, spent time.Duration) { return false, 0 }
