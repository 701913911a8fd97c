package builtin

// How an application writes its records: where a window's start, an event's time or a join's two sides stand in them.
// Said once of a topic, all steps about windows and joins go by it.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func shapeSteps(s *steps.Registry) {
	s.Given("the records of {topic} are written as:", recordsAreWritten)
	s.Given("the records of {topic} are written by schema as:", recordsAreEncoded, steps.With(world.NeedsRegistry))
}

// Drawing is a table of places in a record and of what stands there.
type Drawing struct{ picture *verdict.Picture }

// Decode reads the table.
func (d *Drawing) Decode(a steps.Argument, vars record.Vars) (err error) {
	if a.Rows == nil {
		return a.Source.Errorf("got a doc string, want a table: | value.at | {time in s} |")
	}
	rows := make([][]string, len(a.Rows))
	for i, row := range a.Rows {
		for _, cell := range row {
			expanded, err := vars.Expand(cell)
			if err != nil {
				return a.Source.Row(i).Wrap(err)
			}
			rows[i] = append(rows[i], expanded)
		}
		if d.picture, err = verdict.NewPicture(rows[:i+1]); err != nil {
			return a.Source.Row(i).Wrap(err)
		}
	}
	return nil
}

// recordsAreWritten says how the records of a topic are written, for all steps about windows and joins. Left stands a
// place: key, value, value.PATH, headers.NAME or timestamp. Right stands what is there, in braces, alone or with text
// around it, as in the key {key}@{start}:
//
//   - events: {key}, {time} and {value}, which is summed
//   - windows: {key}, {start}, {end}, {count}, {sum}, {min} and {max}
//   - what was set aside: {partition} and {offset} of its event, or {id}, which its event has as well
//   - what is joined: {key}, {time} and {id}
//   - results of a join: {left} and {right}, the values of the two sides, or a field of them as in
//     {right.address.city}; and {key}, {time} and {id} of the left side
//   - {any}: it is not looked at
//
// A time is ISO 8601, UTC where it has no zone, or a number: of milliseconds, unless it says {time in s}, us or ns.
// {sum as text} is a number written as text. What is drawn must be there; what is not drawn stands where the reference
// applications have it.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And the records of "readings" are written as:
//	  | value.meta.at | {time in s} |
//	  | value.meter   | {key}       |
//	  | value.kwh     | {value}     |
//	And the records of "readings_windows" are written as:
//	  | key     | {key}@{start} |
//	  | value.n | {count}       |
//	  | value.s | {sum as text} |
//	And these records are in "readings":
//	  | value.meter | value.kwh | value.meta.at |
//	  | m1          | 0.1       | 1767607260    |
//	  | m1          | 0.2       | 1767607320.5  |
//	  | m1          | 5         | 1767607800    |
//	And these records are in "readings_windows":
//	  | key              | value                  |
//	  | m1@1767607200000 | {"n": 2, "s": "0.300"} |
//	Then "readings_windows" holds exactly the windows of "readings" of 5m without grace
//	And "readings_windows" holds exactly these windows:
//	  | key | window      | count |
//	  | m1  | 10:00-10:05 | 2     |
func recordsAreWritten(ctx context.Context, topic *world.Topic, drawing Drawing) error {
	if topic.Written != nil {
		return fmt.Errorf("how the records of %q are written is said twice; remove one of the two steps", topic.Name)
	}
	topic.Written = drawing.picture
	return nil
}

// recordsAreEncoded says the same of records whose values are written by a schema of the registry, in the wire format
// of Confluent's serializers. They are decoded by the schema that they name, and drawn as the JSON that this gives.
//
//	Given the day is 2026-01-05
//	And topic "users" with 1 partition
//	And topic "users_windows" with 1 partition
//	And topic "users_late" with 1 partition
//	And the records of "users" are written by schema as:
//	  | value.id  | {key}   |
//	  | value.age | {value} |
//	And these records are in "users" encoded by schema "user-v1":
//	  | value.id | value.age | timestamp |
//	  | u1       | 30        | 10:00     |
//	  | u1       | 31        | 11:00     |
//	And these records are in "users_windows":
//	  | key | value                                        |
//	  | u1  | {"start": "2026-01-05T10:00:00Z", "sum": 30} |
//	Then "users_windows" holds exactly the windows of "users" of 1h without grace
func recordsAreEncoded(ctx context.Context, topic *world.Topic, drawing Drawing) error {
	topic.Encoded = true
	return recordsAreWritten(ctx, topic, drawing)
}

// judgeDrawn is judgeTopics for records that may be encoded by a schema. What the logs have no more counts as well.
func judgeDrawn(ctx context.Context, result func() verdict.Result, feeds ...world.Feed) error {
	var failed error
	for i, f := range feeds {
		if feeds[i].Gone = f.See; !f.Topic.Encoded {
			continue
		}
		decode := func(see func(*record.Record)) func(*record.Record) {
			return func(r *record.Record) {
				plain, err := decoded(world.FromContext(ctx), ctx, *r)
				if err != nil && failed == nil {
					failed = fmt.Errorf("%q partition %d offset %d: %w", f.Topic.Name, r.Partition, r.Offset, err)
				}
				see(&plain)
			}
		}
		feeds[i].See = decode(f.See)
		if feeds[i].Gone = feeds[i].See; f.Unread != nil {
			feeds[i].Unread = decode(f.Unread)
		}
	}
	err := judgeTopics(ctx, result, feeds...)
	if failed != nil { // what a judge says of it would be of bytes
		return failed
	}
	return err
}
