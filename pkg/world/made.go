package world

// Topics that applications make themselves: changelogs, repartition topics, retry topics.

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Written returns a topic that an application was seen to write: a declared one, or one that applications made.
func (w *World) Written(ctx context.Context, name string) (*Topic, error) {
	if t, err := w.Present(ctx, name); err == nil {
		return t, nil
	}
	w.mu.Lock()
	t := w.made[name]
	w.mu.Unlock()
	if t != nil {
		return t, nil
	}
	t = &Topic{world: w, Name: name, Physical: w.Session.Names().Topic(name)}
	detail, _, err := t.describe(ctx)
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, fmt.Errorf("%w: topic %q was written, and is not on the cluster any more", verdict.ErrInconclusive, name)
	}
	if err != nil {
		return nil, fmt.Errorf("could not look: topic %q: %w", name, err)
	}
	t.is(detail.ID, int32(len(detail.Partitions)))
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.made == nil {
		w.made = map[string]*Topic{}
	}
	w.made[name] = t
	return t, nil
}

// Made notes the topics that came into being for the scenario and that it has not declared: applications made them.
// The journal is told of each.
func (w Scenario) Made(ctx context.Context) error {
	all, err := kmsg.NewPtrMetadataRequest().RequestWith(ctx, w.client) // of all topics, as they are now
	if err != nil {
		return fmt.Errorf("could not look: list topics: %w", err)
	}
	owner, shared := w.Session.(cluster.Owner)
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return shared && f.Error == "" && (f.Kind == journal.TopicMade || f.Kind == journal.ProduceAttempt)
	}) {
		owner.Made(w.Session.Names().Topic(f.Topic))
	}
	declared := w.physicalTopics()
	var made []string
	for _, t := range all.Topics {
		if t.Topic != nil && w.owns(*t.Topic) && !slices.Contains(declared, *t.Topic) {
			name := w.Session.Names().Undo(*t.Topic)
			made = append(made, fmt.Sprintf("%q with %s", name, words.Counted(len(t.Partitions), "partition")))
		}
	}
	slices.Sort(made)
	for _, topic := range made {
		w.noteMade(topic)
	}
	return nil
}

func (w *World) noteMade(topic string) {
	w.tell(journal.Fact{Kind: journal.Note, Text: "an application made the topic " + topic})
	w.Note("an application made the topic %s", topic)
}
