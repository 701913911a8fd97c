package world

// Names that an application cannot be told: what is on the cluster already under such a name.

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// owns tells topics that came into being for the scenario from others, by the physical name.
func (w *World) owns(physical string) bool {
	if owner, ok := w.Session.(cluster.Owner); ok {
		return owner.OwnsTopic(physical)
	}
	_, own := w.Session.Names().LogicalTopic(physical)
	return own
}

// adoptAsDeclared uses a topic with a fixed name that is on the cluster already, if it is what the scenario declares:
// so many partitions, and the settings that it gives.
func (w *World) adoptAsDeclared(ctx context.Context, name string, partitions int32, want map[string]*string) error {
	if err := w.AdoptTopic(ctx, name); err != nil {
		return err
	}
	t, err := w.Topic(name)
	if err != nil {
		return err
	}
	if t.Partitions != partitions {
		return fmt.Errorf("%w: topic %q is on the cluster already, with %s in place of %s; declare it so, or delete it",
			verdict.ErrInconclusive, name, words.Counted(t.Partitions, "partition"),
			words.Counted(partitions, "partition"))
	}
	if len(want) == 0 {
		return nil
	}
	got, err := w.Admin().DescribeTopicConfigs(ctx, t.Physical)
	if err != nil {
		return fmt.Errorf("could not look: the configuration of %q: %w", name, err)
	}
	var other []string
	for _, of := range got {
		for _, c := range of.Configs {
			if value := want[c.Key]; value != nil && *value != c.MaybeValue() {
				other = append(other, fmt.Sprintf("%s %s in place of %s", c.Key, c.MaybeValue(), *value))
			}
		}
	}
	if len(other) > 0 {
		return fmt.Errorf("%w: topic %q is on the cluster already, with %s; declare it so, or delete it",
			verdict.ErrInconclusive, name, strings.Join(other, ", "))
	}
	return nil
}

// Commit commits offsets of partitions, the next ones to be read, for a group that has no members.
func (g *Group) Commit(ctx context.Context, t *Topic, next map[int32]int64) error {
	var offsets kadm.Offsets
	for partition, offset := range next {
		offsets.AddOffset(t.Physical, partition, offset, -1)
	}
	g.world.places(g.Name, t.Name)
	return g.world.Admin().CommitAllOffsets(ctx, g.Physical(), offsets)
}

// places notes that a group's place in a topic is settled. It is false where it was before.
func (w *World) places(group, topic string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	place := [2]string{group, topic}
	if w.placed[place] {
		return false
	}
	if w.placed == nil {
		w.placed = map[[2]string]bool{}
	}
	w.placed[place] = true
	return true
}

// place has the application's group begin where its topics were when the scenario took them over: it would work on
// older records, or go on where another scenario's application has stopped. The first member that is started does so.
func (a *Application) place(ctx context.Context) error {
	w := a.world
	if a.Group == "" || !w.Session.Names().Fixed() {
		return nil
	}
	for _, input := range a.Inputs {
		t, err := w.Topic(input)
		if err != nil && w.comes(input) != nil {
			continue // it is not there yet
		}
		if err != nil {
			return err
		}
		if !w.places(a.Group, input) || t.began == nil {
			continue
		}
		next := map[int32]int64{}
		for p, offset := range t.began {
			next[int32(p)] = offset
		}
		err = w.Group(a.Group).Commit(ctx, t, next)
		if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // of a share group, which commits nothing
			return fmt.Errorf("have group %q begin at the end of %q: %w", a.Group, input, err)
		}
	}
	return nil
}
