package world

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/sr"
	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// Topic is one logical topic of the scenario.
type Topic struct {
	Name       string // logical
	Physical   string
	ID         kadm.TopicID // zero on clusters that give none
	Partitions int32
	world      *World
	tail       tail         // what was read of it so far
	compacts   *bool        // whether compaction takes records from it; nil: not asked yet
	began      Offsets      // where it ended when the scenario took it over; nil for one the scenario made
	confirmed  int64        // the last fact before it was seen to be the same topic
	purge      bool         // before the next record is sent, as it was made again
	since      int64        // a fact from when it was first seen to be this topic
	remade     int64        // the last fact of the topic that had its name before; 0 for none
	earlier    []life       // those topics
	skipped    time.Time    // when it was last seen to be made again several times since the look before
	blurred    bool         // some facts may be of either
	sent       acknowledged // what kafkaspec itself put into it
	windows    windows      // results of windows, among what was read of it

	Written *verdict.Picture // how its records are written; nil: nothing was said of it
	Encoded bool             // and their values by a schema

	Level sr.CompatibilityLevel // of its schemas, to be set with the first version; 0 for none
}

// HasPartition is nil for a partition that the topic has.
func (t *Topic) HasPartition(partition int64) error {
	if partition < 0 || partition >= int64(t.Partitions) {
		return Final(fmt.Errorf("topic %q has %d partitions, so there is no partition %d", t.Name, t.Partitions, partition))
	}
	return nil
}

// Grow adds partitions to the topic, up to so many, and waits until they can be used.
func (t *Topic) Grow(ctx context.Context, partitions int32) error {
	admin := t.world.Admin()
	responses, err := admin.UpdatePartitions(ctx, int(partitions), t.Physical)
	if err == nil {
		err = responses.Error()
	}
	if err != nil {
		return fmt.Errorf("grow topic %q to %d partitions: %w", t.Name, partitions, err)
	}
	if err := t.await(ctx, partitions); err != nil {
		return err
	}
	if err := t.learn(ctx, partitions); err != nil {
		return err
	}
	t.is(t.ID, partitions)
	t.declare()
	return nil
}

// is takes what the cluster says of the topic. Its growth may be looked at beside that.
func (t *Topic) is(id kadm.TopicID, partitions int32) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	t.ID, t.Partitions = id, partitions
}

// declare tells the journal how the topic is laid out.
func (t *Topic) declare() {
	t.world.tell(journal.Fact{Kind: journal.Declared, Topic: t.Name,
		Detail: &journal.Layout{Partitions: t.Partitions, Began: t.began}})
}

// learn makes the scenario's own client see partitions that a topic has gained: having sent to the topic, it would
// refuse to send to those.
func (t *Topic) learn(ctx context.Context, partitions int32) error {
	client := t.world.client
	leads := func(partition int32) bool {
		leader, _, err := client.PartitionLeader(t.Physical, partition)
		return err == nil && leader >= 0
	}
	return await.Until(ctx, await.Options{Within: 30 * time.Second,
		What: "the new partitions to be known to kafkaspec's client"}, func(context.Context) (bool, error) {
		client.ForceMetadataRefresh()
		return !leads(0) || leads(partitions-1), nil // a topic it never sent to is not looked at before it does
	})
}

// Topic returns a declared topic. Present also returns one that an application makes.
func (w *World) Topic(name string) (*Topic, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t, ok := w.topics[name]; ok {
		return t, nil
	}
	if _, comes := w.coming[name]; comes {
		return nil, fmt.Errorf("topic %q is made by an application, and was not seen yet", name)
	}
	known := slices.Sorted(maps.Keys(w.topics))
	return nil, Final(fmt.Errorf("unknown topic %q; declared are %s; add: Given topic %q with 1 partition", name,
		words.Quoted(known), name))
}

func (w *World) addTopic(name, physical string, partitions int32) *Topic {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.topics == nil {
		w.topics = map[string]*Topic{}
	}
	t := &Topic{world: w, Name: name, Physical: physical, Partitions: partitions}
	w.topics[name] = t
	return t
}

// physicalTopics are the topics of the scenario as the cluster names them.
func (w *World) physicalTopics() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, topics := range []map[string]*Topic{w.topics, w.coming} {
		for _, t := range topics {
			names = append(names, t.Physical)
		}
	}
	return names
}

