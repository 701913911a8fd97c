package await

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// timeout reads "waited 5s for orders to contain 3 records; last seen: 2 records". last is why the last of all looks
// could not look; failed is how many could not.
func (w *watch) timeout(last error, looks, failed int) error {
	text := fmt.Sprintf("waited %s for %s", short(w.since()), w.what())
	switch {
	case last == nil:
		return errors.New(text + w.lastSeen())
	case failed == looks:
		return fmt.Errorf("%s, but could not look even once (%s): %w", text, words.Counted(looks, "attempt"), w.explain(last))
	default:
		return fmt.Errorf("%s; the last look failed: %w%s", text, w.explain(last), w.lastSeen())
	}
}

// interruptedError says that the context ended before the waiting did. It is not a verdict on what was waited for.
type interruptedError struct {
	text   string
	causes []error // the context's error and its cause
}

func (e *interruptedError) Error() string { return e.text }

func (e *interruptedError) Unwrap() []error { return e.causes }

// interrupted reads "interrupted after 1.2s of 5s while waiting for …: context canceled; last seen: 2 records".
func (w *watch) interrupted(look error) error {
	cause := context.Cause(w.ctx)
	why := cause.Error()
	if errors.Is(cause, context.DeadlineExceeded) {
		why = "a deadline from outside (of the step, the scenario or the test) came first"
	}
	text := fmt.Sprintf("interrupted after %s of %s while waiting for %s: %s", short(w.since()), short(w.allowed),
		w.what(),
		why)
	if look != nil && !errors.Is(look, w.ctx.Err()) {
		text += fmt.Sprintf("; the last look failed: %v", look)
	}
	return &interruptedError{text + w.lastSeen(), []error{w.ctx.Err(), cause}}
}

// seen reads "saw a record in orders_dlq 340ms into the 2s in which there must be none; seen: key u1".
func (w *watch) seen() error {
	text := fmt.Sprintf("saw %s %s into the %s in which there must be none", w.what(), short(w.since()), short(w.allowed))
	if state := w.state(); state != "" {
		text += "; seen: " + state
	}
	return errors.New(text)
}

// unknown reads "could not look for …, 340ms into the 2s to watch, so nothing is known about it: …".
func (w *watch) unknown(err error) error {
	return fmt.Errorf("could not look for %s %s into the %s to watch, so nothing is known about it: %w",
		w.what(), short(w.since()), short(w.allowed), w.explain(err))
}

func (w *watch) lastSeen() string {
	if state := w.state(); state != "" {
		return "; last seen: " + state
	}
	return ""
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
