package steps

// Records: sending them, from tables, doc strings, one-liners and generators.

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

const (
	producerBatchBytes = 100 << 20              // kafkaspec's own client refuses nothing that a broker might take
	readWait           = 100 * time.Millisecond // how long a broker may hold back a fetch with nothing in it
)

func recordSteps(s *Registry) {
	s.Given("a record of {size} is in {topic}", sizedRecordIsSent, with(sendsRecords))
	s.Given("the record {string} is in {topic}", recordIsSent, with(sendsRecords))
	s.Given("these records are in {topic}:", recordsAreSent, with(sendsRecords))
	s.Given("{count} record(s) is/are in {topic} partition {int}", numberedRecordsAreSent, with(sendsRecords))
	s.Given("{count} records from generator {string} are in {topic}", generatedRecordsAreSent, with(sendsRecords),
		checked(generatorIsKnown))
	s.When("a record of {size} is sent to {topic}", sizedRecordIsSent, with(sendsRecords))
	s.When("the record {string} is sent to {topic}", recordIsSent, with(sendsRecords))
	s.When("these records are sent to {topic}:", recordsAreSent, with(sendsRecords))
	s.When("{count} record(s) is/are sent to {topic} partition {int}", numberedRecordsAreSent, with(sendsRecords))
	s.When("{count} records from generator {string} are sent to {topic}", generatedRecordsAreSent, with(sendsRecords),
		checked(generatorIsKnown))
}

// recordsAreSent sends the records of a table, or of a YAML or JSON list, in their order, and waits until every one is
// acknowledged. A record without a partition goes where Kafka's default partitioner puts its key; one without a key
// goes round the partitions.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value         | headers.trace |
//	  | u1  | {"amount": 5} | a             |
//	Then "orders" contains exactly 1 record
func recordsAreSent(ctx context.Context, topic string, records Records) error {
	return FromContext(ctx).send(ctx, topic, records)
}

// recordIsSent sends one record without a key.
//
//	Given topic "orders" with 1 partition
//	When the record "not json" is sent to "orders"
//	Then "orders" contains exactly 1 record
func recordIsSent(ctx context.Context, value, topic string) error {
	w := FromContext(ctx)
	return w.send(ctx, topic, []record.Record{{Partition: -1, Offset: -1, Value: []byte(value)}})
}

// sizedRecordIsSent sends one record without a key whose value has that many bytes: the letter x, over and over.
//
//	Given topic "orders" with 1 partition
//	When a record of 64KiB is sent to "orders"
//	Then "orders" contains exactly 1 record
func sizedRecordIsSent(ctx context.Context, size int64, topic string) error {
	if size > producerBatchBytes/2 {
		return fmt.Errorf("got a record of %d bytes, want at most %d", size, producerBatchBytes/2)
	}
	w := FromContext(ctx)
	return w.send(ctx, topic, []record.Record{{Partition: -1, Offset: -1, Value: bytes.Repeat([]byte("x"), int(size))}})
}

// generatedRecordsAreSent sends records made by a generator: a YAML file under generators/ beside the features, or one
// of kafkaspec's own. The run's seed decides what they are, so a run with the same seed sends the same records.
//
//	Given topic "orders" with 3 partitions
//	When 1_000 records from generator "orders" are sent to "orders"
//	Then "orders" contains exactly 1_000 records
func generatedRecordsAreSent(ctx context.Context, count int64, generator, topic string) error {
	w := FromContext(ctx)
	g, err := findGenerator(w.Fixtures, generator)
	if err != nil {
		return err
	}
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	s, err := w.newSender(ctx, t)
	if err != nil {
		return err
	}
	for r := range g.Records(w.Seed, count) {
		s.send(r)
	}
	return s.finish(count)
}

