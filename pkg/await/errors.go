package await

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// TimeoutError says that what Until waited for did not come about in time.
type TimeoutError struct {
	After    time.Duration // how long Until waited
	Waiting  string        // Options.What
	State    string        // what Options.State said at the end
	LastLook error         // why the last look could not look; nil when it could
	Looks    int           // how many looks there were
	Failed   int           // how many of them could not look
}

// Error reads "waited 5s for orders to contain 3 records; last seen: 2 records".
func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("waited %s for %s", short(e.After), e.Waiting)
	switch {
	case e.LastLook == nil:
		return text + lastSeen(e.State)
	case e.Failed == e.Looks:
		return fmt.Sprintf("%s, but could not look even once (%s): %v", text, count(e.Looks, "attempt"), e.LastLook)
	default:
		return fmt.Sprintf("%s; the last look failed: %v%s", text, e.LastLook, lastSeen(e.State))
	}
}

// Unwrap gives the error of the last look.
func (e *TimeoutError) Unwrap() error { return e.LastLook }

// InterruptedError says that the context ended before the waiting did: an interrupt, or a deadline from outside. It is
// not a verdict on what was waited for.
type InterruptedError struct {
	After, Of time.Duration // waited so long, of the time that was allowed
	Waiting   string        // Options.What
	State     string        // what Options.State said at the end
	LastLook  error         // why the last look could not look; nil when it could
	Cause     error         // context.Cause
	err       error         // ctx.Err()
}

// Error reads "interrupted after 1.2s of 5s while waiting for …: context canceled; last seen: 2 records".
func (e *InterruptedError) Error() string {
	why := e.Cause.Error()
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		why = "a deadline from outside (of the step, the scenario or the test) came first"
	}
	text := fmt.Sprintf("interrupted after %s of %s while waiting for %s: %s", short(e.After), short(e.Of), e.Waiting, why)
	if e.LastLook != nil && !errors.Is(e.LastLook, e.err) {
		text += fmt.Sprintf("; the last look failed: %v", e.LastLook)
	}
	return text + lastSeen(e.State)
}

// Unwrap gives the context's error and its cause.
func (e *InterruptedError) Unwrap() []error { return []error{e.err, e.Cause} }

// SeenError says that Never saw what must stay away.
type SeenError struct {
	After, Of time.Duration // seen so long into the time that was watched
	What      string        // Options.What
	State     string        // what Options.State said
}

// Error reads "saw a record in orders_dlq 340ms into the 2s in which there must be none; seen: key u1".
func (e *SeenError) Error() string {
	text := fmt.Sprintf("saw %s %s into the %s in which there must be none", e.What, short(e.After), short(e.Of))
	if e.State != "" {
		text += "; seen: " + e.State
	}
	return text
}

// LookError says that Never could not look, so that nothing can be said.
type LookError struct {
	After, Of time.Duration
	What      string
	Err       error
}

// Error reads "could not look for …, 340ms into the 2s to watch, so nothing is known: …".
func (e *LookError) Error() string {
	return fmt.Sprintf("could not look for %s %s into the %s to watch, so nothing is known about it: %v",
		e.What, short(e.After), short(e.Of), e.Err)
}

// Unwrap gives the error of the look.
func (e *LookError) Unwrap() error { return e.Err }

func lastSeen(state string) string {
	if state == "" {
		return ""
	}
	return "; last seen: " + state
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// short drops digits nobody reads: 5.000123s is 5s.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Minute:
		return d.Round(time.Millisecond).String()
	}
	text := d.Round(time.Second).String()
	for _, unit := range []string{"m", "h"} {
		if cut, ok := strings.CutSuffix(text, unit+"0"+smaller[unit]); ok {
			text = cut + unit
		}
	}
	return text
}

var smaller = map[string]string{"m": "s", "h": "m"}
