package builtin

// Warnings: what an application that reads by a schema of its own says of fields that records lack.

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// warnedOnce is satisfied when exactly one warning names the field, and says truly which record lacked it first: its
// topic, partition and offset, and the schema it was written by. Say for how long when no more may come. Not looked at:
// other fields, and what became of the record.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And the compatibility of "users" is NONE
//	And schema "user-v3" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1 |
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	  | u2       | 40        |
//	Then "reader" warned once about field "country" of "users"
//	And "users_dlq" contains exactly 2 records
func warnedOnce(fieldName, topic string) event {
	return event{ofTopic(topic, func(ctx context.Context, a *world.Application, t *world.Topic) error {
		return oneWarning(ctx, a, fieldName, t)
	}), claimed(steps.InTheEnd, steps.With(world.NeedsRegistry))}
}

// oneWarning is what warnedOnce waits for.
func oneWarning(ctx context.Context, a *world.Application, fieldName string, topic *world.Topic) error {
	w := world.FromContext(ctx)
	facts := factsOfReadings(w, a, topic)
	var about []journal.Fact
	for _, warning := range facts.warnings {
		if warning.Fields()["field"] == fieldName {
			about = append(about, warning)
		}
	}
	switch {
	case len(about) == 0:
		return fmt.Errorf("application %q: got no warning about field %q of %q, want one", a.Name, fieldName, topic.Name)
	case len(about) > 1:
		return world.Final(fmt.Errorf("application %q: got %d warnings about field %q of %q, want one: the second for "+
			"partition %d offset %d", a.Name, len(about), fieldName, topic.Name, about[1].Partition, about[1].Offset))
	}
	return trueWarning(w, ctx, a, topic, facts, about[0])
}

// trueWarning looks up the record that a warning names: it must lack the field, and be the first by its schema on its
// partition of which the application has said anything.
func trueWarning(w *world.World, ctx context.Context, a *world.Application, topic *world.Topic, facts *readingFacts,
	warning journal.Fact) error {
	field, named := warning.Fields()["field"], warning.Fields()["schema"]
	if warning.Partition < 0 || warning.Offset < 0 {
		return fmt.Errorf("%w: application %q: its warning about field %q of %q names no record; give the log pattern "+
			"\"warning\" the groups partition and offset", verdict.ErrInconclusive, a.Name, field, topic.Name)
	}
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	about := fmt.Sprintf("application %q: its warning about field %q names", a.Name, field)
	of := slices.IndexFunc(records, func(r record.Record) bool {
		return r.Partition == warning.Partition && r.Offset == warning.Offset
	})
	if of < 0 {
		return world.Final(fmt.Errorf("%s %q partition %d offset %d, where no record is", about, topic.Name,
			warning.Partition, warning.Offset))
	}
	id, _, err := schema.Unframe(records[of].Value)
	if named != "" && (err != nil || strconv.Itoa(id) != named) {
		return world.Final(fmt.Errorf("%s schema id %s, and %q partition %d offset %d has %d", about, named, topic.Name,
			warning.Partition, warning.Offset, id))
	}
	for _, r := range records {
		if r.Partition != warning.Partition || r.Offset >= warning.Offset || !facts.tell(place{r.Partition, r.Offset}) {
			continue
		}
		if before, _, err := schema.Unframe(r.Value); err == nil && before == id {
			return world.Final(fmt.Errorf("%s %q partition %d offset %d, and offset %d by the same schema came before", about,
				topic.Name, r.Partition, warning.Offset, r.Offset))
		}
	}
	return lacks(w, ctx, a, records[of], field)
}

// tell says whether the application has said what became of a record.
func (f *readingFacts) tell(at place) bool {
	_, read := f.read[at]
	_, dead := f.dead[at]
	return read || dead || f.processed[at]
}

// lacks is nil where a record does not have a field, as an application has warned.
func lacks(w *world.World, ctx context.Context, a *world.Application, r record.Record, field string) error {
	plain, err := decoded(w, ctx, r)
	if err != nil {
		return err
	}
	if value, err := verdict.TextAt(plain.Value, field); err == nil {
		return world.Final(fmt.Errorf("application %q: its warning is about field %q of %q partition %d offset %d, which "+
			"has it: %s", a.Name, field, r.Topic, r.Partition, r.Offset, value))
	}
	return nil
}

// warnedAboutNone is satisfied while no warning names a field of a record of the topic. Not looked at: warnings that
// name no field or no record of the topic.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1 |
//	When these records are sent to "users" encoded by schema "user-v2":
//	  | value.id | value.age | value.email |
//	  | u1       | 30        | u1@a.org    |
//	Then once "reader" has caught up, "reader" warned about no field of "users"
func warnedAboutNone(topic string) event {
	return event{ofTopic(topic, noWarning), claimed(steps.InTheEnd, steps.With(world.NeedsRegistry))}
}

// noWarning is what warnedAboutNone looks for.
func noWarning(ctx context.Context, a *world.Application, topic *world.Topic) error {
	if err := a.Told(); err != nil {
		return err
	}
	facts := factsOfReadings(world.FromContext(ctx), a, topic)
	if len(facts.warnings) > 0 {
		f := facts.warnings[0]
		return world.Final(fmt.Errorf("application %q: got a warning about field %q of %q partition %d offset %d, want none",
			a.Name, f.Fields()["field"], topic.Name, f.Partition, f.Offset))
	}
	if len(facts.read)+len(facts.processed)+len(facts.dead) == 0 {
		return fmt.Errorf("%w: application %q has reported nothing of a record of %q, so it had nothing to warn about",
			verdict.ErrInconclusive, a.Name, topic.Name)
	}
	return wouldSay(a, journal.Warning, loggedBy(world.FromContext(ctx), a))
}
