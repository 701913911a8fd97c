package world

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Until looks until the expectation holds. A nil error of look is "it holds"; any other is kept and shown when the time
// is up.
func (w *World) Until(ctx context.Context, within time.Duration, what string, look func(context.Context) error) error {
	if within == 0 {
		within = w.Await
	}
	var last error
	// Not the context of await: a look at a million records may outlast the time it was given; the step's deadline bounds
	// it.
	err := await.Until(ctx, await.Options{Within: within, What: what, Changed: w.Journal.Changed, Progress: w.Waiting},
		func(context.Context) (bool, error) {
			last = look(ctx)
			if IsFinal(last) {
				return false, await.Permanent(last)
			}
			return last == nil, nil
		})
	switch {
	case err == nil:
		return nil
	case IsFinal(last):
		return last
	case last != nil && ctx.Err() == nil:
		return fmt.Errorf("not within %s: %w", within, last)
	}
	return err
}

// HoldsFor looks for the whole time, and once more at its end; the first look that fails ends it. That nothing can be
// judged yet is no failure, unless it is so at the end.
func (w *World) HoldsFor(ctx context.Context, span time.Duration, what string, look func(context.Context) error) error {
	var last error
	err := await.Never(ctx, span, await.Options{What: what, Changed: w.Journal.Changed, Progress: w.Waiting},
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

// IsFinal is true for what waiting will not heal: marked errors and steps that are not applicable.
func IsFinal(err error) bool {
	var f finalError
	return errors.As(err, &f) || outcome.IsNotApplicable(err)
}
