package world

import (
	"context"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// SampleEvery is how often the growth of a measured topic is looked at; a rate needs at least two looks while it grows.
const SampleEvery = 10 * time.Millisecond

// Received is the kind of fact that says how many records a measured topic holds.
const Received journal.Kind = "received"

// sampleGrowth starts looking at the topics whose rate the scenario judges; the first call starts it, Close ends it.
func (w *World) sampleGrowth(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.options.Needs.Sampled) == 0 || len(w.samplers) > 0 {
		return nil
	}
	var measured []*Topic
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

// sample adds a fact for each look at which a topic holds another number of records than before. A look that fails is
// left out: the next one follows.
func (w *World) sample(ctx context.Context, topics []*Topic) {
	ticker := time.NewTicker(SampleEvery)
	defer ticker.Stop()
	last := map[string]int64{}
	for {
		for _, t := range topics {
			start, end, err := t.Bounds(ctx)
			if err != nil {
				continue
			}
			held := int64(0)
			for p := range end {
				held += end[p] - start[p]
			}
			if was, seen := last[t.Name]; !seen || was != held {
				last[t.Name] = held
				w.Journal.Add(journal.Fact{Kind: Received, Source: journal.SourceBroker, Topic: t.Name, Partition: -1, Offset: -1,
					Count: held})
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
