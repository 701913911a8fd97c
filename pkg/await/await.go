// Package await is the only place in kafkaspec that waits. Until looks again and again till something is so, Never
// watches that something stays away. Both keep three answers apart: it was seen, it was not seen, and "could not look",
// which is never taken for "nothing there".
package await

import (
	"context"
	"errors"
	"time"
)

const (
	// defaultWithin is how long Until waits when Options.Within is zero.
	defaultWithin = 5 * time.Second

	firstPause = time.Millisecond
	longPause  = 100 * time.Millisecond
	// lastLook is how much longer than the deadline a look may take: the one made at the deadline needs some time, too,
	// and one that hangs must not hang the scenario.
	lastLook = time.Second
	// progressEvery keeps the display calm; the first report comes at once.
	progressEvery = time.Second
)

// Options say how to wait. The zero value waits 5s and looks after 1ms, and then less and less often, every
// 100ms in the end.
type Options struct {
	// Within is the longest time to wait. Never takes its duration as an argument and does not read it.
	Within time.Duration
	// Every is the time between two looks; zero starts at 1ms and grows to 100ms.
	Every time.Duration
	// What is waited for, completing "waited 5s for …": "orders to contain 3 records". For Never it completes "saw …".
	What string
	// Changed is asked before every look for a channel that is closed at the next change (journal.Changed has this form).
	Changed func() <-chan struct{}
	// State is asked when waiting failed: what was seen instead, "2 records".
	State func() string
	// Progress is told what is waited for: after the first look that did not succeed, then about once a second.
	Progress func(what string)
}

// Look looks once. Its error means "could not look".
type Look func(ctx context.Context) (bool, error)

// Permanent marks an error of a look as one that waiting cannot heal: Until returns it at once.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ error }

func (e *permanentError) Unwrap() error { return e.error }

func isPermanent(err error) bool {
	var permanent *permanentError
	return errors.As(err, &permanent)
}
