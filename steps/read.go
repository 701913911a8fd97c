package steps

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

// tail is what was read of a topic so far: later looks go on where it ends.
type tail struct {
	next   offsets // the next offset to read of each partition
	counts []int64 // data records read of each partition, kept or not
	count  int64   // of all partitions
	kept   []record.Record
}

// offsets holds one offset for each partition.
type offsets []int64

// bounds returns the first offset and the last stable offset of each partition.
func (w *World) bounds(ctx context.Context, t *topic) (start, end offsets, err error) {
	end, err = w.listOffsets(ctx, t, (*kadm.Client).ListCommittedOffsets)
	if err != nil {
		return nil, nil, err
	}
	start, err = w.listOffsets(ctx, t, (*kadm.Client).ListStartOffsets)
	return start, end, err
}

func (w *World) listOffsets(ctx context.Context, t *topic, list func(*kadm.Client, context.Context,
	...string) (kadm.ListedOffsets, error)) (offsets, error) {
	admin, err := w.admin()
	if err != nil {
		return nil, err
	}
	listed, err := list(admin, ctx, t.physical)
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: list the offsets of %q: %w", t.name, err)
	}
	found := make(offsets, max(len(listed[t.physical]), int(t.partitions)))
	for p := range found {
		o, ok := listed.Lookup(t.physical, int32(p))
		if !ok { // not to be taken for an empty partition
			return nil, fmt.Errorf("could not look: the offsets of %q lack partition %d", t.name, p)
		}
		found[p] = o.Offset
	}
	return found, nil
}

// refresh reads what was added to a topic since the last look.
func (w *World) refresh(ctx context.Context, name string) (*tail, error) {
	t, err := w.topic(name)
	if err != nil {
		return nil, err
	}
	end, err := w.listOffsets(ctx, t, (*kadm.Client).ListCommittedOffsets)
	if err != nil {
		return nil, err
	}
	for len(t.tail.counts) < len(end) { // also when the topic has grown
		t.tail.counts = append(t.tail.counts, 0)
	}
	for len(t.tail.next) < len(end) {
		t.tail.next = append(t.tail.next, 0)
	}
	err = w.read(ctx, t, t.tail.next, end, func(r *record.Record) {
		t.tail.count++
		t.tail.counts[r.Partition]++
		if len(t.tail.kept) < keptRecords {
			t.tail.kept = append(t.tail.kept, *r)
		}
	})
	return &t.tail, err
}

// scan reads a whole topic and hands each record to see, which must not keep it.
func (w *World) scan(ctx context.Context, name string, see func(*record.Record)) error {
	t, err := w.topic(name)
	if err != nil {
		return err
	}
	start, end, err := w.bounds(ctx, t)
	if err != nil {
		return err
	}
	return w.read(ctx, t, start, end, see)
}

// read hands on the records from next up to end, partition by partition in order, and moves next along.
func (w *World) read(ctx context.Context, t *topic, next, end offsets, see func(*record.Record)) error {
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
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.physical: from}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(),
		kgo.FetchMaxWait(readWait),
	)
	if err != nil {
		return fmt.Errorf("could not look: make a reader of %q: %w", t.name, err)
	}
	defer client.Close()
	for left > 0 {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("could not look: reading %q: %w", t.name, context.Cause(ctx))
		}
		for _, failed := range fetches.Errors() {
			return fmt.Errorf("could not look: reading %q partition %d: %w", t.name, failed.Partition, failed.Err)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			left -= w.advance(t.name, p.Records, next, end, see)
		})
	}
	return nil
}

// wanted lists the partitions of which something is still to be read.
func wanted(next, end offsets) (map[int32]kgo.Offset, int) {
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
func (w *World) advance(topic string, records []*kgo.Record, next, end offsets, see func(*record.Record)) int {
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