// numberedRecordsAreSent sends records without a key to one partition; their values are 1, 2, 3 and so on.
//
//	Given topic "orders" with 3 partitions
//	When 2 records are sent to "orders" partition 1
//	Then "orders" contains exactly:
//	  | partition | value |
//	  | 1         | 1     |
//	  | 1         | 2     |
func numberedRecordsAreSent(ctx context.Context, count int64, name string, partition int64) error {
	w := FromContext(ctx)
	t, err := w.partition(name, partition)
	if err != nil {
		return err
	}
	s, err := w.newSender(ctx, t)
	if err != nil {
		return err
	}
	for i := range count {
		s.send(record.Record{Partition: int32(partition), Offset: -1, Value: []byte(fmt.Sprint(i + 1))})
	}
	return s.finish(count)
}

func (w *World) send(ctx context.Context, name string, records []record.Record) error {
	t, err := w.topic(name)
	if err != nil {
		return err
	}
	s, err := w.newSender(ctx, t)
	if err != nil {
		return err
	}
	for _, r := range records {
		s.send(r)
	}
	return s.finish(int64(len(records)))
}

// sender places records on partitions, sends them and collects what became of them.
type sender struct {
	ctx    context.Context
	world  *World
	topic  *topic
	client *kgo.Client
	turn   int32 // next partition for a record without a key
	errs   chan error
}

func (w *World) newSender(ctx context.Context, t *topic) (*sender, error) {
	client, err := w.kafka()
	if err != nil {
		return nil, err
	}
	return &sender{ctx: ctx, world: w, topic: t, client: client, errs: make(chan error, 1)}, nil
}

func (s *sender) send(r record.Record) {
	k := r.Kgo()
	k.Topic = s.topic.physical
	switch {
	case r.Partition >= s.topic.partitions:
		s.fail(fmt.Errorf("send to %q: got partition %d for key %q, want 0 to %d: the topic has %d", s.topic.name,
			r.Partition, r.Key, s.topic.partitions-1, s.topic.partitions))
		return
	case r.Partition >= 0:
		k.Partition = r.Partition
	case r.Key != nil:
		k.Partition = record.DefaultPartition(r.Key, s.topic.partitions)
	default:
		k.Partition = s.turn % s.topic.partitions
		s.turn++
	}
	s.client.Produce(s.ctx, k, func(k *kgo.Record, err error) {
		if err != nil {
			s.fail(fmt.Errorf("send to %q partition %d, key %q: %w", s.topic.name, k.Partition, k.Key, err))
		}
	})
}

// fail keeps the first error.
func (s *sender) fail(err error) {
	select {
	case s.errs <- err:
	default:
	}
}

func (s *sender) finish(count int64) error {
	flushed := s.client.Flush(s.ctx)
	select {
	case err := <-s.errs:
		return err
	default:
	}
	if flushed != nil {
		return fmt.Errorf("send to %q: %w", s.topic.name, flushed)
	}
	s.world.Journal.Add(journal.Fact{Kind: journal.Acknowledged, Source: "kafkaspec", Topic: s.topic.name, Partition: -1,
		Offset: -1, Count: count})
	return nil
}

// findGenerator looks for a generator by name in the YAML files under generators/.
func findGenerator(fixtures fs.FS, name string) (*record.Generator, error) {
	files, err := fs.Glob(fixtures, "generators/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("look for generators: %w", err)
	}
	var known []string
	for _, file := range files {
		text, err := fs.ReadFile(fixtures, file)
		if err != nil {
			return nil, fmt.Errorf("read generators: %w", err)
		}
		found, err := record.ParseGenerators(file, text)
		if err != nil {
			return nil, err
		}
		if g, ok := found[name]; ok {
			return g, nil
		}
		known = slices.AppendSeq(known, maps.Keys(found))
	}
	slices.Sort(known)
	if near := nearest.Word(name, known); near != "" {
		return nil, fmt.Errorf("unknown generator %q; did you mean %q? known are %s", name, near, quoteAll(known))
	}
	return nil, fmt.Errorf("unknown generator %q; known are %s; put a YAML file into generators/ beside the features",
		name, quoteAll(known))
}
