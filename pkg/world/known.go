package world

// Records that are gone: what retention, deletion or compaction took from a log is known from its acknowledgement, and
// so can be told from what never was.

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// contentBudget bounds the memory for the content of a topic's own records, in bytes; contentCost is what one costs
// besides. Of later ones only the offset is known.
const (
	contentBudget = 4 << 20
	contentCost   = 256
)

// acknowledged are the records that kafkaspec itself put into a topic: their offsets, and the content of the first.
//
// Memory: 16 bytes for each run of consecutive offsets, and the content.
type acknowledged struct {
	mu      sync.Mutex
	spans   map[int32][]span
	content map[place]record.Record
	used    int
	grown   []Grown
	held    cursor // offsets of transactions, be they aborted, and of their markers
	stood   map[int32][]stood
	floor   map[int32]int64 // below it nothing is the scenario's: a step has deleted it before anybody read it
}

// Grown is where partitions ended, as far as kafkaspec itself had written, at a time of the journal.
type Grown struct {
	At   time.Duration
	Ends map[int32]int64
}

// Growth is how the topic grew by what kafkaspec wrote, a line for each step that wrote.
func (t *Topic) Growth() []Grown {
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	return slices.Clone(t.sent.grown)
}

// mark remembers where partitions end now.
func (a *acknowledged) mark(now time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ends := map[int32]int64{}
	for partition, spans := range a.spans {
		if n := len(spans); n > 0 {
			ends[partition] = spans[n-1].to
		}
	}
	a.grown = append(a.grown, Grown{now, ends})
}

