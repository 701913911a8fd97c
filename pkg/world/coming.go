package world

// Topics that a scenario speaks of and an application makes: their names on the cluster are known, and they are looked
// for when a step speaks of them.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/internal/holes"
	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// MadeName is the name that an application gives to a topic, as a text with ${topic.orders} and ${group.shipping} in
// it. The zero value is the name that the scenario calls it.
type MadeName struct {
	Text           string
	Topics, Groups []string // those in it
}

// ParseMadeName reads such a name.
func ParseMadeName(text string) (MadeName, error) {
	name := MadeName{Text: text}
	_, err := name.filled(func(kind, of string) string {
		if kind == "topic" {
			name.Topics = append(name.Topics, of)
		} else {
			name.Groups = append(name.Groups, of)
		}
		return of
	})
	return name, err
}

// Fixed is the name where topics and groups have no others than those of the scenario.
func (n MadeName) Fixed() string {
	name, _ := n.filled(func(_, of string) string { return of }) // it was read before
	return name
}

// filled puts names of the cluster in place of ${topic.orders} and ${group.shipping}.
func (n MadeName) filled(physical func(kind, of string) string) (string, error) {
	var full strings.Builder
	err := holes.Each(n.Text, func(text string) { full.WriteString(text) }, func(text string) (string, error) {
		hole, rest, closed := holes.Cut(text)
		kind, of, _ := strings.Cut(holes.Name(hole), ".")
		if !closed || kind != "topic" && kind != "group" || of == "" {
			return "", fmt.Errorf("got %q in the name of a topic, want ${topic.NAME} or ${group.NAME}, with a name of the "+
				"scenario", hole)
		}
		full.WriteString(physical(kind, of))
		return rest, nil
	})
	return full.String(), err
}

// ExpectTopic has the scenario know a topic that one of its applications makes. Where names are fixed, one that is on
// the cluster already is used from where it ends now.
func (w *World) ExpectTopic(ctx context.Context, name string, as MadeName) error {
	if _, err := w.Topic(name); err == nil || w.comes(name) != nil {
		return fmt.Errorf("topic %q is declared twice; remove one of the two steps", name)
	}
	names := w.Session.Names()
	physical := names.Topic(name)
	if as.Text != "" {
		if w.Session.Describe().Shared && !names.Fixed() && len(as.Topics)+len(as.Groups) == 0 {
			return outcome.NotApplicablef("the topic %q has the same name in every scenario, and others use this cluster "+
				"meanwhile; write names: fixed under the application in the profile, or run it on the embedded cluster", as.Text)
		}
		physical, _ = as.filled(func(kind, of string) string {
			if kind == "topic" {
				return names.Topic(of)
			}
			return names.Group(of)
		})
		names.CallTopic(physical, name)
	}
	t := &Topic{world: w, Name: name, Physical: physical}
	w.expect(t)
	w.tell(journal.Fact{Kind: journal.Declared, Topic: name, Detail: &journal.Layout{Named: names.Undo(physical)}})
	if !names.Fixed() {
		return nil
	}
	there, err := t.come(ctx)
	if err != nil || !there {
		return err
	}
	if t.began, err = t.Ends(ctx); err != nil {
		return err
	}
	t.tail.next = slices.Clone(t.began)
	w.arrived(t)
	return nil
}

// expect adds a topic that is not there yet.
func (w *World) expect(t *Topic) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.coming == nil {
		w.coming = map[string]*Topic{}
	}
	w.coming[t.Name] = t
}

// comes is a topic that an application is to make, and was not seen yet; nil for others.
func (w *World) comes(name string) *Topic {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.coming[name]
}

// ComingTopics tells whether the scenario speaks of topics that applications make.
func (w *World) ComingTopics() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.coming != nil
}

type lookingKey struct{}

