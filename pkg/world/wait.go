package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Until looks until the expectation holds; within 0 is as long as steps are given that say nothing. A nil error of look
// is "it holds"; any other is kept and shown when the time is up.
func (w *World) Until(ctx context.Context, within time.Duration, what string, look func(context.Context) error) error {
	final := func(err error) bool {
		_, stays := errors.AsType[staysError](err)
		return IsFinal(err) || stays && within == 0
	}
	span := cmp.Or(within, w.options.Await)
	if w.past != nil {
		err := look(ctx)
		if err == nil || final(err) {
			return err
		}
		return fmt.Errorf("not within %s: %w", span, err)
	}
	look = w.watched(look)
	var last error
	// Not the context of await: a look at a million records may outlast the time it was given; the step's deadline bounds
	// it.
	err := await.Until(ctx, await.Options{Within: span, What: what, Changed: w.Journal.Changed,
		Progress: w.options.Waiting},
		func(context.Context) (bool, error) {
			last = look(ctx)
			if final(last) {
				return false, await.Permanent(last)
			}
			return last == nil, nil
		})
	switch {
	case err == nil:
		return nil
	case final(last):
		return last
	case last != nil && ctx.Err() == nil:
		return fmt.Errorf("not within %s: %w", span, last)
	}
	return err
}

// HoldsFor looks for the whole time, and once more at its end; the first look that fails ends it. That nothing can be
// judged yet is no failure, unless it is so at the end.
func (w *World) HoldsFor(ctx context.Context, span time.Duration, what string, look func(context.Context) error) error {
	if w.past != nil {
		if err := look(ctx); err != nil {
			return fmt.Errorf("did not hold for %s: %w", span, err)
		}
		return nil
	}
	look = w.watched(look)
	var last error
	err := await.Never(ctx, span, await.Options{What: what, Changed: w.Journal.Changed, Progress: w.options.Waiting},
		func(context.Context) (bool, error) {
			last = look(ctx)
			return last != nil && !errors.Is(last, verdict.ErrInconclusive), nil
		})
	if last != nil {
		return fmt.Errorf("did not hold for %s: %w", span, last)
	}
	return err
}

// finalError marks an expectation that can no longer come true, so that nobody waits for it.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// Final marks err as one that waiting will not heal.
func Final(err error) error {
	if err == nil {
		return nil
	}
	return finalError{err}
}

// staysError marks an expectation that comes true only if what is there is taken away.
type staysError struct{ error }

func (e staysError) Unwrap() error { return e.error }

// Stays marks err as one that waiting heals only where records are taken away, by compaction say. It is final unless
// the step says within what time that is to happen.
func Stays(err error) error { return staysError{err} }

// IsFinal is true for what waiting will not heal: marked errors and steps that are not applicable.
func IsFinal(err error) bool {
	var f finalError
	return errors.As(err, &f) || outcome.IsNotApplicable(err)
}
