package world

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Seen returns the records that the scenario knows: those that its topics hold, and those that steps have sent, even if
// they are gone since. Of a topic with very many it knows the first.
func (w *World) Seen(ctx context.Context) ([]record.Record, error) {
	var all []record.Record
	for _, t := range w.allTopics() {
		tail, err := t.refresh(ctx)
		if err != nil {
			return nil, err
		}
		all = append(append(all, tail.kept...), t.Sent()...)
	}
	return all, nil
}

// Sent returns the first records that steps have sent to the topic, in no order.
func (t *Topic) Sent() []record.Record {
	t.sent.mu.Lock()
	defer t.sent.mu.Unlock()
	return slices.Collect(maps.Values(t.sent.content))
}

// MadeOfSomething is nil once another topic of the scenario has had a record: that a topic holds nothing that is made
// of records shows nothing before.
func (t *Topic) MadeOfSomething(ctx context.Context) error {
	for _, other := range t.world.allTopics() {
		if other == t {
			continue
		}
		if len(other.known()) > 0 { // be they gone
			return nil
		}
		if held, err := other.Count(ctx); err != nil || held > 0 {
			return err
		}
	}
	return fmt.Errorf("%w: no other topic of the scenario has had a record, so nothing could be in %q; send the records "+
		"that it is made of", verdict.ErrInconclusive, t.Name)
}

func (w *World) allTopics() []*Topic {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*Topic
	for _, name := range slices.Sorted(maps.Keys(w.topics)) {
		all = append(all, w.topics[name])
	}
	return all
}
