package dbwriter

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// Batch is the records of one partition in a round, in order. There is at least one.
type Batch struct {
	group.Place
	Records []*kgo.Record
}

// Next is the offset behind its last record.
func (b Batch) Next() int64 { return b.Records[len(b.Records)-1].Offset + 1 }

// Work is done in a transaction.
type Work func(tx Tx) error

// Policy is what is decided about a round. The rest of the package only carries it out.
type Policy struct {
	// CommitFirst commits a round to the group before it is written, not afterwards.
	CommitFirst bool
	// AutoCommit is what the client commits by itself: nothing.
	AutoCommit []kgo.Opt
	// Start finds where to start, instead of the group's offsets, which it is given; nil: it starts from them.
	Start func(ctx context.Context, group map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error)
	// Transact does both in one transaction, for which it has begin. There are no offsets but with exactly-once.
	Transact func(begin func(...Work) error, offsets, rows Work) error
	// Advance moves the offset in the database behind a batch, if the partition is still this member's.
	Advance func(ctx context.Context, tx Tx, group string, b Batch) error
}

func (w *writer) defaultPolicy() Policy {
	p := Policy{
		CommitFirst: w.settings.Mode == atMostOnce,
		AutoCommit:  []kgo.Opt{kgo.DisableAutoCommit()},
		Advance:     w.advance,
		// The offsets come first: when they may not be moved, no row need be written.
		Transact: func(begin func(...Work) error, offsets, rows Work) error { return begin(offsets, rows) },
	}
	if w.settings.Mode == exactlyOnce {
		p.Start = w.startFromDatabase
	}
	return p
}

// split sorts records by partition; transactions that touch partitions in one order do not lock each other out.
func split(records []*kgo.Record) (batches []Batch) {
	of := map[group.Place][]*kgo.Record{}
	for _, r := range records {
		at := group.Place{Topic: r.Topic, Partition: r.Partition}
		of[at] = append(of[at], r)
	}
	for at, own := range of {
		batches = append(batches, Batch{at, own})
	}
	slices.SortFunc(batches, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	return batches
}

// round writes and commits some records. Only what was written may be committed, and the other way round for
// at-most-once.
func (w *writer) round(ctx context.Context, batches []Batch) error {
	for _, b := range batches {
		if mine := w.mine(b.Place); mine != nil && mine.first < 0 {
			mine.first = b.Records[0].Offset
		}
	}
	if w.settings.Mode == atMostOnce { // what is committed is read by nobody else: it is written even when told to stop
		last, cancel := grace.Context(ctx)
		defer cancel()
		ctx = last
	}
	write, commit := w.write, w.commit
	if w.policy.CommitFirst {
		write, commit = commit, write
	}
	batches, err := write(ctx, batches)
	if err == nil {
		_, err = commit(ctx, batches)
	}
	if w.settings.Mode != atMostOnce && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // told to stop: what is not written is not committed
	}
	return err
}

// write puts the rows of a round into the database, and returns the batches that are in it now. Those of partitions
// that belong to someone else are not.
func (w *writer) write(ctx context.Context, batches []Batch) ([]Batch, error) {
	for len(batches) > 0 {
		err := w.store.retry(ctx, w.settings.Mode == atMostOnce, func() error { return w.attempt(ctx, batches) })
		var fenced *fencedError
		switch {
		case err == nil:
			return batches, nil
		case !errors.As(err, &fenced):
			return nil, err
		}
		w.log.Warn("warning", "topic", fenced.at.Topic, "partition", fenced.at.Partition, "text", "fenced: "+fenced.Error())
		batches = slices.DeleteFunc(slices.Clone(batches), func(b Batch) bool { return b.Place == fenced.at })
		if err := w.ask(ctx, fenced.at); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// attempt is one try to write. Rows that were refused for good are written again, one with a statement: then the error
// names the record.
func (w *writer) attempt(ctx context.Context, batches []Batch) error {
	err := w.attemptWith(ctx, batches, rowsAtOnce)
	var refused *rowsError
	if errors.As(err, &refused) && len(refused.records) > 1 && isPermanent(err) {
		err = w.attemptWith(ctx, batches, 1)
	}
	return err
}

func (w *writer) attemptWith(ctx context.Context, batches []Batch, atOnce int) error {
	rows := func(tx Tx) error { return w.store.insert(ctx, tx, batches, atOnce) }
	offsets := func(tx Tx) error {
		if w.settings.Mode != exactlyOnce {
			return nil
		}
		for _, b := range batches {
			if err := w.policy.Advance(ctx, tx, w.store.group, b); err != nil {
				return err
			}
		}
		return nil
	}
	begin := func(work ...Work) error {
		if err := w.store.transact(ctx, work...); !errors.Is(err, errWritten) {
			return err
		}
		return nil
	}
	if err := w.policy.Transact(begin, offsets, rows); err != nil {
		return err
	}
	for _, b := range batches {
		if mine := w.mine(b.Place); mine != nil {
			mine.next = b.Next()
		}
	}
	return nil
}

// mine is what the database says of a partition; nil when this member does not have it, or need not ask.
func (w *writer) mine(at group.Place) *owned {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.owned[at]
}

// advance moves the offset of a partition that was claimed.
func (w *writer) advance(ctx context.Context, tx Tx, _ string, b Batch) error {
	mine := w.mine(b.Place)
	if mine == nil {
		return &fencedError{b.Place, "another has claimed it"}
	}
	return w.store.advance(ctx, tx, b, mine)
}
