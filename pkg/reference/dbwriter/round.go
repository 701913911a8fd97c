package dbwriter

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
)

// batch is the records of one partition in a round, in order.
type batch struct {
	at      place
	records []*kgo.Record
}

func (b batch) next() int64 { return b.records[len(b.records)-1].Offset + 1 }

// Policy is what is decided about a round. The rest of the package only carries it out.
type Policy struct {
	// Order carries out write and commit in the order that keeps the promise.
	Order func(write, commit func() error) error
	// Transact writes the rows and, for exactly-once, the offsets (else nil), in transactions begun with begin. With more
	// than one, between is to be called in between: it is where the failpoint after-write finds rows that are written.
	Transact func(begin func(work func(*sql.Tx) error) error, rows, offsets func(*sql.Tx) error,
		between func() error) error
	// StartFromDatabase takes the database's offsets for the group's.
	StartFromDatabase bool
	// Fence holds this member's epoch and position against the database's before anything is written.
	Fence bool
	// Failed is given what a write ended with when it will not be tried again.
	Failed func(error) error
	// AutoCommit leaves the committing to the client, which commits what was fetched.
	AutoCommit bool
}

func (w *writer) defaultPolicy() Policy {
	p := Policy{
		Order:    writeFirst,
		Transact: together,
		Failed:   func(err error) error { return err },
	}
	switch w.settings.mode {
	case atMostOnce:
		p.Order = commitFirst
	case exactlyOnce:
		p.StartFromDatabase, p.Fence = true, true
	}
	return p
}

func writeFirst(write, commit func() error) error {
	if err := write(); err != nil {
		return err
	}
	return commit()
}

func commitFirst(write, commit func() error) error {
	if err := commit(); err != nil {
		return err
	}
	return write()
}

// together is one transaction for all. The offsets come first: when they may not be moved, no row need be written.
func together(begin func(func(*sql.Tx) error) error, rows, offsets func(*sql.Tx) error, _ func() error) error {
	return begin(func(tx *sql.Tx) error {
		if offsets != nil {
			if err := offsets(tx); err != nil {
				return err
			}
		}
		return rows(tx)
	})
}

// split sorts records by partition; transactions that touch partitions in one order do not lock each other out.
func split(records []*kgo.Record) []batch {
	var batches []batch
	at := map[place]int{}
	for _, r := range records {
		p := place{r.Topic, r.Partition}
		i, known := at[p]
		if !known {
			i = len(batches)
			at[p], batches = i, append(batches, batch{at: p})
		}
		batches[i].records = append(batches[i].records, r)
	}
	slices.SortFunc(batches, func(a, b batch) int {
		return cmp.Or(cmp.Compare(a.at.topic, b.at.topic), cmp.Compare(a.at.partition, b.at.partition))
	})
	return batches
}

// round writes and commits some records. Only what was written may be committed, and the other way round for
// at-most-once.
func (w *writer) round(ctx context.Context, batches []batch) error {
	w.rounds++
	w.mu.Lock()
	for _, b := range batches {
		if _, known := w.first[b.at]; !known {
			w.first[b.at] = b.records[0].Offset
		}
	}
	w.mu.Unlock()
	if w.settings.mode == atMostOnce { // what is committed is read by nobody else: it is written even when told to stop
		last, cancel := grace.Context(ctx)
		defer cancel()
		ctx = last
	}
	write := func() error {
		if err := w.crash(beforeWrite); err != nil {
			return err
		}
		kept, err := w.write(ctx, batches)
		if err != nil {
			return err
		}
		batches = kept
		return w.crash(afterWrite)
	}
	commit := func() error {
		kept, err := w.commit(ctx, batches)
		if err != nil {
			return err
		}
		batches = kept
		return w.crash(afterCommit)
	}
	err := w.policy.Order(write, commit)
	if w.settings.mode != atMostOnce && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // told to stop: what is not written is not committed
	}
	return err
}

// write puts the rows of a round into the database, and returns the batches that are in it now. Those of partitions
// that belong to someone else are not.
func (w *writer) write(ctx context.Context, batches []batch) ([]batch, error) {
	for len(batches) > 0 {
		err := w.store.retry(ctx, w.settings.mode == atMostOnce, func() error { return w.attempt(ctx, batches) })
		var fenced *fencedError
		if !errors.As(err, &fenced) {
			if err = w.failed(ctx, err); err != nil {
				return nil, err
			}
			return batches, nil
		}
		w.log.Warn("warning", "topic", fenced.at.topic, "partition", fenced.at.partition, "text", "fenced: "+fenced.Error())
		batches = slices.DeleteFunc(slices.Clone(batches), func(b batch) bool { return b.at == fenced.at })
		if err := w.ask(ctx, fenced.at); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// failed lets the policy look at an error that will not pass; being told to stop is none.
func (w *writer) failed(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	return w.policy.Failed(err)
}

// attempt is one try to write. Rows that were refused for good are written again, one with a statement: then the error
// names the record.
func (w *writer) attempt(ctx context.Context, batches []batch) error {
	err := w.attemptWith(ctx, batches, rowsAtOnce)
	var refused *rowsError
	if errors.As(err, &refused) && len(refused.records) > 1 && isPermanent(err) {
		err = w.attemptWith(ctx, batches, 1)
	}
	return err
}

func (w *writer) attemptWith(ctx context.Context, batches []batch, atOnce int) error {
	rows := func(tx *sql.Tx) error { return w.store.insert(ctx, tx, batches, atOnce) }
	var offsets func(*sql.Tx) error
	if w.settings.mode == exactlyOnce {
		offsets = func(tx *sql.Tx) error { return w.advance(ctx, tx, batches) }
	}
	begin := func(work func(*sql.Tx) error) error { return w.store.transact(ctx, work) }
	if err := w.policy.Transact(begin, rows, offsets, func() error { return w.crash(afterWrite) }); err != nil &&
		!errors.Is(err, errWritten) {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range batches {
		if mine := w.owned[b.at]; mine != nil {
			mine.next = b.next()
		}
	}
	return nil
}

// advance moves the offsets of a round's partitions on.
func (w *writer) advance(ctx context.Context, tx *sql.Tx, batches []batch) error {
	for _, b := range batches {
		w.mu.Lock()
		mine := w.owned[b.at]
		w.mu.Unlock()
		if mine == nil && w.policy.Fence {
			return &fencedError{b.at, "another has claimed it"}
		}
		if err := w.store.advance(ctx, tx, w.group, b, mine, w.policy.Fence); err != nil {
			return err
		}
	}
	return nil
}
