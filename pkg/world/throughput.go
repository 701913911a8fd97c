package world

import (
	"context"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// SampleEvery is how often the growth of a measured topic is looked at; a rate needs at least two looks while it grows.
const SampleEvery = 10 * time.Millisecond

// Received is the kind of fact that says how many offsets a measured topic holds up to where it can be read.
const Received journal.Kind = "received"

// sample is how far a measured topic could be read at a time of the journal.
type sample struct {
	at   time.Duration
	ends Offsets
}

// growth is what was seen of a measured topic.
type growth struct {
	samples []sample
	// what was counted so far: the next offset of each partition, the records that were first readable at each sample, and
	// how many offsets were gone before they could be counted
	next    Offsets
	records []int64
	gone    int64
}

// Grew is how many records a consumer at read_committed could have read of a measured topic since it was first looked
// at, at each look at which it could have read more. Markers of transactions and aborted records do not count.
type Grew struct {
	Looked int           // how often the topic was seen to have another end
	Since  time.Duration // the first of these
	Looks  []Readable
	Gone   int64 // offsets that were taken from the log before they were counted, and may have been records
}

// Readable is how many records could have been read by a time of the journal.
type Readable struct {
	At      time.Duration
	Records int64
}

// Grew reads what a measured topic holds of its growth.
func (t *Topic) Grew(ctx context.Context) (Grew, error) {
	g, samples := t.sampled()
	if g == nil {
		return Grew{}, nil
	}
	if err := t.count(ctx, g, samples); err != nil {
		return Grew{}, err
	}
	found := Grew{Looked: len(samples), Since: samples[0].at, Gone: g.gone}
	total := int64(0)
	for k, n := range g.records {
		if total += n; n > 0 {
			found.Looks = append(found.Looks, Readable{samples[k].at, total})
		}
	}
	compacted, err := t.Compacted(ctx)
	if compacted { // from anywhere in the log
		found.Gone = -total
		for p, end := range g.next {
			found.Gone += end - max(samples[0].ends.At(p), 0)
		}
	}
	return found, err
}

// sampled are the looks at a measured topic so far; nil where it was not looked at.
func (t *Topic) sampled() (*growth, []sample) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	g := t.world.growths[t.Name]
	if g == nil {
		return nil, nil
	}
	return g, slices.Clone(g.samples)
}

// count reads on, up to the last sample.
func (t *Topic) count(ctx context.Context, g *growth, samples []sample) error {
	end := samples[len(samples)-1].ends
	g.records = append(g.records, make([]int64, len(samples)-len(g.records))...)
	if g.next == nil {
		g.next = slices.Clone(samples[0].ends)
	}
	for len(g.next) < len(end) { // the topic has grown
		g.next = append(g.next, 0)
	}
	begin, err := t.listOffsets(ctx, starts)
	if err != nil {
		return err
	}
	for p := range end {
		g.gone += max(0, min(begin.At(p), end[p])-g.next[p], g.next[p]-end[p]) // the last of a log that began anew
	}
	at := make([]int, len(end)) // the first sample that has the record
	return t.read(ctx, begin, g.next, end, func(r *record.Record) {
		p := int(r.Partition)
		for samples[at[p]].ends.At(p) <= r.Offset {
			at[p]++
		}
		g.records[at[p]]++
	})
}

// sampleGrowth starts looking at the topics whose rate the scenario judges; the first call starts it, Close ends it.
func (w *World) sampleGrowth(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.options.Needs.Sampled) == 0 || len(w.samplers) > 0 {
		return nil
	}
	var measured []*Topic
	w.growths = map[string]*growth{}
	for name := range w.options.Needs.Sampled {
		if t, ok := w.topics[name]; ok {
			measured = append(measured, t)
		}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.sample(ctx, measured)
	}()
	w.samplers = append(w.samplers, func() { cancel(); <-ended })
	return nil
}

// sample keeps each look at which a topic has another end than before, and adds a fact of it. A look that fails is left
// out: the next one follows.
func (w *World) sample(ctx context.Context, topics []*Topic) {
	ticker := time.NewTicker(SampleEvery)
	defer ticker.Stop()
	for {
		for _, t := range topics {
			// beside the steps: which topic it is, and whether a transaction is open, is for them to find out
			end, err := t.askOffsets(ctx, stableEnds)
			if err != nil {
				continue
			}
			if start, err := t.askOffsets(ctx, starts); err == nil {
				w.grew(t, start, end)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (w *World) grew(t *Topic, start, end Offsets) {
	w.mu.Lock()
	g := w.growths[t.Name]
	if g == nil {
		g = &growth{}
		w.growths[t.Name] = g
	}
	if n := len(g.samples); n > 0 && slices.Equal(g.samples[n-1].ends, end) {
		w.mu.Unlock()
		return
	}
	g.samples = append(g.samples, sample{w.Journal.Since(time.Now()), end})
	w.mu.Unlock()
	held := int64(0)
	for p := range end {
		held += end[p] - start.At(p)
	}
	w.Journal.Add(journal.Fact{Kind: Received, Source: journal.SourceBroker, Topic: t.Name, Partition: -1, Offset: -1,
		Count: held})
}
