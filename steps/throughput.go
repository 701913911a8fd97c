package steps

// Throughput: how fast a topic grows, seen from the cluster and not from what a producer says of itself.

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// sampleEvery is how often the growth of a measured topic is looked at; a rate needs at least two looks while it grows.
const sampleEvery = 10 * time.Millisecond

// Received is the kind of fact that says how many records a measured topic holds.
const Received journal.Kind = "received"

func throughputSteps(s *Registry) {
	s.Then("{topic} received at least {rate}", receivedAtLeast, with(samplesTopic))
}

// receivedAtLeast judges the rate at which records became readable in a topic, from its first growth to its last while
// the scenario ran. Only what the cluster has acknowledged counts.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 200_000 |
//	When application "loader" has finished
//	Then "events" received at least 1k records/s
func receivedAtLeast(ctx context.Context, name string, want float64) error {
	w := FromContext(ctx)
	grown := w.Journal.Select(func(f *journal.Fact) bool { return f.Kind == Received && f.Topic == name })
	if len(grown) < 2 || grown[len(grown)-1].Count == grown[0].Count {
		return fmt.Errorf("%q: the growth was seen %d times, want at least twice; send more records, as it is looked at "+
			"every %s", name, len(grown), sampleEvery)
	}
	first, last := grown[0], grown[len(grown)-1]
	records, seconds := last.Count-first.Count, (last.At - first.At).Seconds()
	rate := float64(records) / seconds
	w.Note("%q received %.0f records/s (%d records in %.2fs) on %s", name, rate, records, seconds, w.Session.Describe())
	if rate < want {
		return fmt.Errorf("%q: got %.0f records/s (%d records in %.2fs), want at least %.0f records/s, on %s", name, rate,
			records, seconds, want, w.Session.Describe())
	}
	return nil
}

// sampleGrowth starts looking at the topics whose rate the scenario judges; the first call starts it, Close ends it.
func (w *World) sampleGrowth(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.Plan.Sampled) == 0 || len(w.samplers) > 0 {
		return nil
	}
	var measured []*topic
	for name := range w.Plan.Sampled {
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
func (w *World) sample(ctx context.Context, topics []*topic) {
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	last := map[string]int64{}
	for {
		for _, t := range topics {
			start, end, err := w.bounds(ctx, t)
			if err != nil {
				continue
			}
			held := int64(0)
			for p := range end {
				held += end[p] - start[p]
			}
			if was, seen := last[t.name]; !seen || was != held {
				last[t.name] = held
				w.Journal.Add(journal.Fact{Kind: Received, Source: "broker", Topic: t.name, Partition: -1, Offset: -1, Count: held})
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
