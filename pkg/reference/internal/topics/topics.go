// Package topics asks a cluster about topics before an application relies on them.
//
// A topic that is missing is found out at the start, with a clear error, instead of at the first record that needs it.
package topics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
)

// A topic made a moment ago may not be known to every broker yet: look again for a while before calling it missing.
const (
	patience = 2 * time.Second
	pause    = 50 * time.Millisecond
)

// Topic is what an application needs to know of a topic it uses.
type Topic struct {
	Partitions int32
	// MaxMessageBytes is the largest batch the topic takes. A client that fills its batches up to another limit
	// gets records refused that would fit, because they travelled with others.
	MaxMessageBytes int32
	CleanupPolicy   string // "" where it may not be read
}

// UsualLimit is below Kafka's default max.message.bytes; it is for topics whose setting is not known yet, or may not be
// read.
const UsualLimit = 1_000_012

// Logical is the name by which scenarios know a topic, where the application was told it: the one in the cluster may
// have a prefix.
func Logical(env app.Env, topic string) string {
	for name, physical := range env.Topics {
		if physical == topic {
			return name
		}
	}
	return topic
}

// Output is the topic to write: the one that a setting names, or else the first output.
func Output(env app.Env, chosen string) (string, error) {
	switch {
	case chosen != "":
		return env.Topic(chosen), nil
	case len(env.Outputs) > 0:
		return env.Outputs[0], nil
	}
	return "", errors.New("no output topic; name one, or set topic")
}

// Beside is the topic that goes with another one, as the dead letters of orders go to orders_dlq, by its name in the
// cluster. chosen is the logical name that a setting has, or "". A topic that the application was not told of is named
// after the other's name in the cluster.
func Beside(env app.Env, topic, suffix, chosen string) string {
	own := Logical(env, topic) + suffix
	if beside := env.Topic(cmp.Or(chosen, own)); beside != own {
		return beside
	}
	return topic + suffix
}

// Describe looks at topics. It is an error when one of them does not exist or may not be looked at.
func Describe(ctx context.Context, client *kgo.Client, names ...string) (map[string]Topic, error) {
	for late := time.Now().Add(patience); ; {
		found, err := look(ctx, client, names)
		if err == nil {
			limits(ctx, client, found)
		}
		if !errors.Is(err, kerr.UnknownTopicOrPartition) || time.Now().After(late) {
			return found, err
		}
		if !grace.Pause(ctx, pause) {
			return nil, ctx.Err()
		}
	}
}

func look(ctx context.Context, client *kgo.Client, names []string) (map[string]Topic, error) {
	// Not with kadm: it answers from the client's cache, so that looking again would not help.
	request := kmsg.NewPtrMetadataRequest()
	for _, name := range names {
		topic := kmsg.NewMetadataRequestTopic()
		topic.Topic = kmsg.StringPtr(name)
		request.Topics = append(request.Topics, topic)
	}
	answer, err := request.RequestWith(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("look up topics %v: %w", names, err)
	}
	found := map[string]Topic{}
	for _, topic := range answer.Topics {
		if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
			return nil, fmt.Errorf("topic %q: %w; create it, or allow this application to see it", *topic.Topic, err)
		}
		found[*topic.Topic] = Topic{Partitions: int32(len(topic.Partitions)), MaxMessageBytes: UsualLimit}
	}
	return found, nil
}

// limits fills in what stands in the topics' settings, where those may be read.
func limits(ctx context.Context, client *kgo.Client, found map[string]Topic) {
	configs, err := kadm.NewClient(client).DescribeTopicConfigs(ctx, slices.Sorted(maps.Keys(found))...)
	if err != nil {
		return
	}
	for _, resource := range configs {
		for _, config := range resource.Configs {
			topic := found[resource.Name]
			switch config.Key {
			case "max.message.bytes":
				if limit, err := strconv.ParseInt(config.MaybeValue(), 10, 32); err == nil {
					topic.MaxMessageBytes = int32(limit)
				}
			case "cleanup.policy":
				topic.CleanupPolicy = config.MaybeValue()
			}
			found[resource.Name] = topic
		}
	}
}
