package builtin

// Records: sending them, from tables, doc strings, one-liners and generators.

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/cloudevent"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func recordSteps(s *steps.Registry) {
	s.Given("these records are in {place}:", tableIsSent, steps.Marked(sendsRecords))
	s.Given("{records} is/are in {place}", recordsAreSent, steps.Marked(sendsRecords))
	s.When("these records are sent to {place}:", tableIsSent, steps.Marked(sendsRecords))
	s.When("{records} is/are sent to {place}", recordsAreSent, steps.Marked(sendsRecords))
}

// recordParts are what is sent, and where to.
func recordParts(s *steps.Registry) {
	steps.AddPart[batch](s, "records", "records to be sent",
		steps.Form("a record of {size}", sized),
		steps.Form("the record {string}", one),
		steps.Form("{count} record(s)", numbered),
		steps.Form("{count} record(s) from generator {string}", generated))
	steps.AddPart[sink](s, "place", "where records are sent to, and how their values are encoded",
		steps.Form("{topic}", inTopic),
		steps.Form("{topic} partition {int}", inPartition),
		steps.Form("{topic} as CloudEvents", eventsInTopic),
		steps.Form("{topic} as structured CloudEvents", structuredInTopic),
		steps.Form("{topic} encoded by schema {string}", encodedInTopic),
		steps.Form("{topic} partition {int} encoded by schema {string}", encodedInPartition),
		steps.Form("{topic} encoded by message {string} of schema {string}", messageInTopic),
		steps.Form("{topic} partition {int} encoded by message {string} of schema {string}", messageInPartition))
}

// tableIsSent sends the records of a table, or of a YAML or JSON list, in their order, and waits until every one is
// acknowledged. A record for which neither its row nor the step names a partition goes where Kafka's default
// partitioner puts its key; one without a key goes round the partitions.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value         | headers.trace |
//	  | u1  | {"amount": 5} | a             |
//	Then "orders" contains exactly 1 record
func tableIsSent(ctx context.Context, to sink, records steps.Records) error {
	return to.send(ctx, int64(len(records)), slices.Values(records))
}

// recordsAreSent sends records and waits until every one is acknowledged. Where no partition is named, records with a
// key go where Kafka's default partitioner puts them, and others go round the partitions.
//
//	Given topic "orders" with 1 partition
//	When the record "not json" is sent to "orders"
//	Then "orders" contains exactly 1 record
func recordsAreSent(ctx context.Context, what batch, to sink) error {
	records, err := what.make(world.FromContext(ctx))
	if err != nil {
		return err
	}
	return to.send(ctx, what.count, records)
}

// batch is a number of records to be sent.
type batch struct {
	count     int64
	make      func(w *world.World) (iter.Seq[record.Record], error)
	generator string // empty for none
}

// Options find a generator that nobody knows before anything runs.
func (b batch) Options() []steps.Option {
	if b.generator == "" {
		return nil
	}
	return []steps.Option{steps.Checked(func(s world.Surroundings, _ steps.Match) error {
		_, err := findGenerator(s.Fixtures, b.generator)
		return err
	})}
}

// valued is a batch of records without keys.
func valued(count int64, value func(i int64) ([]byte, error)) batch {
	return batch{count: count, make: func(*world.World) (iter.Seq[record.Record], error) {
		if _, err := value(0); err != nil {
			return nil, err
		}
		return func(yield func(record.Record) bool) {
			for i := range count {
				v, _ := value(i)
				if !yield(record.Record{Partition: -1, Offset: -1, Value: v}) {
					return
				}
			}
		}, nil
	}}
}

// one is one record without a key.
//
//	Given topic "orders" with 1 partition
//	When the record "not json" is sent to "orders"
//	Then "orders" contains exactly 1 record
func one(value string) batch {
	return valued(1, func(int64) ([]byte, error) { return []byte(value), nil })
}

// sized is one record without a key whose value has that many bytes: the letter x, over and over.
//
//	Given topic "orders" with 1 partition
//	When a record of 64KiB is sent to "orders"
//	Then "orders" contains exactly 1 record
func sized(bytesOfValue int64) batch {
	return valued(1, func(int64) ([]byte, error) {
		if bytesOfValue > world.MaxBatchBytes/2 {
			return nil, fmt.Errorf("got a record of %d bytes, want at most %d", bytesOfValue, world.MaxBatchBytes/2)
		}
		return bytes.Repeat([]byte("x"), int(bytesOfValue)), nil
	})
}

// numbered are records without a key; their values are 1, 2, 3 and so on.
//
//	Given topic "orders" with 3 partitions
//	When 2 records are sent to "orders" partition 1
//	Then "orders" contains exactly:
//	  | partition | value |
//	  | 1         | 1     |
//	  | 1         | 2     |
func numbered(count int64) batch {
	return valued(count, func(i int64) ([]byte, error) { return []byte(fmt.Sprint(i + 1)), nil })
}

