package builtin

// What records are compared as: as they are, as their schema has them, or as CloudEvents.

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/cloudevent"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// decoding is what records are read as, in the words of a phrase; empty: as they are.
type decoding string

const (
	bySchema decoding = "decoded"
	asEvent  decoding = "as CloudEvents"
)

// one reads a record.
func (d decoding) one(w *world.World, ctx context.Context, r record.Record) (record.Record, error) {
	if d == asEvent {
		r, _, err := cloudevent.Read(r)
		if err != nil {
			return r, world.Final(err)
		}
		return r, nil
	}
	return decoded(w, ctx, r)
}

// Options give a scenario that decodes a schema registry.
func (d decoding) Options() []steps.Option {
	if d == bySchema {
		return []steps.Option{steps.With(world.NeedsRegistry)}
	}
	return nil
}

// asTheyAre compares values as bytes, or as JSON where a row names their fields.
func asTheyAre() decoding { return "" }

// asDecoded compares each value as what the schema says that it was written by.
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
func asDecoded() decoding { return bySchema }

// records are a topic's records, and what to call the topic.
func (d decoding) records(ctx context.Context, topic *world.Topic) (records []record.Record, name string, err error) {
	name = strconv.Quote(topic.Name)
	if d != "" {
		records, err = d.all(ctx, topic)
		return records, name + ", " + string(d), err
	}
	records, err = topic.Records(ctx)
	return records, name, err
}

// all are a topic's records as they are read.
func (d decoding) all(ctx context.Context, topic *world.Topic) ([]record.Record, error) {
	w := world.FromContext(ctx)
	records, err := topic.Records(ctx)
	if err != nil {
		return nil, err
	}
	got := make([]record.Record, len(records))
	for i, r := range records {
		got[i], err = d.one(w, ctx, r)
		if errors.Is(err, cloudevent.ErrNone) { // that is what was looked for
			return nil, fmt.Errorf("%q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err)
		}
		if err != nil {
			return nil, fmt.Errorf("could not look: %q partition %d offset %d: %w", topic.Name, r.Partition, r.Offset, err)
		}
	}
	return got, nil
}
