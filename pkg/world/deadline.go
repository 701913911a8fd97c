package world

// The deadline of a step: what the cluster, databases and programs tell after it may have come true since, and does not
// count. How long it takes to read records does not matter: they were there when the cluster said where the log ends.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// deadline is when an answer comes too late. It begins with the step.
type deadline struct {
	began  time.Time
	within time.Duration

	mu    sync.Mutex
	late  string        // who answered too late in the look that goes on, and after how long
	kafka bool          // it was the cluster
	read  time.Duration // how long records were read, which does not count
}

// readsOn tells that records are read up to an end that is known, which takes none of the deadline's time. What is
// returned tells that it is over.
func readsOn(ctx context.Context) (over func()) {
	d, ok := ctx.Value(deadlineKey{}).(*deadline)
	if !ok {
		return func() {}
	}
	began := time.Now()
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.read += time.Since(began)
	}
}

type deadlineKey struct{}

const (
	theCluster = "the cluster" // who answers where Kafka is asked
	// slow is what an answer of the cluster takes at least that can be too late: with a look of many requests on a busy
	// machine it is kafkaspec itself that is late.
	slow = 500 * time.Millisecond
)

// Answered tells that somebody has answered a look: "the database".
func Answered(ctx context.Context, who string) {
	d, ok := ctx.Value(deadlineKey{}).(*deadline)
	if !ok {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	took := time.Since(d.began) - d.read
	if took > d.within && d.late == "" {
		d.late = fmt.Sprintf("%s answered after %s", who, took.Round(took.Round(time.Second)/100+time.Millisecond))
		d.kafka = who == theCluster
	}
}

// asks tells that the cluster is asked. What is returned tells that it has answered. Time in which this process did not
// run, as on a machine that was paused or has too much to do, is none of the cluster's.
func asks(ctx context.Context) (answered func()) {
	if _, ok := ctx.Value(deadlineKey{}).(*deadline); !ok {
		return func() {}
	}
	began, p := time.Now(), pulse{last: time.Now()}
	beats, over, ended := time.NewTicker(beat), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-beats.C:
				p.beat(time.Now())
			case <-over:
				return
			}
		}
	}()
	return func() {
		took := time.Since(began)
		beats.Stop()
		close(over)
		<-ended
		p.beat(began.Add(took))
		if took-p.lost >= slow {
			Answered(ctx, theCluster)
		}
	}
}

// beat is how often a process that runs takes note of that.
const beat = 20 * time.Millisecond

// pulse is how long a process did not run: what is between two beats beyond the time that there should be.
type pulse struct {
	last time.Time
	lost time.Duration
}

func (p *pulse) beat(now time.Time) {
	p.lost += max(0, now.Sub(p.last)-beat)
	p.last = now
}

// Within is Until for a step that says how long it may take: an answer that comes later ends it.
func (w *World) Within(ctx context.Context, within time.Duration, what string, look func(context.Context) error) error {
	if w.past != nil {
		err := w.Until(ctx, within, what, look)
		if err == nil && w.past.late != "" {
			return Final(errors.New(w.past.late))
		}
		return err
	}
	d := &deadline{began: time.Now(), within: within}
	return w.Until(context.WithValue(ctx, deadlineKey{}, d), within, what, w.looks.late(d.of(look)))
}

// lateError is of an expectation that held when it was too late.
type lateError struct{ error }

func (e *lateError) Unwrap() error { return e.error }

// late has the journal told that a look held too late.
func (l *looks) late(look func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := look(ctx)
		if late, is := errors.AsType[*lateError](err); is {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.last != nil {
				l.last.shown.Late = late.Error()
			}
		}
		return err
	}
}

// of is a look that does not hold once an answer came too late.
func (d *deadline) of(look func(context.Context) error) func(context.Context) error {
	said := func() (late string, kafka bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.late, d.kafka
	}
	var before error
	return func(ctx context.Context) error {
		d.mu.Lock()
		d.late = ""
		d.mu.Unlock()
		err := look(ctx)
		late, kafka := said()
		switch {
		case late == "" || IsFinal(err) || kafka && err != nil: // what the cluster says later changes nothing
		case err != nil:
			return Final(fmt.Errorf("not within %s: %w; %s", d.within, err, late))
		case before != nil:
			return Final(&lateError{fmt.Errorf("not within %s: %w; then it held, but %s", d.within, before, late)})
		default:
			return Final(&lateError{fmt.Errorf("not within %s: it held, but %s", d.within, late)})
		}
		before = err
		return err
	}
}
