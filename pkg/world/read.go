package world

// Reading topics: how expectations and judges see a log. Everything is read at read_committed, from the log's start, by
// a client that belongs to no group, so that looking changes nothing. A topic is read up to its last stable offset,
// control markers included.

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// keptRecords bounds how many records of a topic are held for comparisons; judges stream and hold none.
const keptRecords = 200_000

// Tail is what was read of a topic so far: later looks go on where it ends.
type Tail struct {
	next   Offsets // the next offset to read of each partition
	Counts []int64 // data records read of each partition, kept or not
	Count  int64   // of all partitions
	kept   []record.Record
}

// Offsets holds one offset for each partition.
type Offsets []int64

// Bounds returns the first offset and the last stable offset of each partition.
func (w *World) Bounds(ctx context.Context, t *Topic) (start, end Offsets, err error) {
	end, err = w.listOffsets(ctx, t, (*kadm.Client).ListCommittedOffsets)
	if err != nil {
		return nil, nil, err
	}
	start, err = w.listOffsets(ctx, t, (*kadm.Client).ListStartOffsets)
	return start, end, err
}

// Ends returns the high watermark of each partition.
func (w *World) Ends(ctx context.Context, t *Topic) (Offsets, error) {
	return w.listOffsets(ctx, t, (*kadm.Client).ListEndOffsets)
}

func (w *World) listOffsets(ctx context.Context, t *Topic, list func(*kadm.Client, context.Context,
	...string) (kadm.ListedOffsets, error)) (Offsets, error) {
	admin, err := w.Admin()
	if err != nil {
		return nil, err
	}
	listed, err := list(admin, ctx, t.Physical)
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: list the offsets of %q: %w", t.Name, err)
	}
	found := make(Offsets, max(len(listed[t.Physical]), int(t.Partitions)))
	for p := range found {
		o, ok := listed.Lookup(t.Physical, int32(p))
		if !ok { // not to be taken for an empty partition
			return nil, fmt.Errorf("could not look: the offsets of %q lack partition %d", t.Name, p)
		}
		found[p] = o.Offset
	}
	return found, nil
}

// Refresh reads what was added to a topic since the last look.
func (w *World) Refresh(ctx context.Context, name string) (*Tail, error) {
	t, err := w.Topic(name)
	if err != nil {
		return nil, err
	}
	end, err := w.listOffsets(ctx, t, (*kadm.Client).ListCommittedOffsets)
	if err != nil {
		return nil, err
	}
	for len(t.tail.Counts) < len(end) { // also when the topic has grown
		t.tail.Counts = append(t.tail.Counts, 0)
	}
	for len(t.tail.next) < len(end) {
		t.tail.next = append(t.tail.next, 0)
	}
	err = w.read(ctx, t, t.tail.next, end, func(r *record.Record) {
		t.tail.Count++
		t.tail.Counts[r.Partition]++
		if len(t.tail.kept) < keptRecords {
			t.tail.kept = append(t.tail.kept, *r)
		}
	})
	return &t.tail, err
}

// Scan reads a whole topic and hands each record to see, which must not keep it.
func (w *World) Scan(ctx context.Context, name string, see func(*record.Record)) error {
	t, err := w.Topic(name)
	if err != nil {
		return err
	}
	start, end, err := w.Bounds(ctx, t)
	if err != nil {
		return err
	}
	return w.read(ctx, t, start, end, see)
}

// read hands on the records from next up to end, partition by partition in order, and moves next along.
func (w *World) read(ctx context.Context, t *Topic, next, end Offsets, see func(*record.Record)) error {
	from, left := wanted(next, end)
	if left == 0 {
		return nil
	}
	starts, err := w.listOffsets(ctx, t, (*kadm.Client).ListStartOffsets)
	if err != nil {
		return err
	}
	for p, o := range starts { // records before a log's start are gone: truncated or expired
		if _, reading := from[int32(p)]; reading && o > next[p] {
			next[p] = o
		}
	}
	if from, left = wanted(next, end); left == 0 {
		return nil
	}
	client, err := w.Session.Client(
		kgo.ClientID("kafkaspec-reader"),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.Physical: from}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(),
		kgo.FetchMaxWait(readWait),
	)
	if err != nil {
		return fmt.Errorf("could not look: make a reader of %q: %w", t.Name, err)
	}
	defer client.Close()
	for left > 0 {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("could not look: reading %q: %w", t.Name, context.Cause(ctx))
		}
		for _, failed := range fetches.Errors() {
			return fmt.Errorf("could not look: reading %q partition %d: %w", t.Name, failed.Partition, failed.Err)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			left -= w.advance(t.Name, p.Records, next, end, see)
		})
	}
	return nil
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
func (w *World) advance(topic string, records []*kgo.Record, next, end Offsets, see func(*record.Record)) int {
	for _, k := range records {
		p := k.Partition
		if next[p] >= end[p] {
			return 0
		}
		next[p] = k.Offset + 1
		if !k.Attrs.IsControl() && k.Offset < end[p] {
			r := record.FromKgo(topic, k)
			w.logicalHeaders(&r)
			see(&r)
		}
		if next[p] >= end[p] {
			return 1
		}
	}
	return 0
}

// logicalHeaders puts the logical name in place of a header that names a topic of the scenario: where a dead letter
// comes from, say.
func (w *World) logicalHeaders(r *record.Record) {
	if !w.Session.Describe().Shared {
		return
	}
	for i, h := range r.Headers {
		if logical, ok := w.Session.Names().LogicalTopic(string(h.Value)); ok {
			r.Headers[i].Value = []byte(logical)
		}
	}
}