// CreateTopic makes a topic; replication -1 is the cluster's default.
func (w *World) CreateTopic(ctx context.Context, name string, partitions int64, replication int16,
	settings Settings) error {
	if _, err := w.Topic(name); err == nil {
		return fmt.Errorf("topic %q is declared twice; remove one of the two steps", name)
	}
	configs, err := topicConfigs(settings)
	if err != nil {
		return err
	}
	given := maps.Clone(configs)
	// Kafka goes by the records' timestamps, so event times of last year would expire in the middle of a scenario
	if configs["retention.ms"] == nil {
		configs["retention.ms"] = kadm.StringPtr("-1")
	}
	if policy := configs["cleanup.policy"]; policy != nil && compactsBy(*policy) {
		w.keys.compacted(name)
	}
	admin := w.Admin()
	physical := w.Session.Names().Topic(name)
	created, err := admin.CreateTopic(ctx, int32(partitions), replication, configs, physical)
	if errors.Is(err, kerr.TopicAlreadyExists) && w.Session.Names().Fixed() && !w.owns(physical) {
		return w.adoptAsDeclared(ctx, name, int32(partitions), given)
	}
	if err != nil {
		detail := ""
		if created.ErrMessage != "" && !errors.Is(err, kerr.TopicAlreadyExists) {
			detail = " (" + w.Session.Names().Undo(created.ErrMessage) + ")"
		}
		return fmt.Errorf("create topic %q: %w%s", name, err, detail)
	}
	t := w.addTopic(name, physical, int32(partitions))
	t.ID = created.ID
	t.declare()
	if w.Session.Describe().Kind == cluster.KindEmbedded {
		return nil // kfake creates topics before it answers
	}
	return t.await(ctx, t.Partitions)
}

// AdoptTopic uses a topic that is on the cluster already, from where it ends now: what stands before is none of the
// scenario's, and nor is work on it.
func (w *World) AdoptTopic(ctx context.Context, name string) error {
	t := &Topic{world: w, Name: name, Physical: name}
	detail, partitions, err := t.describe(ctx)
	if err != nil {
		return fmt.Errorf("topic %q is not on the cluster: %w; use: Given topic %q with 1 partition", name, err, name)
	}
	t = w.addTopic(name, name, partitions)
	t.ID = detail.ID
	if t.began, err = t.Ends(ctx); err != nil {
		return err
	}
	t.tail.next = slices.Clone(t.began)
	if compacted, err := t.isCompacted(ctx); err != nil {
		return err
	} else if compacted {
		w.keys.compacted(name)
	}
	t.declare()
	return nil
}

// Before is true of the place of a record that was in the topic before the scenario took it over.
func (t *Topic) Before(partition int32, offset int64) bool {
	return offset < t.began.At(int(partition))
}

// await waits until the topic can be used with that many partitions, whichever broker an application asks.
func (t *Topic) await(ctx context.Context, partitions int32) error {
	client := t.world.client
	return cluster.AwaitTopics(ctx, client.Client, map[string]int32{t.Physical: partitions})
}

// Led returns the number of partitions that have a leader.
func (t *Topic) Led(ctx context.Context) (int32, error) {
	_, led, err := t.describe(ctx)
	return led, err
}

// describe returns what the cluster says of the topic, and how many of its partitions have a leader.
func (t *Topic) describe(ctx context.Context) (detail kadm.TopicDetail, led int32, err error) {
	admin := t.world.Admin()
	answered := asks(ctx)
	details, err := admin.ListTopics(ctx, t.Physical)
	answered()
	if err != nil {
		return detail, 0, fmt.Errorf("list topic: %w", err)
	}
	detail, ok := details[t.Physical]
	if !ok {
		return detail, 0, kerr.UnknownTopicOrPartition
	}
	for _, p := range detail.Partitions {
		if p.Err == nil && p.Leader >= 0 {
			led++
		}
	}
	return detail, led, detail.Err
}

func topicConfigs(s Settings) (map[string]*string, error) {
	flat := map[string]any{}
	if err := yaml.Unmarshal(s.YAML, &flat); err != nil {
		return nil, s.Source.Errorf("the topic's settings: %w", err)
	}
	configs := map[string]*string{}
	flatten("", flat, configs)
	return configs, nil
}

// flatten turns nested keys back into Kafka's dotted ones.
func flatten(prefix string, from map[string]any, into map[string]*string) {
	for k, v := range from {
		if nested, ok := v.(map[string]any); ok {
			flatten(prefix+k+".", nested, into)
			continue
		}
		into[prefix+k] = kadm.StringPtr(fmt.Sprint(v))
	}
}
