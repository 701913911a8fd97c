package steps

// Topics: making them, their settings, and topics that are there already. Deleting and recreating one under the same
// name is deliberately not to be had: clients cannot tell the two apart.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/sr"
	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

func topicSteps(s *Registry) {
	s.Given("topic {topic} exists", topicExists, Defines("topic"))
	s.Given("topic {topic} with {int} partition(s)", topicWithPartitions, Defines("topic"), checked(partitionsAreInBounds))
	s.Given("topic {topic} with {int} partition(s), replication {int}", topicWithReplication, Defines("topic"),
		checked(partitionsAreInBounds))
	s.When("topic {topic} is grown to {int} partitions", topicIsGrown)
	s.Then("topic {topic} has {int} partition(s)", topicHasPartitions)
}

// topic is one logical topic of the scenario.
type topic struct {
	name       string // logical
	physical   string
	partitions int32
	tail       tail // what was read of it so far

	level sr.CompatibilityLevel // of its schemas, to be set with the first version; 0 for none
}

// topicExists uses a topic that is on the cluster already, under exactly this name, and reads it from where it ends
// now. Its records are never deleted.
func topicExists(ctx context.Context, name string) error {
	return FromContext(ctx).adoptTopic(ctx, name)
}

// topicWithPartitions makes a topic. A table or YAML under the step sets its configuration, such as cleanup.policy or
// max.message.bytes. Its records do not expire, however old their timestamps are, unless the table sets retention.ms.
//
//	Given topic "orders" with 3 partitions
//	  | cleanup.policy | compact |
//	Then topic "orders" has 3 partitions
func topicWithPartitions(ctx context.Context, name string, partitions int64, settings Settings) error {
	return FromContext(ctx).createTopic(ctx, name, partitions, -1, settings)
}

// topicWithReplication makes a topic with that many replicas of each partition. It is not applicable on a cluster with
// fewer brokers.
//
//	Given topic "orders" with 3 partitions, replication 1
//	Then topic "orders" has 3 partitions
func topicWithReplication(ctx context.Context, name string, partitions, replication int64, settings Settings) error {
	w := FromContext(ctx)
	if brokers := w.Session.Describe().Brokers; replication > int64(brokers) {
		return &NotApplicable{Reason: fmt.Sprintf("replication %d needs %d brokers, and %s has fewer; run with --cluster "+
			"local:3", replication, replication, w.Session.Describe())}
	}
	return w.createTopic(ctx, name, partitions, int16(replication), settings)
}

// topicHasPartitions looks how many partitions the cluster says the topic has.
//
//	Given topic "orders" with 3 partitions
//	Then topic "orders" has 3 partitions
func topicHasPartitions(ctx context.Context, name string, want int64) error {
	w := FromContext(ctx)
	t, err := w.topic(name)
	if err != nil {
		return err
	}
	got, err := w.countPartitions(ctx, t.physical)
	if err != nil {
		return err
	}
	if int64(got) != want {
		return fmt.Errorf("topic %q: got %s, want %d", name, counted(int64(got), "partition"), want)
	}
	return nil
}

// topicIsGrown adds partitions to a topic. Keys then fall on other partitions than before.
//
//	Given topic "orders" with 1 partition
//	When topic "orders" is grown to 3 partitions
//	Then topic "orders" has 3 partitions
func topicIsGrown(ctx context.Context, name string, partitions int64) error {
	w := FromContext(ctx)
	t, err := w.topic(name)
	if err != nil {
		return err
	}
	admin, err := w.admin()
	if err != nil {
		return err
	}
	responses, err := admin.UpdatePartitions(ctx, int(partitions), t.physical)
	if err == nil {
		err = responses.Error()
	}
	if err != nil {
		return fmt.Errorf("grow topic %q to %d partitions: %w", name, partitions, err)
	}
	if err := w.awaitTopic(ctx, t.physical, int32(partitions)); err != nil {
		return err
	}
	if err := w.learnPartitions(ctx, t.physical, int32(partitions)); err != nil {
		return err
	}
	t.partitions = int32(partitions)
	return nil
}

