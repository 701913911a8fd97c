package world

// The deadline of a step: what databases and programs tell after it may have come true since, and does not count.

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// deadline is when an answer from outside of the cluster comes too late. It begins with the step.
type deadline struct {
	began  time.Time
	within time.Duration

	mu   sync.Mutex
	late string // who answered too late in the look that goes on, and after how long
}

type deadlineKey struct{}

// Answered tells that somebody outside of the cluster has answered a look: "the database".
func Answered(ctx context.Context, who string) {
	d, ok := ctx.Value(deadlineKey{}).(*deadline)
	if !ok {
		return
	}
	took := time.Since(d.began)
	d.mu.Lock()
	defer d.mu.Unlock()
	if took > d.within && d.late == "" {
		d.late = fmt.Sprintf("%s answered after %s", who, took.Round(took.Round(time.Second)/100+time.Millisecond))
	}
}

// Within is Until for a step that says how long it may take: an answer from outside that comes later ends it.
func (w *World) Within(ctx context.Context, within time.Duration, what string, look func(context.Context) error) error {
	if w.past != nil {
		return w.Until(ctx, within, what, look)
	}
	d := &deadline{began: time.Now(), within: within}
	return w.Until(context.WithValue(ctx, deadlineKey{}, d), within, what, d.of(look))
}

// of is a look that does not hold once an answer came too late.
func (d *deadline) of(look func(context.Context) error) func(context.Context) error {
	said := func() string {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.late
	}
	var before error
	return func(ctx context.Context) error {
		d.mu.Lock()
		d.late = ""
		d.mu.Unlock()
		err := look(ctx)
		late := said()
		switch {
		case late == "" || IsFinal(err):
		case err != nil:
			return Final(fmt.Errorf("not within %s: %w; %s", d.within, err, late))
		case before != nil:
			return Final(fmt.Errorf("not within %s: %w; then it held, but %s", d.within, before, late))
		default:
			return Final(fmt.Errorf("not within %s: it held, but %s", d.within, late))
		}
		before = err
		return err
	}
}