// Present returns a topic of the scenario that is there. One that an application makes is looked for, and outside of
// expectations, which are looked at again by themselves, waited for.
func (w *World) Present(ctx context.Context, name string) (*Topic, error) {
	if w.comes(name) == nil {
		return w.Topic(name)
	}
	if looking := ctx.Value(lookingKey{}) != nil; looking || w.past != nil {
		return w.present(ctx, name)
	}
	var found *Topic
	err := w.Until(ctx, 0, fmt.Sprintf("an application to make topic %q", name), func(ctx context.Context) (err error) {
		found, err = w.present(ctx, name)
		return err
	})
	return found, err
}

func (w *World) present(ctx context.Context, name string) (*Topic, error) {
	t := w.comes(name)
	if t == nil {
		return w.Topic(name)
	}
	if w.past == nil {
		there, err := w.find(ctx, t)
		if err != nil {
			return nil, err
		}
		if there {
			return t, nil
		}
	}
	return nil, w.notMade(t)
}

// find looks for a topic that is to come, and makes it one of the scenario's where it is there.
func (w *World) find(ctx context.Context, t *Topic) (there bool, err error) {
	if there, err = t.come(ctx); there && err == nil {
		w.arrived(t)
	}
	return there, err
}

// come looks for the topic on the cluster, and waits until one that is there can be used.
func (t *Topic) come(ctx context.Context) (there bool, err error) {
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &t.Physical
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = append(request.Topics, asked)
	answer, err := request.RequestWith(ctx, t.world.client)
	if err == nil && len(answer.Topics) != 1 {
		err = errors.New("the answer is of another topic")
	}
	if err == nil {
		err = kerr.ErrorForCode(answer.Topics[0].ErrorCode)
	}
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("could not look: topic %q: %w", t.Name, err)
	}
	t.is(answer.Topics[0].TopicID, int32(len(answer.Topics[0].Partitions)))
	if t.world.Session.Describe().Kind == cluster.KindEmbedded {
		return true, nil // kfake creates topics before it answers
	}
	return true, t.await(ctx, t.Partitions)
}

// arrived makes a topic that was found one of the scenario's.
func (w *World) arrived(t *Topic) {
	w.mu.Lock()
	delete(w.coming, t.Name)
	w.topics = maps.Clone(w.topics) // others may be reading it
	if w.topics == nil {
		w.topics = map[string]*Topic{}
	}
	w.topics[t.Name] = t
	w.mu.Unlock()
	t.declare()
	if t.began == nil {
		w.noteMade(fmt.Sprintf("%s with %s", t.shown(), words.Counted(t.Partitions, "partition")))
	}
}

// shown is the topic's name, with that on the cluster where it is another one.
func (t *Topic) shown() string {
	if real := t.world.Session.Names().Undo(t.Physical); real != t.Name {
		return fmt.Sprintf("%q (%s)", t.Name, real)
	}
	return fmt.Sprintf("%q", t.Name)
}

// notMade is the error of a topic that no application has made, with those that they did.
func (w *World) notMade(t *Topic) error {
	var others []string
	for _, f := range w.Journal.Select(func(f *journal.Fact) bool {
		return f.Kind == journal.TopicMade && f.Error == ""
	}) {
		if !slices.Contains(others, f.Topic) {
			others = append(others, f.Topic)
		}
	}
	instead := "none was seen to make any"
	if len(others) > 0 {
		slices.Sort(others)
		instead = "those that were made: " + words.Quoted(others)
	}
	return fmt.Errorf("no application has made topic %s; %s", t.shown(), instead)
}

// seek looks for all topics that applications were to make, so that what is in them is known at the end.
func (w *World) seek(ctx context.Context) error {
	w.mu.Lock()
	coming := slices.SortedFunc(maps.Values(w.coming), func(a, b *Topic) int { return cmp.Compare(a.Name, b.Name) })
	w.mu.Unlock()
	for _, t := range coming {
		if _, err := w.find(ctx, t); err != nil {
			return err
		}
	}
	return nil
}
