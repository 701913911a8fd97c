package builtin

// Fields that no record has: whether they are absent, or misspelt.

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/cloudevent"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// absentAsMeant is an error where patterns want a field or a header to be absent that no record ever had, and that is
// not declared.
func absentAsMeant(ctx context.Context, topic *world.Topic, as decoding, want steps.Patterns,
	got []record.Record) error {
	return asMeant(ctx, topic, as, want, got, record.Pattern.NeverThere)
}

// asMeant looks for what patterns say of fields and headers that no record has, be it of another topic of the scenario,
// and that are not declared.
func asMeant(ctx context.Context, topic *world.Topic, as decoding, patterns steps.Patterns, records []record.Record,
	missing func(record.Pattern, []record.Record, record.Known) error) error {
	for _, p := range patterns {
		if missing(p, records, record.Known{}) == nil {
			continue
		}
		known, err := as.known(ctx, topic)
		if err != nil {
			return err
		}
		here := missing(p, records, known)
		if here == nil {
			continue
		}
		w := world.FromContext(ctx)
		seen, err := w.Seen(ctx)
		if err != nil {
			return err
		}
		if as != "" {
			for i, r := range seen {
				if r, err := as.one(w, ctx, r); err == nil { // others are not encoded
					seen[i] = r
				}
			}
		}
		if missing(p, slices.Concat(records, seen), known) != nil {
			return fmt.Errorf("%w: %q: %w", verdict.ErrInconclusive, topic.Name, here)
		}
	}
	return nil
}

// known is what may be in the records of a topic, as they are read: what the schemas that wrote them declare, and all
// versions of the topic's own.
func (d decoding) known(ctx context.Context, topic *world.Topic) (known record.Known, err error) {
	switch d {
	case asEvent:
		known.Headers = cloudevent.OptionalHeaders()
	case bySchema:
		writers, err := writersOf(ctx, topic)
		if err != nil {
			return known, err
		}
		for _, of := range writers {
			known.Values = append(known.Values, declared{of})
		}
	}
	return known, nil
}

// writersOf are the fields of the schemas that wrote a topic's records, or may write them.
func writersOf(ctx context.Context, topic *world.Topic) (all []schema.Fields, err error) {
	w := world.FromContext(ctx)
	records, err := topic.Records(ctx)
	if err != nil {
		return nil, err
	}
	type writer struct {
		id      int
		message string
	}
	seen := map[writer]bool{}
	for _, r := range records {
		value, s, err := readValue(w, ctx, r)
		if err != nil {
			continue // it is not of a schema, which others look at
		}
		id, _, _ := schema.Unframe(r.Value)
		if of := (writer{id, value.Message}); !seen[of] {
			seen[of] = true
			all = append(all, s.Fields(value.Message))
		}
	}
	versions, err := topic.SchemaVersions(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		all = append(all, v.Fields(""))
	}
	return all, nil
}

// declared is what a schema says of a value.
type declared struct{ schema.Fields }

// Field implements record.Declared.
func (d declared) Field(name string) (record.Declared, bool) {
	inner, named := d.Fields.Field(name)
	return declared{inner}, named
}

// Element implements record.Declared.
func (d declared) Element() record.Declared { return declared{d.Fields.Element()} }
