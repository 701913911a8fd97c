package benchmark

import (
	"context"
	"time"
)

// clock tells the time in nanoseconds since 1970. It reads the wall clock once and goes on with the monotonic one,
// which costs half as much and never jumps. Two clocks of one machine agree; those of two machines are as good as their
// NTP.
type clock struct {
	base time.Time
	wall int64
}

func newClock() clock {
	now := time.Now()
	return clock{now, now.UnixNano()}
}

func (c clock) now() int64 { return c.wall + int64(time.Since(c.base)) }

// Pace says when events are due, in nanoseconds since 1970.
type Pace interface {
	// Due is when event seq should be sent. now is the time.
	Due(seq, now int64) int64
}

// schedule is a fixed rate from a start: however late an event is sent, the next ones are due when they always were.
type schedule struct {
	start int64
	rate  float64 // events a second, of all producers together
}

func (s schedule) Due(seq, _ int64) int64 { return s.start + int64(float64(seq)/s.rate*1e9) }

// waiter waits until a time. A timer may be late by a millisecond where nothing else goes on; what it is late counts
// into the latency, since the event was due.
type waiter struct {
	clock clock
	timer *time.Timer
}

func newWaiter(c clock) *waiter {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &waiter{c, timer}
}

// until returns at the given time, or when ctx ends.
func (w *waiter) until(ctx context.Context, due int64) {
	left := due - w.clock.now()
	if left <= 0 {
		return
	}
	w.timer.Reset(time.Duration(left))
	select {
	case <-w.timer.C:
	case <-ctx.Done():
	}
}