// generated are records made by a generator: a YAML file under generators/ beside the features, or one of kafkaspec's
// own. The run's seed decides what they are. Each step begins anew: a second step sends the same records once more.
//
//	Given topic "orders" with 3 partitions
//	When 1_000 records from generator "orders" are sent to "orders"
//	Then "orders" contains exactly 1_000 records
func generated(count int64, generator string) batch {
	return batch{count: count, generator: generator, make: func(w *world.World) (iter.Seq[record.Record], error) {
		g, err := findGenerator(w.Fixtures, generator)
		if err != nil {
			return nil, err
		}
		return g.Records(w.Seed, count), nil
	}}
}

// sink is where records are sent to.
type sink struct {
	topic     string
	partition int64  // -1: where each record belongs
	schema    string // empty: values are sent as they are
	message   string // of the schema; empty: its first
	event     cloudevent.Mode
}

// Options give a scenario whose records are encoded a schema registry, and find a schema that nobody knows.
func (p sink) Options() []steps.Option {
	if p.schema == "" {
		return nil
	}
	return []steps.Option{steps.With(world.NeedsRegistry), steps.Checked(knownMessage(p.schema, p.message))}
}

// inTopic sends each record where it belongs.
func inTopic(topic string) sink { return sink{topic: topic, partition: -1} }

// inPartition sends all records to one partition, but for those whose row names another one.
//
//	Given topic "orders" with 3 partitions
//	When the record "a" is sent to "orders" partition 2
//	Then "orders" contains exactly:
//	  | partition | value |
//	  | 2         | a     |
func inPartition(topic string, partition int64) sink { return sink{topic: topic, partition: partition} }

// encodedInTopic encodes values by a schema, which is registered for the topic if it is not yet. A value is a JSON
// document, or columns of its fields; a null one is a tombstone and stays one. Avro's unions take the value itself, its
// bytes are text, a decimal is a number, and dates and times are text such as 2026-01-05, 10:15:00.250 and
// 2026-01-05T10:15:00Z. Protobuf takes what protojson does, and its first message.
//
//	Given topic "users" with 1 partition
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | key | value.id | value.age |
//	  | u1  | u1       | 30        |
//	Then "users" contains exactly, decoded:
//	  | key | value                 |
//	  | u1  | {"id":"u1","age":30}  |
func encodedInTopic(topic, schema string) sink {
	return sink{topic: topic, partition: -1, schema: schema}
}

// encodedInPartition does both.
//
//	Given topic "users" with 2 partitions
//	When the record "{\"id\":\"u1\",\"age\":30}" is sent to "users" partition 1 encoded by schema "user-v1"
//	Then "users" contains exactly, decoded:
//	  | partition | value.id | value.age |
//	  | 1         | u1       | 30        |
func encodedInPartition(topic string, partition int64, schema string) sink {
	return sink{topic: topic, partition: partition, schema: schema}
}

// messageInTopic encodes values as one of several messages of a Protobuf schema. Without it they are the first message
// of the file. A message within another is "Order.Line".
//
//	Given topic "events" with 1 partition
//	When these records are sent to "events" encoded by message "Payment" of schema "shop-events":
//	  | key | value.order_id | value.cents |
//	  | o1  | "o1"           | 500         |
//	Then "events" contains exactly, decoded:
//	  | key | value                         |
//	  | o1  | {"order_id":"o1","cents":500} |
func messageInTopic(topic, message, schema string) sink {
	return sink{topic: topic, partition: -1, schema: schema, message: message}
}

// messageInPartition does both.
//
//	Given topic "events" with 2 partitions
//	When the record "{\"order_id\":\"o1\"}" is sent to "events" partition 1 encoded by message "Payment" of schema "shop-events"
//	Then "events" contains exactly, decoded:
//	  | partition | value.order_id | value.cents |
//	  | 1         | o1             | 0           |
func messageInPartition(topic string, partition int64, message, schema string) sink {
	return sink{topic: topic, partition: partition, schema: schema, message: message}
}

// send sends records and waits until they are acknowledged.
func (p sink) send(ctx context.Context, count int64, records iter.Seq[record.Record]) error {
	topic, err := world.FromContext(ctx).Present(ctx, p.topic)
	if err == nil && p.partition >= 0 {
		err = topic.HasPartition(p.partition)
	}
	if err != nil {
		return err
	}
	if p.schema != "" {
		if records, err = p.encoded(ctx, topic, records); err != nil {
			return err
		}
	}
	if p.event != "" {
		if records, err = p.asEvents(records); err != nil {
			return err
		}
	}
	s := topic.NewSender(ctx).Of(count)
	for r := range records {
		if r.Partition < 0 {
			r.Partition = int32(p.partition)
		}
		if !s.Send(r) {
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
