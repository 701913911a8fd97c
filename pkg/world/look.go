package world

// What an expectation was shown when it was looked at last: which facts there were, and what the cluster answered. It
// is kept in the journal, so that the expectation can be looked at again where there is no cluster any more.

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// What is kept of the records that one look reads: so many, and so many bytes of keys and headers.
const (
	mostHeld  = 10_000
	heldBytes = 1 << 20
)

// looks has the last look. The zero value is ready.
type looks struct {
	mu    sync.Mutex
	keeps bool // what the cluster answers
	last  *viewing
	held  map[asked][]journal.Held // what the journal has of records, by the question
}

// viewing is a look that goes on, or is over.
type viewing struct {
	looks *looks
	shown journal.Look
	hid   map[*Topic]bool // what was read while a transaction was open there
}

// looksAnew bounds how often a look is begun anew because a transaction has ended meanwhile.
const looksAnew = 5

// errEnded is the error of a look that read a topic while a transaction was open, which has ended since: what it held
// was not seen, and can be read now.
var errEnded = errors.New("a transaction ended while its topic was read")

// hides tells that the look that goes on could not read all that a topic holds.
func (l *looks) hides(t *Topic) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		return
	}
	if l.last.hid == nil {
		l.last.hid = map[*Topic]bool{}
	}
	l.last.hid[t] = true
}

// hid is true of a topic of which the look that goes on could not read all.
func (l *looks) hid(t *Topic) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last != nil && l.last.hid[t]
}

type lookKey struct{}

// Watch begins a step: what its looks are shown is kept. Without answers only which facts there were is.
func (w Scenario) Watch(answers bool) {
	w.looks.mu.Lock()
	defer w.looks.mu.Unlock()
	w.looks.keeps, w.looks.last = answers, nil
}

// LastLook is what the last look since Watch was shown; nil where there was none.
func (w Scenario) LastLook() *journal.Look {
	w.looks.mu.Lock()
	defer w.looks.mu.Unlock()
	last := w.looks.last
	if w.looks.last = nil; last == nil {
		return nil
	}
	if last.shown.To == 0 { // its handler was left behind
		last.shown.To = w.Journal.Last()
	}
	shown := last.shown
	for i := range shown.Answers {
		w.looks.shorten(&shown.Answers[i])
	}
	return &shown
}

// shorten leaves out records that the journal has already.
func (l *looks) shorten(a *journal.Answer) {
	if len(a.Records) == 0 {
		return
	}
	if l.held == nil {
		l.held = map[asked][]journal.Held{}
	}
	if of := (asked{a.Question, a.Of, a.On}); reflect.DeepEqual(l.held[of], a.Records) {
		a.Same, a.Records = true, nil
	} else {
		l.held[of] = a.Records
	}
}

// watched is a look that is kept.
func (w *World) watched(expectation func(context.Context) error) func(context.Context) error {
	once := func(ctx context.Context) error {
		w.looks.mu.Lock()
		current, keeps := &viewing{looks: &w.looks, shown: journal.Look{From: w.Journal.Last()}}, w.looks.keeps
		w.looks.last = current
		w.looks.mu.Unlock()
		ctx = context.WithValue(ctx, lookingKey{}, true)
		if keeps {
			ctx = context.WithValue(ctx, lookKey{}, current)
		}
		err := expectation(ctx)
		w.looks.mu.Lock()
		current.shown.To = w.Journal.Last()
		w.looks.mu.Unlock()
		return err
	}
	return func(ctx context.Context) error {
		err := once(ctx)
		for n := 0; n < looksAnew && errors.Is(err, errEnded) && ctx.Err() == nil; n++ {
			err = once(ctx)
		}
		return err
	}
}

// lookOf is the look that keeps what is answered, nil for none, and the context for the questions that one is made of,
// which are not kept.
func lookOf(ctx context.Context) (*viewing, context.Context) {
	l, _ := ctx.Value(lookKey{}).(*viewing)
	if l != nil {
		ctx = context.WithValue(ctx, lookKey{}, (*viewing)(nil))
	}
	return l, ctx
}

func (l *viewing) keep(answer *journal.Answer) {
	l.looks.mu.Lock()
	defer l.looks.mu.Unlock()
	l.shown.Answers = append(l.shown.Answers, *answer)
}

// answer asks the cluster, or the journal where there is none. An answer that is an error is not kept.
func (w *World) answer(ctx context.Context, question journal.Answer,
	ask func(context.Context, *journal.Answer) error) (journal.Answer, error) {
	if w.past != nil {
		return w.past.answer(question)
	}
	l, ctx := lookOf(ctx)
	err := ask(ctx, &question)
	if l != nil && err == nil {
		kept := question
		kept.Offsets = slices.Clone(question.Offsets) // whoever asked may change them
		l.keep(&kept)
	}
	return question, err
}

// offsets are those that the cluster answers with.
func (w *World) offsets(ctx context.Context, question journal.Answer,
	ask func(context.Context) (Offsets, error)) (Offsets, error) {
	answer, err := w.answer(ctx, question, func(ctx context.Context, a *journal.Answer) error {
		found, err := ask(ctx)
		a.Offsets = found
		return err
	})
	return slices.Clone(answer.Offsets), err
}

// records hands on what is read of the topic, and what is gone from it, and keeps that.
func (t *Topic) records(ctx context.Context, question string, see func(*record.Record),
	gone func(*record.Record, lack),
	read func(context.Context, func(*record.Record), func(*record.Record, lack)) error) error {
	answer := journal.Answer{Question: question, Of: t.Name}
	if t.world.past != nil {
		return t.world.past.records(answer, see, gone)
	}
	l, ctx := lookOf(ctx)
	if l == nil {
		return read(ctx, see, gone)
	}
	kept := keeper{answer: answer}
	err := read(ctx, func(r *record.Record) {
		kept.keep(r, nil)
		see(r)
	}, func(r *record.Record, how lack) {
		kept.keep(r, &how)
		gone(r, how)
	})
	if err == nil {
		l.keep(&kept.answer)
	}
	return err
}

// keeper collects records until there are too many.
type keeper struct {
	answer journal.Answer
	bytes  int
}

func (k *keeper) keep(r *record.Record, gone *lack) {
	if k.answer.TooMany {
		return
	}
	h := journal.Held{Partition: r.Partition, Offset: r.Offset, Gone: gone != nil}
	if gone != nil {
		h.Whole, h.May, h.Unsure, h.Until = gone.whole, gone.May, gone.Unsure, gone.Until
	}
	if r.Key != nil {
		key := string(r.Key)
		h.Key = &key
		k.bytes += len(key)
	}
	for _, header := range r.Headers {
		h.Headers = append(h.Headers, journal.Header{Key: header.Key, Value: string(header.Value)})
		k.bytes += len(header.Key) + len(header.Value)
	}
	k.answer.Records = append(k.answer.Records, h)
	if len(k.answer.Records) > mostHeld || k.bytes > heldBytes {
		k.answer.TooMany, k.answer.Records = true, nil
	}
}

// NotKeptError says why an expectation cannot be judged again: the journal does not tell what it asks for.
type NotKeptError struct{ Why string }

func (e *NotKeptError) Error() string { return "not judged again: " + e.Why }

func notKept(format string, args ...any) error {
	return Final(&NotKeptError{fmt.Sprintf(format, args...)})
}
