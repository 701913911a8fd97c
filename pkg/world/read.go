package world

// Reading topics: how expectations and judges see a log. Everything is read at read_committed, from the log's start, by
// a client that belongs to no group, so that looking changes nothing. A topic is read up to its last stable offset,
// control markers included.

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// keptRecords bounds how many records of a topic are held for comparisons; judges stream and hold none.
const keptRecords = 200_000

// tail is what was read of a topic so far: later looks go on where it ends.
type tail struct {
	next   Offsets // the next offset to read of each partition
	counts []int64 // data records read of each partition, kept or not
	count  int64   // of all partitions
	kept   []record.Record
	starts Offsets // of the logs, as they were read
}

// refresh reads what was added to a topic since the last look, or all of it again where something was taken from it.
func (t *Topic) refresh(ctx context.Context) (*tail, error) {
	end, err := t.readable(ctx)
	if err != nil {
		return &t.tail, err
	}
	if err := t.forget(ctx); err != nil {
		return &t.tail, err
	}
	for len(t.tail.counts) < len(end) { // also when the topic has grown
		t.tail.counts = append(t.tail.counts, 0)
	}
	for len(t.tail.next) < len(end) {
		t.tail.next = append(t.tail.next, 0)
	}
	err = t.read(ctx, t.tail.starts, t.tail.next, end, func(r *record.Record) {
		t.tail.count++
		t.tail.counts[r.Partition]++
		if len(t.tail.kept) < keptRecords {
			t.tail.kept = append(t.tail.kept, *r)
		}
	})
	return &t.tail, err
}

// forget has a topic read anew of which records may have been taken that were read: its log begins later than it did,
// or compaction takes records from anywhere in it.
func (t *Topic) forget(ctx context.Context) error {
	begin, err := t.listOffsets(ctx, starts)
	if err != nil {
		return err
	}
	was := t.tail.starts
	t.tail.starts = begin
	if t.tail.count == 0 {
		return nil
	}
	if t.compacts == nil {
		compacts, err := t.Compacted(ctx)
		if err != nil {
			return err
		}
		t.compacts = &compacts
	}
	again := *t.compacts
	for p, o := range begin {
		again = again || p < len(t.tail.counts) && t.tail.counts[p] > 0 && o > was.At(p)
	}
	if again {
		t.tail = tail{next: slices.Clone(t.began), starts: begin}
	}
	return nil
}

// Records returns every record the topic holds now, in the order of offsets on each partition. Too many to be held is
// an error.
func (t *Topic) Records(ctx context.Context) ([]record.Record, error) {
	tail, err := t.refresh(ctx)
	if err != nil {
		return nil, err
	}
	if tail.count > int64(len(tail.kept)) {
		return nil, Final(fmt.Errorf("%q holds %d records; comparing them one by one works up to %d: use a judge, such as: "+
			"every record of … is in … exactly once", t.Name, tail.count, keptRecords))
	}
	return tail.kept, nil
}

// Count returns how many records the topic holds now; control markers and aborted records do not count.
func (t *Topic) Count(ctx context.Context) (int64, error) {
	answer, err := t.world.answer(ctx, journal.Answer{Question: "number of records", Of: t.Name},
		func(ctx context.Context, a *journal.Answer) error {
			tail, err := t.refresh(ctx)
			a.Number = tail.count
			return err
		})
	return answer.Number, err
}

// Counts returns how many records each partition of the topic holds now.
func (t *Topic) Counts(ctx context.Context) ([]int64, error) {
	tail, err := t.refresh(ctx)
	return tail.counts, err
}

// Scan reads a whole topic and hands each record to see, which must not keep it.
func (t *Topic) Scan(ctx context.Context, see func(*record.Record)) error {
	return t.scan(ctx, nil, see)
}

// scan reads up to ends that were taken before; nil: up to where they are now.
func (t *Topic) scan(ctx context.Context, until Offsets, see func(*record.Record)) error {
	return t.records(ctx, "records", see, nil, func(ctx context.Context, see func(*record.Record),
		_ func(*record.Record, lack)) error {
		start, end, err := t.bounds(ctx)
		if err != nil {
			return err
		}
		if until != nil {
			end = until
		}
		return t.read(ctx, nil, start, end, see)
	})
}

// Feed is a topic and what is handed its records.
type Feed struct {
	Topic *Topic
	See   func(*record.Record)
	Gone  func(*record.Record) // what the log has no more; nil: that does not matter
	// what of that compaction may have taken before anybody read it, so that nothing need have come of it; nil: Gone does
	Unread func(*record.Record)
	// what is in it comes from the topics that are read before it: only what was there when the first of them is begun is
	// read, so that nothing is seen before what it was made of
	Derived bool
	// which findings are true whatever was in records that are gone and not known, and whether each of those explains one
	// other finding at most; nil: none
	Certain verdict.Which
	Once    bool
}

