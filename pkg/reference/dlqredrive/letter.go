package dlqredrive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// settings is what can be set.
type settings struct {
	ParkingTopic string `setting:"parking-topic"`  // logical; the input's name and _parking where it is not set
	MaxAttempts  int    `setting:"max-attempts=0"` // letters with as many attempts are parked; 0 is no limit
	Follow       bool   `setting:"follow=false"`   // go on at the end
	Batch        int    `setting:"batch=1000"`     // letters per round at most
	group.Member

	input, parking string // the dead-letter topic and that for parked letters, physical
}

func readSettings(env app.Env) (set settings, err error) {
	env.Settings.Read(&set)
	set.Member = group.ReadMember(env)
	if err := env.Settings.Err(); err != nil {
		return set, err
	}
	switch {
	case len(env.Inputs) != 1:
		return set, fmt.Errorf("got %d input topics, want one, the dead-letter topic to read", len(env.Inputs))
	case env.Group == "":
		return set, errors.New("no group; name one, which remembers what was redriven")
	case set.MaxAttempts < 0 || set.Batch <= 0:
		return set, fmt.Errorf("got max-attempts %d and batch %d, want the first not negative and the second above zero",
			set.MaxAttempts, set.Batch)
	case set.Follow && set.MaxAttempts == 0:
		return set, errors.New("got follow without max-attempts: a record that always fails would go round for ever; set " +
			"max-attempts")
	}
	set.input = env.Inputs[0]
	set.parking = topics.Beside(env, set.input, "_parking", set.ParkingTopic)
	return set, nil
}

// source are the headers that a letter has and its record had not. dlq-attempts stays.
var source = []string{
	dlqconsumer.HeaderSourceTopic, dlqconsumer.HeaderSourcePartition, dlqconsumer.HeaderSourceOffset,
	dlqconsumer.HeaderSourceTimestamp, dlqconsumer.HeaderErrorClass, dlqconsumer.HeaderErrorMessage,
}

// next returns the record to send for a letter, and, when the letter is parked, why.
func (r *redrive) next(letter *kgo.Record) (record *kgo.Record, parked string) {
	headers, taken := slices.Clone(letter.Headers), map[string]string{}
	for _, key := range source { // the last of each: a record may have been a dead letter of another application before
		for at := len(headers) - 1; at >= 0; at-- {
			if headers[at].Key == key {
				taken[key] = string(headers[at].Value)
				headers = slices.Delete(headers, at, at+1)
				break
			}
		}
	}
	attempts, _ := dlqconsumer.Attempts(letter.Headers)
	topic := taken[dlqconsumer.HeaderSourceTopic]
	switch {
	case topic == "":
		parked = "no dead letter: it has no header " + dlqconsumer.HeaderSourceTopic
	case r.MaxAttempts > 0 && attempts >= r.MaxAttempts:
		parked = fmt.Sprintf("%d attempts of at most %d", attempts, r.MaxAttempts)
	}
	if parked != "" {
		return &kgo.Record{Topic: r.parking, Partition: -1, Key: letter.Key, Value: letter.Value, Headers: letter.Headers,
			Timestamp: letter.Timestamp}, parked
	}
	partition, err := strconv.ParseInt(taken[dlqconsumer.HeaderSourcePartition], 10, 32)
	if err != nil {
		partition = -1
	}
	return &kgo.Record{Topic: r.env.Topic(topic), Partition: int32(partition), Key: letter.Key, Value: letter.Value,
		Headers: headers, Timestamp: letter.Timestamp}, ""
}

// meet makes sure that a topic is there before the first record goes to it.
func (r *redrive) meet(ctx context.Context, topic string) error {
	if _, known := r.limits.Load(topic); known {
		return nil
	}
	found, err := topics.Describe(ctx, r.client, topic)
	if err == nil {
		r.limits.Store(topic, found[topic].MaxMessageBytes)
	}
	return err
}

// largestBatch lets a record be as large as its topic allows, and keeps those that fit from being refused together
// with one that does not.
func (r *redrive) largestBatch(topic string) int32 {
	if limit, known := r.limits.Load(topic); known {
		return limit.(int32)
	}
	return topics.UsualLimit
}

// sourcePartition puts a record on the partition it names, where its neighbours of the same key are, whatever
// partitioner its producer had. Without one, or when the topic does not have it, the key decides as usual.
type sourcePartition struct{}

func (sourcePartition) ForTopic(topic string) kgo.TopicPartitioner {
	return byKey{kgo.StickyKeyPartitioner(nil).ForTopic(topic)}
}

type byKey struct{ kgo.TopicPartitioner }

func (p byKey) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || p.TopicPartitioner.RequiresConsistency(r)
}

func (p byKey) Partition(r *kgo.Record, partitions int) int {
	if r.Partition >= 0 && int(r.Partition) < partitions {
		return int(r.Partition)
	}
	return p.TopicPartitioner.Partition(r, partitions)
}
