package builtin

// Encoded records: written down as plain tables, sent by a schema, and looked at as what they say. Their values have
// the wire format of Confluent's serializers: a zero byte, the schema's id in four bytes, and the value in Avro or
// JSON.

import (
	"context"
	"fmt"
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
	s.Given("these records are in {topic} encoded by schema {string}:", encodedAreSent, steps.With(world.NeedsRegistry),
		steps.Marked(sendsRecords), steps.Checked(schemaIsKnown))
	s.When("these records are sent to {topic} encoded by schema {string}:", encodedAreSent,
		steps.With(world.NeedsRegistry), steps.Marked(sendsRecords), steps.Checked(schemaIsKnown))
	s.Then("{topic} contains exactly {count} record(s) of schema version {int}", containsOfVersion,
		steps.Claims(steps.InTheEnd), steps.With(world.NeedsRegistry))
	s.Then("{topic} contains exactly, decoded:", containsExactlyDecoded, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsRegistry))
	s.Then("{topic} contains in order, decoded:", containsInOrderDecoded, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsRegistry))
	s.Then("{topic} contains only, decoded:", containsOnlyDecoded, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsRegistry))
	s.Then("{topic} contains, decoded:", containsDecoded, steps.With(world.NeedsRegistry))
}

// encodedAreSent sends records whose values are encoded by a schema, which is registered for the topic if it is not
// yet. A value is a JSON document, or columns of its fields; a null one is a tombstone and stays one. Unions take the
// value itself, bytes are text.
//
//	Given topic "users" with 1 partition
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | key | value.id | value.age |
//	  | u1  | u1       | 30        |
//	Then "users" contains exactly, decoded:
//	  | key | value                 |
//	  | u1  | {"id":"u1","age":30}  |
func encodedAreSent(ctx context.Context, topic *world.Topic, name string, records steps.Records) error {
	id, s, err := topic.RegisterSchema(ctx, name)
	if err != nil {
		return err
	}
	for i := range records {
		if records[i].Value == nil {
			continue
		}
		payload, err := s.Encode(records[i].Value)
		if err != nil {
			return fmt.Errorf("record %d by schema %q: %w", i+1, name, err)
		}
		if records[i].Value, err = schema.Frame(id, payload); err != nil {
			return err
		}
	}
	return topic.Send(ctx, records)
}

// containsDecoded is satisfied when each row matches a record of its own, its value decoded by the schema it was
// written by; other records may stand between them.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	  | u2       | 40        |
//	Then "users" contains, decoded:
//	  | value.id | value.age |
//	  | u2       | > 30      |
func containsDecoded(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compareDecoded(ctx, record.Contains, topic, want)
}

// containsExactlyDecoded is satisfied when each row matches a record of its own, its value decoded by the schema it was
// written by, and no record is left over. Order does not matter.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	Then "users" contains exactly, decoded:
//	  | value.id | value.age |
//	  | u1       | 30        |
func containsExactlyDecoded(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compareDecoded(ctx, record.ContainsExactly, topic, want)
}

// containsInOrderDecoded is satisfied when the rows match records in the rows' order, their values decoded by the
// schemas they were written by; other records may stand between.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And these records are in "users" encoded by schema "user-v2":
//	  | value.id | value.age | value.email |
//	  | u1       | 31        | u1@a.org    |
//	Then "users" contains in order, decoded:
//	  | value.age | value.email |
//	  | 30        | <absent>    |
//	  | 31        | u1@a.org    |
func containsInOrderDecoded(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compareDecoded(ctx, record.InOrder, topic, want)
}

// containsOnlyDecoded is satisfied when every record, its value decoded by the schema it was written by, matches one of
// the rows, however often.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	  | u1       | 31        |
//	Then "users" contains only, decoded:
//	  | value.id |
//	  | u1       |
func containsOnlyDecoded(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compareDecoded(ctx, record.Only, topic, want)
}

// containsOfVersion counts the records that name a version of the topic's schema as the one they were written by, by
// its id. A record with the id of no version fails at once, and so does one that was not written by the version it
// names: its value ends early, goes on behind its end, or has fields that the version does not have.
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
func containsOfVersion(ctx context.Context, topic *world.Topic, want, number int64) error {
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
			topic.Name, number, words.Counted(int64(len(versions)), "version"))
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
	if got != want {
		return fmt.Errorf("%q: got %s of schema version %d, want exactly %d", topic.Name, words.Counted(got, "record"),
			number, want)
	}
	return nil
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
			"version before its first record, and write the id it got", id, words.Counted(int64(len(versions)), "version"))
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

func compareDecoded(ctx context.Context, mode record.Mode, topic *world.Topic, want steps.Patterns) error {
	w := world.FromContext(ctx)
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	got := make([]record.Record, len(records))
	for i, r := range records {
		if got[i], err = decoded(w, ctx, r); err != nil {
			return fmt.Errorf("could not look: %q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err)
		}
	}
	if err := record.Compare(mode, want, got); err != nil {
		return fmt.Errorf("%q, decoded: %w", topic.Name, err)
	}
	return nil
}

// decoded is a record with its value as JSON, as its writer meant it.
func decoded(w *world.World, ctx context.Context, r record.Record) (record.Record, error) {
	if r.Value == nil {
		return r, nil
	}
	id, payload, err := schema.Unframe(r.Value)
	if err != nil {
		return r, world.Final(err)
	}
	gate, err := w.Gate(ctx)
	if err != nil {
		return r, err
	}
	writer, err := gate.Client().ByID(ctx, id)
	if err != nil {
		return r, err
	}
	value, err := schema.Read(writer, writer, payload)
	if err != nil {
		return r, world.Final(err)
	}
	r.Value = value.JSON
	return r, nil
}
