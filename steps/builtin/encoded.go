package builtin

// Encoded records: which version of a schema wrote the values of a topic. They are sent by `encoded by schema`, and
// looked at by `decoded`, in the families of records and expectations. Their values have the wire format of Confluent's
// serializers: a zero byte, the schema's id in four bytes, and the value in Avro, JSON or Protobuf, before which stand
// the indexes of its message. Protobuf is shown as protojson has it, with the names of fields as in the .proto file,
// with the defaults of fields without presence, and with 64-bit integers as numbers.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func encodedSteps(s *steps.Registry) {
	s.Then("{topic} contains {amount} record(s) of message {string}", containsOfMessage, steps.With(world.NeedsRegistry))
	s.Then("{topic} contains {amount} record(s) of schema version {int}", containsOfVersion,
		steps.With(world.NeedsRegistry))
}

// encoded are records with their values encoded by the place's schema. None is sent unless it fits all of them.
func (p sink) encoded(ctx context.Context, topic *world.Topic, records iter.Seq[record.Record],
) (iter.Seq[record.Record], error) {
	id, s, err := topic.RegisterSchema(ctx, p.schema)
	if err != nil {
		return nil, err
	}
	var all []record.Record
	for r := range records {
		if r.Value != nil {
			payload, err := p.encode(s, r.Value)
			if err != nil {
				return nil, fmt.Errorf("record %d by schema %q: %w", len(all)+1, p.schema, err)
			}
			if r.Value, err = schema.Frame(id, payload); err != nil {
				return nil, err
			}
		}
		if all = append(all, r); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return slices.Values(all), nil
}

// encode writes a value by the place's message, or by the schema's first.
func (p sink) encode(s *schema.Schema, value []byte) ([]byte, error) {
	if p.message == "" {
		return s.Encode(value)
	}
	return s.EncodeAs(p.message, value)
}

// containsOfMessage counts the records that are a message of a Protobuf schema, by the indexes before their values. The
// message is named with its package, or without: "shop.Payment" or "Payment". Messages that differ in their names only
// look alike when they are decoded. A record that its own schema did not write fails at once. Not looked at: what the
// values say, and which version of the schema wrote them.
//
//	Given topic "events" with 1 partition
//	And the record "{\"id\":\"o1\"}" is in "events" encoded by schema "shop-events"
//	And the record "{\"order_id\":\"o1\"}" is in "events" encoded by message "Payment" of schema "shop-events"
//	Then "events" contains exactly 1 record of message "Payment"
func containsOfMessage(ctx context.Context, topic *world.Topic, want steps.Amount, message string) error {
	w := world.FromContext(ctx)
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	if err := hasMessage(ctx, topic, message); err != nil {
		return err
	}
	var got int64
	others := map[string]bool{}
	for _, r := range records {
		if r.Value == nil {
			continue
		}
		value, _, err := readValue(w, ctx, r)
		if err != nil {
			return fmt.Errorf("%q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err)
		}
		if value.Message == message || strings.HasSuffix(value.Message, "."+message) {
			got++
			continue
		}
		others[value.Message] = true
	}
	if !want.Holds(got) {
		return fmt.Errorf("%q: got %s of message %q, want %s; of others: %s", topic.Name, words.Counted(got, "record"),
			message, want, words.Quoted(slices.Sorted(maps.Keys(others))))
	}
	if want.Limit == steps.AtLeast {
		return nil
	}
	return world.Settled(ctx, topic)
}

// hasMessage is satisfied when some version of a topic's schema has a message. No record could be of another.
func hasMessage(ctx context.Context, topic *world.Topic, message string) error {
	versions, err := topic.SchemaVersions(ctx)
	if err != nil {
		return err
	}
	err = errors.New("it has no schema")
	for _, v := range versions {
		if err = v.HasMessage(message); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: no record of %q can be of message %q: %w", verdict.ErrInconclusive, topic.Name, message, err)
}

// containsOfVersion counts the records that name a version of the topic's schema as the one they were written by, by
// its id. A record with the id of no version fails at once, and so does one that was not written by the version it
// names: its value ends early, goes on behind its end, or has fields that the version does not have. Not looked at:
// what the values say.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And these records are in "users" encoded by schema "user-v2":
//	  | value.id | value.age | value.email |
//	  | u1       | 31        | u1@a.org    |
//	  | u2       | 40        | u2@a.org    |
//	Then "users" contains exactly 1 record of schema version 1
//	And "users" contains exactly 2 records of schema version 2
func containsOfVersion(ctx context.Context, topic *world.Topic, want steps.Amount, number int64) error {
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	versions, err := topic.SchemaVersions(ctx)
	if err != nil {
		return err
	}
	var got int64
	if !slices.ContainsFunc(slices.Collect(maps.Values(versions)), func(v world.SchemaVersion) bool {
		return int64(v.Number) == number
	}) {
		return fmt.Errorf("%w: %q has no schema version %d, so no record can be of it; it has %s", verdict.ErrInconclusive,
			topic.Name, number, words.Counted(len(versions), "version"))
	}
	for _, r := range records {
		if r.Value == nil {
			continue
		}
		of, err := versionOf(r.Value, versions)
		if err != nil {
			return world.Final(fmt.Errorf("%q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err))
		}
		if int64(of) == number {
			got++
		}
	}
	if !want.Holds(got) {
		return fmt.Errorf("%q: got %s of schema version %d, want %s", topic.Name, words.Counted(got, "record"), number, want)
	}
	if want.Limit == steps.AtLeast {
		return nil
	}
	return world.Settled(ctx, topic)
}

// versionOf tells which version of the schema wrote a value.
func versionOf(value []byte, versions map[int]world.SchemaVersion) (int, error) {
	id, payload, err := schema.Unframe(value)
	if err != nil {
		return 0, err
	}
	v, ok := versions[id]
	if !ok {
		return 0, fmt.Errorf("got schema id %d, want that of a registered version of the topic's schema (%s); register a "+
			"version before its first record, and write the id it got", id, words.Counted(len(versions), "version"))
	}
	decoded, err := schema.Read(v.Schema, v.Schema, payload)
	if err == nil && len(decoded.Ignored) > 0 {
		err = fmt.Errorf("fields that it does not have: %s", strings.Join(decoded.Ignored, ", "))
	}
	if err != nil {
		return 0, fmt.Errorf("got schema id %d, which is version %d, and a value that this version did not write: %w; "+
			"write the id of the schema that encodes the value", id, v.Number, err)
	}
	return v.Number, nil
}

// decoded is a record with its value as JSON, as its writer meant it.
func decoded(w *world.World, ctx context.Context, r record.Record) (record.Record, error) {
	if r.Value == nil {
		return r, nil
	}
	value, _, err := readValue(w, ctx, r)
	if err == nil {
		r.Value = value.JSON
	}
	return r, err
}

// readValue reads a value as its writer meant it, and returns the writer's schema.
func readValue(w *world.World, ctx context.Context, r record.Record) (schema.Decoded, *schema.Schema, error) {
	id, payload, err := schema.Unframe(r.Value)
	if err != nil {
		return schema.Decoded{}, nil, world.Final(err)
	}
	gate, err := w.Gate(ctx)
	if err != nil {
		return schema.Decoded{}, nil, err
	}
	writer, err := gate.Client().ByID(ctx, id)
	if err != nil {
		return schema.Decoded{}, nil, err
	}
	value, err := schema.Read(writer, writer, payload)
	return value, writer, world.Final(err)
}