// ScanAll reads whole topics, one after the other. Where records are gone the error is a *GoneError, and all others
// were read if it has findings that are certain.
func ScanAll(ctx context.Context, feeds ...Feed) error {
	ends := make([]Offsets, len(feeds))
	for i, f := range feeds {
		if f.Derived {
			_, end, err := f.Topic.bounds(ctx)
			if err != nil {
				return err
			}
			ends[i] = end
		}
	}
	var gone *GoneError
	for i, f := range feeds {
		var err error
		if f.Gone != nil {
			err = f.Topic.scanWhole(ctx, ends[i], f)
		} else {
			err = f.Topic.scan(ctx, ends[i], f.See)
		}
		switch unknown, is := errors.AsType[*GoneError](err); {
		case is && f.Certain != nil:
			unknown.Certain, unknown.Once = f.Certain, f.Once
			gone = unknown.with(gone)
		case err != nil:
			return err
		}
	}
	return gone.Err()
}

// read hands on the records from next up to end, partition by partition in order, and moves next along. Begin is where
// the logs begin; nil: not asked yet.
func (t *Topic) read(ctx context.Context, begin, next, end Offsets, see func(*record.Record)) (err error) {
	if t.world.past != nil {
		return notKept("a journal keeps no values of records, and those of %q are looked at", t.Name)
	}
	from, left := wanted(next, end)
	if left == 0 {
		return nil
	}
	if begin == nil {
		if begin, err = t.listOffsets(ctx, starts); err != nil {
			return err
		}
	}
	for p, o := range begin { // records before a log's start are gone: truncated or expired
		if _, reading := from[int32(p)]; reading && o > next[p] {
			next[p] = o
		}
	}
	if from, left = wanted(next, end); left == 0 {
		return nil
	}
	defer readsOn(ctx)()
	reader, err := t.reader(ctx, from)
	if err != nil {
		return fmt.Errorf("could not look: make a reader of %q: %w", t.Name, err)
	}
	defer reader.Return(t.Physical)
	see = t.noting(t.world.translated(see))
	for left > 0 {
		fetches := reader.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("could not look: reading %q: %w", t.Name, context.Cause(ctx))
		}
		for _, failed := range fetches.Errors() {
			return fmt.Errorf("could not look: reading %q partition %d: %w", t.Name, failed.Partition, failed.Err)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			left -= t.advance(p.Records, next, end, see)
		})
	}
	return nil
}

// reader returns a client that reads partitions of the topic from those offsets on.
func (t *Topic) reader(ctx context.Context, from map[int32]kgo.Offset) (*cluster.Borrowed, error) {
	partitions := map[string]map[int32]kgo.Offset{t.Physical: from}
	reader, err := t.world.Session.Borrow(ctx, "reader",
		kgo.ClientID("kafkaspec-reader"),
		kgo.ConsumePartitions(partitions),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(),
		kgo.FetchMaxWait(readWait),
	)
	if err == nil && reader.Used {
		reader.AddConsumePartitions(partitions)
	}
	return reader, err
}

// wanted lists the partitions of which something is still to be read.
func wanted(next, end Offsets) (map[int32]kgo.Offset, int) {
	from := map[int32]kgo.Offset{}
	for p := range end {
		if next[p] < end[p] {
			from[int32(p)] = kgo.NewOffset().At(next[p])
		}
	}
	return from, len(from)
}

// advance hands on one fetch of one partition, up to its end, and returns 1 when that partition is read to the end by
// it.
func (t *Topic) advance(records []*kgo.Record, next, end Offsets, see func(*record.Record)) int {
	for _, k := range records {
		p := k.Partition
		if next[p] >= end[p] {
			return 0
		}
		next[p] = k.Offset + 1
		if !k.Attrs.IsControl() && k.Offset < end[p] {
			r := record.FromKgo(t.Name, k)
			t.world.logicalHeaders(&r)
			see(&r)
		}
		if next[p] >= end[p] {
			return 1
		}
	}
	return 0
}

// logicalHeaders puts the logical name in place of a header that names a topic of the scenario: where a dead letter
// comes from, say. What the cluster calls it stays known.
func (w *World) logicalHeaders(r *record.Record) {
	if !w.Session.Describe().Shared && !w.ComingTopics() {
		return
	}
	for i, h := range r.Headers {
		if logical, ok := w.Session.Names().LogicalTopic(string(h.Value)); ok && logical != string(h.Value) {
			r.Headers[i].Value, r.Headers[i].OnCluster = []byte(logical), h.Value
		}
	}
}