// learnPartitions makes the scenario's own client see partitions that a topic has gained: having sent to the topic, it
// would refuse to send to those.
func (w *World) learnPartitions(ctx context.Context, physical string, partitions int32) error {
	client, err := w.kafka()
	if err != nil {
		return err
	}
	leads := func(partition int32) bool {
		leader, _, err := client.PartitionLeader(physical, partition)
		return err == nil && leader >= 0
	}
	return await.Until(ctx, await.Options{Within: 30 * time.Second,
		What: "the new partitions to be known to kafkaspec's client"}, func(context.Context) (bool, error) {
		client.ForceMetadataRefresh()
		return !leads(0) || leads(partitions-1), nil // a topic it never sent to is not looked at before it does
	})
}

// topic returns a declared topic.
func (w *World) topic(name string) (*topic, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t, ok := w.topics[name]; ok {
		return t, nil
	}
	known := slices.Sorted(maps.Keys(w.topics))
	return nil, final(fmt.Errorf("unknown topic %q; declared are %s; add: Given topic %q with 1 partition", name,
		quoteAll(known), name))
}

func (w *World) addTopic(name, physical string, partitions int32) *topic {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.topics == nil {
		w.topics = map[string]*topic{}
	}
	t := &topic{name: name, physical: physical, partitions: partitions}
	w.topics[name] = t
	return t
}

func (w *World) createTopic(ctx context.Context, name string, partitions int64, replication int16,
	settings Settings) error {
	if _, err := w.topic(name); err == nil {
		return fmt.Errorf("topic %q is declared twice; remove one of the two steps", name)
	}
	configs, err := topicConfigs(settings)
	if err != nil {
		return err
	}
	// Kafka goes by the records' timestamps, so event times of last year would expire in the middle of a scenario
	if configs["retention.ms"] == nil {
		configs["retention.ms"] = kadm.StringPtr("-1")
	}
	admin, err := w.admin()
	if err != nil {
		return err
	}
	physical := w.Session.Names().Topic(name)
	created, err := admin.CreateTopic(ctx, int32(partitions), replication, configs, physical)
	if err != nil {
		detail := ""
		if created.ErrMessage != "" && !errors.Is(err, kerr.TopicAlreadyExists) {
			detail = " (" + w.Session.Names().Undo(created.ErrMessage) + ")"
		}
		return fmt.Errorf("create topic %q: %w%s", name, err, detail)
	}
	w.addTopic(name, physical, int32(partitions))
	if w.Session.Describe().Kind == cluster.KindEmbedded {
		return nil // kfake creates topics before it answers
	}
	return w.awaitTopic(ctx, physical, int32(partitions))
}

func (w *World) adoptTopic(ctx context.Context, name string) error {
	partitions, err := w.countPartitions(ctx, name)
	if err != nil {
		return fmt.Errorf("topic %q is not on the cluster: %w; use: Given topic %q with 1 partition", name, err, name)
	}
	t := w.addTopic(name, name, partitions)
	_, ends, err := w.bounds(ctx, t)
	if err != nil {
		return err
	}
	t.tail.next = ends
	return nil
}

// awaitTopic waits until the topic can be used with that many partitions, whichever broker an application asks.
func (w *World) awaitTopic(ctx context.Context, physical string, partitions int32) error {
	client, err := w.kafka()
	if err != nil {
		return err
	}
	return cluster.AwaitTopics(ctx, client, map[string]int32{physical: partitions})
}

// countPartitions returns the number of partitions that have a leader.
func (w *World) countPartitions(ctx context.Context, physical string) (int32, error) {
	admin, err := w.admin()
	if err != nil {
		return 0, err
	}
	details, err := admin.ListTopics(ctx, physical)
	if err != nil {
		return 0, fmt.Errorf("list topic: %w", err)
	}
	detail, ok := details[physical]
	if !ok {
		return 0, kerr.UnknownTopicOrPartition
	}
	if detail.Err != nil {
		return 0, detail.Err
	}
	led := int32(0)
	for _, p := range detail.Partitions {
		if p.Err == nil && p.Leader >= 0 {
			led++
		}
	}
	return led, nil
}

func topicConfigs(s Settings) (map[string]*string, error) {
	flat := map[string]any{}
	if err := yaml.Unmarshal(s.YAML, &flat); err != nil {
		return nil, fmt.Errorf("%s:%d: the topic's settings: %w", s.Source.File, s.Source.Line, err)
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

func quoteAll(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return `"` + strings.Join(names, `", "`) + `"`
}
