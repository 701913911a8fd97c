package await

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Until returns nil as soon as look says it is done. An error of look means it could not look: it is tried again,
// unless it is Permanent. When the time is over it looks once more, and then the error says what was seen instead; when
// ctx ends, the error is ctx's.
func Until(ctx context.Context, o Options, look func(ctx context.Context) (done bool, err error)) error {
	if o.Within <= 0 {
		o.Within = defaultWithin
	}
	w := newWatch(ctx, o, o.Within)
	defer w.stop()
	var looks, failed int
	for {
		if ctx.Err() != nil {
			return w.interrupted(nil)
		}
		last := w.over()
		done, err := w.look(look)
		looks++
		switch {
		case err == nil && done:
			return nil
		case isPermanent(err):
			return fmt.Errorf("gave up after %s waiting for %s: %w", short(w.since()), w.what(), err)
		case ctx.Err() != nil:
			return w.interrupted(err)
		case err != nil:
			failed++
		}
		if last {
			return w.timeout(err, looks, failed)
		}
		w.progress()
		w.pause()
	}
}

// Never watches for the given time and returns nil when no look saw anything. It looks at the start, at every change or
// pause and at the end, so at least twice. What was seen is an error; so is a look that could not look, at once,
// because what it would have seen is not known, and the end of ctx.
func Never(ctx context.Context, duration time.Duration, o Options,
	look func(ctx context.Context) (seen bool, err error)) error {
	w := newWatch(ctx, o, max(duration, 0))
	defer w.stop()
	for looks := 1; ; looks++ {
		if ctx.Err() != nil {
			return w.interrupted(nil)
		}
		last := w.over() && looks > 1
		seen, err := w.look(look)
		switch {
		case err == nil && seen:
			return w.seen()
		case ctx.Err() != nil:
			return w.interrupted(err)
		case err != nil:
			return w.unknown(err)
		case last:
			return nil
		}
		w.progress()
		w.pause()
	}
}

// watch is what Until and Never share: the clock, the changes and the pauses between looks.
type watch struct {
	ctx      context.Context
	lookCtx  context.Context // ctx, bounded: a look that hangs ends soon after the deadline
	cancel   context.CancelFunc
	o        Options
	start    time.Time
	allowed  time.Duration
	interval time.Duration
	cost     time.Duration   // of the last look
	changed  <-chan struct{} // asked for before the last look, so that no change falls in between
	reported time.Time
}

func newWatch(ctx context.Context, o Options, allowed time.Duration) *watch {
	w := &watch{ctx: ctx, o: o, start: time.Now(), allowed: allowed, interval: o.Every}
	if w.interval <= 0 {
		w.interval = firstPause
	}
	w.lookCtx, w.cancel = context.WithDeadlineCause(ctx, w.start.Add(allowed+lastLook), errLookHangs)
	return w
}

var errLookHangs = errors.New("the look did not return in time")

func (w *watch) stop() { w.cancel() }

func (w *watch) since() time.Duration { return time.Since(w.start) }

func (w *watch) over() bool { return w.since() >= w.allowed }

func (w *watch) look(look Look) (bool, error) {
	if w.o.Changed != nil {
		w.changed = w.o.Changed()
	}
	begin := time.Now()
	done, err := look(w.lookCtx)
	w.cost = time.Since(begin)
	return done, err
}

// pause returns at the next reason to look: a change, the interval, the deadline or the end of ctx. After an expensive
// look it ignores changes for as long as that look took (at most 100ms): a topic filling up must not be compared at
// every record.
func (w *watch) pause() {
	remaining := max(w.allowed-w.since(), 0)
	timer := time.NewTimer(min(w.interval, remaining))
	defer timer.Stop()
	if calm := min(w.cost, longPause, remaining); calm > time.Millisecond {
		w.calm(calm)
	}
	select {
	case <-w.ctx.Done():
	case <-timer.C:
	case <-w.changed:
	}
	if w.o.Every <= 0 {
		w.interval = min(w.interval*3/2, longPause)
	}
}

func (w *watch) calm(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.ctx.Done():
	case <-timer.C:
	}
}

func (w *watch) progress() {
	if w.o.Progress == nil || (!w.reported.IsZero() && time.Since(w.reported) < progressEvery) {
		return
	}
	text := w.what()
	if !w.reported.IsZero() {
		text = fmt.Sprintf("%s (%s of %s)%s", text, short(w.since().Truncate(progressEvery/10)), short(w.allowed),
			w.lastSeen())
	}
	w.reported = time.Now()
	w.o.Progress(text)
}

// explain names the look's own deadline where a bare "context deadline exceeded" would leave the reader guessing.
func (w *watch) explain(err error) error {
	if err != nil && w.lookCtx.Err() != nil && errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", errLookHangs, err)
	}
	return err
}

func (w *watch) what() string {
	if w.o.What == "" {
		return "something nobody named"
	}
	return w.o.What
}

func (w *watch) state() string {
	if w.o.State == nil {
		return ""
	}
	return w.o.State()
}
