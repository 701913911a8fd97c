package builtin

// Records: sending them, from tables, doc strings, one-liners and generators.

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func recordSteps(s *steps.Registry) {
	s.Given("a record of {size} is in {topic}", sizedRecordIsSent, steps.Marked(sendsRecords))
	s.Given("the record {string} is in {topic}", recordIsSent, steps.Marked(sendsRecords))
	s.Given("these records are in {topic}:", recordsAreSent, steps.Marked(sendsRecords))
	s.Given("{count} record(s) is/are in {topic} partition {int}", numberedRecordsAreSent, steps.Marked(sendsRecords))
	s.Given("{count} records from generator {string} are in {topic}", generatedRecordsAreSent, steps.Marked(sendsRecords),
		steps.Checked(generatorIsKnown))
	s.When("a record of {size} is sent to {topic}", sizedRecordIsSent, steps.Marked(sendsRecords))
	s.When("the record {string} is sent to {topic}", recordIsSent, steps.Marked(sendsRecords))
	s.When("these records are sent to {topic}:", recordsAreSent, steps.Marked(sendsRecords))
	s.When("{count} record(s) is/are sent to {topic} partition {int}", numberedRecordsAreSent, steps.Marked(sendsRecords))
	s.When("{count} records from generator {string} are sent to {topic}", generatedRecordsAreSent,
		steps.Marked(sendsRecords), steps.Checked(generatorIsKnown))
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
func recordsAreSent(ctx context.Context, topic *world.Topic, records steps.Records) error {
	return topic.Send(ctx, records)
}

// recordIsSent sends one record without a key.
//
//	Given topic "orders" with 1 partition
//	When the record "not json" is sent to "orders"
//	Then "orders" contains exactly 1 record
func recordIsSent(ctx context.Context, value string, topic *world.Topic) error {
	return topic.Send(ctx, []record.Record{{Partition: -1, Offset: -1, Value: []byte(value)}})
}

// sizedRecordIsSent sends one record without a key whose value has that many bytes: the letter x, over and over.
//
//	Given topic "orders" with 1 partition
//	When a record of 64KiB is sent to "orders"
//	Then "orders" contains exactly 1 record
func sizedRecordIsSent(ctx context.Context, size int64, topic *world.Topic) error {
	if size > world.MaxBatchBytes/2 {
		return fmt.Errorf("got a record of %d bytes, want at most %d", size, world.MaxBatchBytes/2)
	}
	return topic.Send(ctx, []record.Record{{Partition: -1, Offset: -1, Value: bytes.Repeat([]byte("x"), int(size))}})
}

// generatedRecordsAreSent sends records made by a generator: a YAML file under generators/ beside the features, or one
// of kafkaspec's own. The run's seed decides what they are, so a run with the same seed sends the same records.
//
//	Given topic "orders" with 3 partitions
//	When 1_000 records from generator "orders" are sent to "orders"
//	Then "orders" contains exactly 1_000 records
func generatedRecordsAreSent(ctx context.Context, count int64, generator string, topic *world.Topic) error {
	w := world.FromContext(ctx)
	g, err := findGenerator(w.Fixtures, generator)
	if err != nil {
		return err
	}
	s := topic.NewSender(ctx)
	for r := range g.Records(w.Seed, count) {
		if !s.Send(r) {
			break
		}
	}
	return s.Finish(count)
}

// numberedRecordsAreSent sends records without a key to one partition; their values are 1, 2, 3 and so on.
//
//	Given topic "orders" with 3 partitions
//	When 2 records are sent to "orders" partition 1
//	Then "orders" contains exactly:
//	  | partition | value |
//	  | 1         | 1     |
//	  | 1         | 2     |
func numberedRecordsAreSent(ctx context.Context, count int64, t *world.Topic, partition int64) error {
	if err := t.HasPartition(partition); err != nil {
		return err
	}
	s := t.NewSender(ctx)
	for i := range count {
		if !s.Send(record.Record{Partition: int32(partition), Offset: -1, Value: []byte(fmt.Sprint(i + 1))}) {
			break
		}
	}
	return s.Finish(count)
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
		return nil, fmt.Errorf("unknown generator %q; did you mean %q? known are %s", name, near, words.Quoted(known))
	}
	return nil, fmt.Errorf("unknown generator %q; known are %s; put a YAML file into generators/ beside the features",
		name, words.Quoted(known))
}
