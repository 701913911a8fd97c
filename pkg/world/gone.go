package world

// What can be said where records are gone whose content is not known: what is wrong with the rest, whatever was in
// them.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// GoneError tells of records whose content is needed, is gone from the log and is not known. All others were read.
type GoneError struct {
	Topic   *Topic
	Records int64 // that are known to be gone
	Most    int64 // that may be gone: so many offsets hold no record
	// Certain are the findings that are true whatever was in them; nil: none
	Certain verdict.Which
	// Once says that each of them explains one other finding at most
	Once bool
}

func (e *GoneError) Error() string {
	if e.Records == 0 {
		return fmt.Sprintf("%v: the log of %q begins later than it did, and what was in up to %s is not known: nobody was "+
			"seen to write them", verdict.ErrInconclusive, e.Topic.Name, words.Counted(e.Most, "record"))
	}
	return fmt.Sprintf("%v: %s of %q gone from the log, and what was in them is not known", verdict.ErrInconclusive,
		words.Counted(e.Records, "record"), e.Topic.Name)
}

// Unwrap makes it inconclusive.
func (e *GoneError) Unwrap() error { return verdict.ErrInconclusive }

// Err is nil where nothing is gone.
func (e *GoneError) Err() error {
	if e == nil {
		return nil
	}
	return e
}

// Unknown is how many records there may have been that are gone and not known.
func (e *GoneError) Unknown() int64 {
	if e == nil {
		return 0
	}
	return e.Most
}

// Judged is the error of a result as far as it is certain; where nothing is gone, all of it.
func (e *GoneError) Judged(r verdict.Result) error {
	if e == nil {
		return Judged(r)
	}
	if r.Outcome != verdict.Fail || e.Certain == nil {
		return nil
	}
	if certain, found := r.Only(e.Certain); found {
		return Judged(certain)
	}
	of := int64(0)
	for _, k := range r.Kinds {
		of += k.Records
	}
	if e.Once && of > e.Most {
		return fmt.Errorf("%w; at most %d of these can be among the records of %q that are gone from the log", Judged(r),
			e.Most, e.Topic.Name)
	}
	return nil
}

// with is what is certain where records of another topic are gone as well.
func (e *GoneError) with(other *GoneError) *GoneError {
	if other == nil {
		return e
	}
	e.Records, e.Most, e.Once = e.Records+other.Records, e.Most+other.Most, e.Once && other.Once
	e.Certain = e.Certain.Both(other.Certain)
	return e
}

// ScanWhole reads a topic as ScanKnown does, where the content of what is gone is needed. Not to know it is
// inconclusive, a *GoneError.
func (t *Topic) ScanWhole(ctx context.Context, see, gone func(*record.Record)) error {
	return t.scanWhole(ctx, nil, Feed{See: see, Gone: gone})
}

func (t *Topic) scanWhole(ctx context.Context, until Offsets, f Feed) error {
	unknown, known := int64(0), int64(0)
	left := leftOf(t.Passed)
	err := t.scanKnown(ctx, until, func(r *record.Record) {
		known++
		f.See(r)
	}, func(r *record.Record, how lack) {
		if f.Unread != nil {
			how.Cleaned = left(r, how.Cleaned)
		}
		switch {
		case !how.whole || f.Unread != nil && how.Unsure:
			unknown++
			return
		case f.Unread != nil && how.May:
			f.Unread(r)
		default:
			f.Gone(r)
		}
		known++
	})
	if err != nil {
		return err
	}
	unheard, err := t.unheard(ctx)
	if err != nil || unknown+unheard == 0 {
		return err
	}
	ends, err := t.Ends(ctx)
	if err != nil {
		return err
	}
	firsts, err := t.firsts(ctx)
	if err != nil {
		return err
	}
	most := -known
	for p, end := range ends {
		most += end - max(firsts.At(p), 0)
	}
	return &GoneError{Topic: t, Records: unknown, Most: max(most, unknown+unheard)}
}

// firsts are where the scenario's records of each partition begin.
func (t *Topic) firsts(ctx context.Context) (Offsets, error) {
	return t.world.offsets(ctx, journal.Answer{Question: "first offsets of the scenario", Of: t.Name},
		func(context.Context) (Offsets, error) {
			t.sent.mu.Lock()
			defer t.sent.mu.Unlock()
			firsts := make(Offsets, t.Partitions)
			for p := range firsts {
				firsts[p] = max(t.began.At(p), t.sent.floor[int32(p)], 0)
			}
			return firsts, nil
		})
}

// unheard counts the offsets before the start of a log of which nobody knows what they held: their writer was not seen.
func (t *Topic) unheard(ctx context.Context) (int64, error) {
	answer, err := t.world.answer(ctx, journal.Answer{Question: "offsets before the log that nobody wrote", Of: t.Name},
		func(ctx context.Context, a *journal.Answer) error {
			begin, err := t.listOffsets(ctx, starts)
			if err != nil {
				return err
			}
			firsts, err := t.firsts(ctx)
			if err != nil {
				return err
			}
			var taken cursor // what is accounted for
			for p, start := range begin {
				first := max(firsts.At(p), 0)
				if start <= first {
					continue
				}
				if taken == nil {
					taken = t.taken()
				}
				a.Number += start - first
				for _, s := range taken[int32(p)] {
					a.Number -= max(0, min(s.to, start)-max(s.from, first))
				}
			}
			return nil
		})
	return answer.Number, err
}