// add takes a record that the cluster has acknowledged.
func (a *acknowledged) add(topic string, k *kgo.Record) {
	if k.Offset < 0 { // acknowledged as a repetition, which has no place
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.spans == nil {
		a.spans, a.content = map[int32][]span{}, map[place]record.Record{}
	}
	spans := a.spans[k.Partition]
	if n := len(spans); n > 0 && spans[n-1].to == k.Offset {
		spans[n-1].to++
	} else {
		a.spans[k.Partition] = append(spans, span{k.Offset, k.Offset + 1})
	}
	if a.used < contentBudget {
		a.content[place{k.Partition, k.Offset}] = record.FromKgo(topic, k)
		a.used += contentCost + len(k.Key) + len(k.Value)
	}
}

// wasAcknowledged takes a record that kafkaspec has sent, not before a time of the journal.
func (t *Topic) wasAcknowledged(k *kgo.Record, sent time.Duration) {
	t.sent.add(t.Name, k)
	if k.Offset >= 0 && t.world.keys.wanted(t.Name) {
		t.world.keys.add(t.Name, k.Partition, k.Offset, sent, journal.KeyOf(k.Key, k.Value))
	}
}

// hold takes a record of a transaction that is over.
func (a *acknowledged) hold(k *kgo.Record) {
	if k.Offset < 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held == nil {
		a.held = cursor{}
	}
	a.held[k.Partition] = append(a.held[k.Partition], span{k.Offset, k.Offset + 2}) // its marker may be the next one
}

// Deleted tells that a step has moved the start of a partition's log. Where no application that reads the topic was
// started yet, that is what the scenario begins with: none of them could have processed what stood before.
func (t *Topic) Deleted(partition int32, before int64) {
	if t.wasRead() {
		return
	}
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	if t.sent.floor == nil {
		t.sent.floor = map[int32]int64{}
	}
	t.sent.floor[partition] = max(t.sent.floor[partition], before)
	var left []span
	for _, s := range t.sent.spans[partition] {
		if s.from = max(s.from, before); s.from < s.to {
			left = append(left, s)
		}
	}
	if t.sent.spans != nil {
		t.sent.spans[partition] = left
	}
}

// lack is what is known of a record that is gone.
type lack struct {
	whole bool // its content is known
	verdict.Cleaned
}

// ScanKnown reads a whole topic as Scan does, and tells of each record below its end that was acknowledged and is in
// the log no more, and whether compaction may have taken it unread. Of such a record its place is known, and its
// content if kafkaspec had sent it among the first.
func (t *Topic) ScanKnown(ctx context.Context, see func(*record.Record),
	gone func(*record.Record, verdict.Cleaned)) error {
	return t.scanKnown(ctx, nil, see, func(r *record.Record, how lack) { gone(r, how.Cleaned) })
}

// However takes records that are gone, however that came.
func However(gone func(*record.Record)) func(*record.Record, verdict.Cleaned) {
	return func(r *record.Record, _ verdict.Cleaned) { gone(r) }
}

// scanKnown reads up to ends that were taken before; nil: up
// to where they are now.
func (t *Topic) scanKnown(ctx context.Context, until Offsets, see func(*record.Record),
	gone func(*record.Record, lack)) error {
	return t.records(ctx, "records, with those that are gone", see, gone, func(ctx context.Context,
		see func(*record.Record), gone func(*record.Record, lack)) error {
		return t.readKnown(ctx, until, see, gone)
	})
}

func (t *Topic) readKnown(ctx context.Context, until Offsets, see func(*record.Record),
	gone func(*record.Record, lack)) error {
	start, end, err := t.bounds(ctx)
	if err != nil {
		return err
	}
	if err := t.mixed(); err != nil {
		return err
	}
	if until != nil {
		end = until
	}
	known := t.known()
	began := slices.Clone(start)
	var failed error
	cleans := sync.OnceValue(func() (c cleaning) {
		c, failed = t.cleaning(ctx, began, end)
		return c
	})
	missing := func(partition int32, below int64) {
		for s := known[partition]; len(s) > 0 && s[0].from < below; s = known[partition] {
			r, whole := t.remembered(partition, s[0].from)
			gone(&r, lack{whole, t.sent.until(cleans().of(partition, r.Offset), r.Partition, r.Offset)})
			known.pass(partition)
		}
	}
	if err := t.read(ctx, nil, start, end, func(r *record.Record) {
		missing(r.Partition, r.Offset)
		if s := known[r.Partition]; len(s) > 0 && s[0].from == r.Offset {
			known.pass(r.Partition)
		}
		see(r)
	}); err != nil {
		return err
	}
	for p := range end {
		missing(int32(p), end[p])
	}
	return failed
}

// known are all offsets that somebody had acknowledged: kafkaspec, or an application whose requests the wire noted.
func (t *Topic) known() cursor {
	all := t.knownUpTo(math.MaxInt64)
	t.world.spilt.of(t.Name, all)
	return all
}

// knownUpTo leaves out what applications wrote after a fact.
func (t *Topic) knownUpTo(seq int64) cursor {
	all := t.ours()
	t.world.written(t.Name, func(f *journal.Fact) {
		if f.Seq > seq {
			return
		}
		all[f.Partition] = append(all[f.Partition], span{f.Offset, f.Offset + f.Count})
	})
	return all.merged()
}

// taken are the offsets of which it is known what they held: those of known records, those of transactions that were
// not committed, and the marker behind each transaction.
func (t *Topic) taken() cursor {
	all := t.ours()
	t.sent.mu.Lock()
	for p, spans := range t.sent.held {
		all[p] = append(all[p], spans...)
	}
	t.sent.mu.Unlock()
	for _, f := range t.world.Journal.SelectAfter(t.remade, func(f *journal.Fact) bool { return inLog(f, t.Name) }) {
		s := span{f.Offset, f.Offset + f.Count}
		if a, ok := f.Detail.(*journal.Attempt); ok && a.TransactionalID != "" {
			s.to++
		}
		all[f.Partition] = append(all[f.Partition], s)
	}
	t.world.spilt.takenOf(t.Name, all)
	return all
}

// ours are the offsets of what kafkaspec itself has sent.
func (t *Topic) ours() cursor {
	all := cursor{}
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	for p, spans := range t.sent.spans {
		all[p] = slices.Clone(spans)
	}
	return all
}

// Acknowledged tells of each record that the topic's cluster has acknowledged to somebody: kafkaspec, or an application
// whose requests the wire noted, also in a topic that was deleted and made again since. A content of 0 is not known.
func (t *Topic) Acknowledged(tell func(who string, partition int32, offset int64, content journal.Content)) {
	t.sent.mu.Lock()
	for p, spans := range t.sent.spans {
		for _, s := range spans {
			for ; s.from < s.to; s.from++ {
				var content journal.Content
				if r, ok := t.sent.content[place{p, s.from}]; ok {
					content = journal.ContentOf(r.Key, r.Value)
				}
				tell("kafkaspec", p, s.from, content)
			}
		}
	}
	t.sent.mu.Unlock()
	batches := func(f *journal.Fact) bool { return inLog(f, t.Name) }
	inForce(t.world.orEndsOfAll(batches), func(f, _ *journal.Fact) {
		contents := make([]journal.Content, f.Count)
		if a, ok := f.Detail.(*journal.Attempt); ok && len(a.Contents) == len(contents) {
			contents = a.Contents
		}
		for i, content := range contents {
			tell(f.App, f.Partition, f.Offset+int64(i), content)
		}
	})
}

// written tells of the batches that applications have in a topic for certain.
func (w *World) written(topic string, tell func(*journal.Fact)) {
	w.InForce(func(f *journal.Fact) bool { return inLog(f, topic) }, func(f, _ *journal.Fact) { tell(f) })
}

// inLog is true of a batch that came into a topic's log, be it of a transaction that is not committed.
func inLog(f *journal.Fact, topic string) bool {
	return f.Kind == journal.ProduceAttempt && f.Topic == topic && verdict.OutcomeOf(f) == verdict.Written &&
		f.Offset >= 0 && f.Count >= 1
}

// remembered is a record that is gone, and whether its content is known.
func (t *Topic) remembered(partition int32, offset int64) (r record.Record, whole bool) {
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	if r, ok := t.sent.content[place{partition, offset}]; ok {
		return r, true
	}
	return record.Record{Topic: t.Name, Partition: partition, Offset: offset}, false
}
