package builtin

// Joins: applications that read two topics and join each record of the one with the version of the other that was in
// force at its event time, judged against an oracle that reads both topics whole. Event time is the record's timestamp.

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func joinSteps(s *steps.Registry) {
	s.When("event time goes on to {string} in {topic}", eventTimeGoesOn, steps.Checked(stringIsTime))
	s.Then("every record of {topic} has exactly one result in {topic} or {topic}, by {string}", oneResult,
		steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds the join of {topic} with {topic} as {string}, by {string}, and {topic} what found no match",
		holdsJoin)
}

// eventTimeGoesOn sends one record to each partition of a topic, with the key clock, an empty JSON object as value and
// the time as timestamp: what waits for event time to pass need wait no longer.
//
//	Given topic "user_events" with 2 partitions
//	When event time goes on to "2026-03-01T11:00:00Z" in "user_events"
//	Then "user_events" contains exactly:
//	  | partition | key   | value | timestamp            |
//	  | 0         | clock | {}    | 2026-03-01T11:00:00Z |
//	  | 1         | clock | {}    | 2026-03-01T11:00:00Z |
func eventTimeGoesOn(ctx context.Context, at string, topic *world.Topic) error {
	to, err := parseTime(at)
	if err != nil {
		return err
	}
	var records []record.Record
	for p := range topic.Partitions {
		records = append(records, record.Record{Partition: p, Offset: -1, Key: []byte("clock"), Value: []byte("{}"),
			Timestamp: to})
	}
	return topic.Send(ctx, records)
}

func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("got %q, want a time as in 2026-03-01T12:00:00Z", text)
	}
	return t, nil
}

func stringIsTime(_ world.Surroundings, m steps.Match) error {
	_, err := parseTime(m.Names("string")[0])
	return err
}

// oneResult judges that each record of the first topic has one result in either of the two others: none is lost and
// none is there twice. A field of the JSON values, key or headers.NAME says which result is whose.
//
//	Given topic "payments" with 1 partition
//	And topic "enriched" with 1 partition
//	And topic "unmatched" with 1 partition
//	And these records are in "payments":
//	  | key | value       |
//	  | u1  | {"id": "a"} |
//	  | u2  | {"id": "b"} |
//	And these records are in "enriched":
//	  | key | value                                |
//	  | u1  | {"id": "a", "user": {"name": "Ada"}} |
//	And these records are in "unmatched":
//	  | key | value       |
//	  | u2  | {"id": "b"} |
//	Then every record of "payments" has exactly one result in "enriched" or "unmatched", by "id"
func oneResult(ctx context.Context, left, joined, unmatched *world.Topic, by string) error {
	judge := verdict.NewResults(verdict.JoinTopics{Left: left.Name, Joined: joined.Name, Unmatched: unmatched.Name}, by)
	return judgeTopics(ctx, judge.Result, world.Feed{Topic: joined, See: judge.Joined},
		world.Feed{Topic: unmatched, See: judge.Unmatched}, world.Feed{Topic: left, See: judge.Left})
}

// holdsJoin judges a join against an oracle. Each record of the second topic (payments) must have one result. If a
// record of the third topic (users) with its key was in force at its timestamp (the newest that is not after it, and no
// tombstone), the result is in the first topic: its own JSON object, and the other's value in the field that is named.
// Otherwise it is in the last topic, as it was. The order of arrival is not looked at. The last text says which field,
// key or headers.NAME tells which result is whose.
//
//	Given topic "users" with 1 partition
//	And topic "payments" with 1 partition
//	And topic "enriched" with 1 partition
//	And topic "unmatched" with 1 partition
//	And these records are in "users":
//	  | key | value           | timestamp            |
//	  | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
//	And these records are in "payments":
//	  | key | value       | timestamp            |
//	  | u1  | {"id": "a"} | 2026-03-01T09:59:59Z |
//	  | u1  | {"id": "b"} | 2026-03-01T10:00:00Z |
//	And these records are in "enriched":
//	  | key | value                                |
//	  | u1  | {"id": "b", "user": {"name": "Ada"}} |
//	And these records are in "unmatched":
//	  | key | value       |
//	  | u1  | {"id": "a"} |
//	Then "enriched" holds the join of "payments" with "users" as "user", by "id", and "unmatched" what found no match
func holdsJoin(ctx context.Context, joined, left, right *world.Topic, field, by string, unmatched *world.Topic) error {
	judge := verdict.NewJoin(verdict.JoinTopics{Left: left.Name, Right: right.Name, Joined: joined.Name,
		Unmatched: unmatched.Name}, field, by)
	// The outputs are read before the inputs, so that what a result was made of is never newer than what was read.
	return judgeTopics(ctx, judge.Result, world.Feed{Topic: joined, See: judge.Joined},
		world.Feed{Topic: unmatched, See: judge.Unmatched}, world.Feed{Topic: right, See: judge.Right},
		world.Feed{Topic: left, See: judge.Left})
}
