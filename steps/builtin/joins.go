package builtin

// Joins: applications that read two topics and join each record of the one with the version of the other that was in
// force at its event time, judged against an oracle that reads both topics whole. Event time is the record's timestamp.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
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
		holdsJoin, steps.Claims(steps.InTheEnd))
	s.Then("{topic} holds the join of {topic} with {topic}:", holdsJoinOf, steps.Claims(steps.InTheEnd),
		steps.Checked(joinCanBe))
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
// none is there twice. A field of the JSON values, key or headers.NAME says which result is whose. Not looked at: what
// the results hold.
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
	result := verdict.AllBut(verdict.MissingResult)
	return judgeTopics(ctx, judge.Result,
		world.Feed{Topic: joined, See: judge.Joined, Gone: judge.Joined, Certain: result, Once: true},
		world.Feed{Topic: unmatched, See: judge.Unmatched, Gone: judge.Unmatched, Certain: result, Once: true},
		world.Feed{Topic: left, See: judge.Left, Gone: judge.Left, Unread: judge.LeftUnread,
			Certain: verdict.AllBut(verdict.Unexpected), Once: true})
}

// holdsJoin judges a join against an oracle. Each record of the second topic (payments) must have one result. If a
// record of the third topic (users) with its key was in force at its timestamp (the newest that is not after it, and no
// tombstone), the result is in the first topic, under the key of its record: its own JSON object, and the other's value
// in the field that is named. Otherwise it is in the last topic, as it was. The order of arrival, headers and the
// results' timestamps are not looked at. The last text says which field, key or headers.NAME tells which result is
// whose. The same with a table, which says more: holds the join of … with …. Not looked at: the order of results, and
// their headers.
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
	return judgeJoin(ctx, joined, left, right, unmatched, verdict.JoinRules{Field: field, By: by})
}

// holdsJoinOf judges a join against an oracle. Each record of the second topic (payments) meets the record of the
// third one (users) that has its key and was in force at its event time: the newest that is not after it, and no
// tombstone. Its result is in the first topic, under its key: its own JSON object, and the other's value in one more
// field. The order of arrival, headers and the results' timestamps are not looked at; numbers are compared by value,
// integers and decimals exactly, and the text "1" is no number, but where the other side has it in a key or a header,
// which are texts. Settings, as a table or YAML:
//
//   - by: the field, key or headers.NAME that tells which result is whose
//   - field: the field of a result that holds the record of the third topic
//   - no-match: what becomes of a record that nothing is in force for: the name of the topic that it goes to as it was,
//     dropped, or with null: it is among the results, with null in the field. Where all is dropped and there is no
//     result, nothing is judged.
//   - adds: fields that results have beside those, and that are not looked at, as in joined_at, made.by
//
// Where keys and times stand elsewhere, or results look otherwise, say so: Given the records of "…" are written as. A
// topic of results that is drawn needs no field, and none of by where {id} is drawn.
//
// Not looked at: the order of results, and their timestamps.
//
//	Given topic "users" with 1 partition
//	And topic "payments" with 1 partition
//	And topic "enriched" with 1 partition
//	And topic "unmatched" with 1 partition
//	And the records of "enriched" are written as:
//	  | value.id        | {left.id}      |
//	  | value.user.name | {right.name}   |
//	  | value.at        | {time in ms}   |
//	  | value.joined_by | {any}          |
//	And these records are in "users":
//	  | key | value           | timestamp            |
//	  | u1  | {"name": "Ada"} | 2026-03-01T10:00:00Z |
//	And these records are in "payments":
//	  | key | value       | timestamp            |
//	  | u1  | {"id": "a"} | 2026-03-01T09:59:59Z |
//	  | u1  | {"id": "b"} | 2026-03-01T10:00:00Z |
//	And these records are in "enriched":
//	  | key | value                                                                            |
//	  | u1  | {"id": "b", "user": {"name": "Ada"}, "at": 1772359200000, "joined_by": "pod-17"} |
//	And these records are in "unmatched":
//	  | key | value       |
//	  | u1  | {"id": "a"} |
//	Then "enriched" holds the join of "payments" with "users":
//	  | by       | id        |
//	  | no-match | unmatched |
func holdsJoinOf(ctx context.Context, joined, left, right *world.Topic, settings world.Settings) error {
	given, err := settings.Parse()
	if err != nil {
		return world.Final(err)
	}
	rules, noMatch, err := readJoinSettings(given)
	if err != nil {
		return world.Final(err)
	}
	drawn := left.Written.Draws("id") && joined.Written.Draws("id")
	switch {
	case rules.Field == "" && joined.Written == nil:
		return world.Final(fmt.Errorf("%s: nothing says where in a result the record of %q is; add a row: | field | … |, or "+
			"say how the records of %q are written", given.Place(), right.Name, joined.Name))
	case rules.By == "" && !drawn:
		return world.Final(fmt.Errorf("%s: nothing says which result is whose; add a row: | by | … |, or draw {id} in the "+
			"records of %q and %q", given.Place(), left.Name, joined.Name))
	}
	var unmatched *world.Topic
	switch noMatch {
	case "with null":
		rules.Null = true
	case droppedLate:
	default:
		if unmatched, err = world.FromContext(ctx).Present(ctx, noMatch); err != nil {
			return err
		}
	}
	if rules.By == "" && unmatched != nil && !unmatched.Written.Draws("id") {
		return world.Final(fmt.Errorf("%s: nothing says which record of %q is whose; add a row: | by | … |, or draw {id} in "+
			"it", given.Place(), unmatched.Name))
	}
	return judgeJoin(ctx, joined, left, right, unmatched, rules)
}

// readJoinSettings reads what stands under the step.
func readJoinSettings(given app.Settings) (rules verdict.JoinRules, noMatch string, err error) {
	rules.By, rules.Field, noMatch = given.String("by", ""), given.String("field", ""), given.String("no-match", "")
	for name := range strings.SplitSeq(given.String("adds", ""), ",") {
		if name = strings.TrimSpace(name); name != "" {
			rules.Adds = append(rules.Adds, name)
		}
	}
	if err := given.Err(); err != nil {
		return rules, "", err
	}
	if noMatch == "" {
		return rules, "", given.Refuse("no-match", noMatch, "a topic, dropped, or with null")
	}
	return rules, noMatch, nil
}

func joinCanBe(_ world.Surroundings, m steps.Match) error {
	return m.Settings(func(given app.Settings) error {
		_, _, err := readJoinSettings(given)
		return err
	})
}

// judgeJoin judges a join, of which unmatched may be nil.
func judgeJoin(ctx context.Context, joined, left, right, unmatched *world.Topic, rules verdict.JoinRules) error {
	topics := verdict.JoinTopics{Left: left.Name, Right: right.Name, Joined: joined.Name}
	rules.Left, rules.Right, rules.Joined = left.Written, right.Written, joined.Written
	if unmatched != nil {
		topics.Unmatched, rules.Unmatched = unmatched.Name, unmatched.Written
	}
	results := []string{"left", "right", "key", "time", "id"}
	if err := errors.Join(left.Written.Only("the left side of a join", "key", "time", "id"),
		right.Written.Only("the right side of a join", "key", "time"), joined.Written.Only("a join's results", results...),
		rules.Unmatched.Only("what found no match", "left", "key", "time", "id")); err != nil {
		return world.Final(err)
	}
	judge := verdict.NewJoin(topics, rules)
	result := verdict.AllBut(verdict.MissingResult)
	version := verdict.AllBut(verdict.WrongMatch, verdict.MatchedNoneInForce, verdict.UnmatchedInForce)
	if unmatched == nil && !rules.Null { // what nothing was in force for has no result
		version = version.Both(result)
	}
	// The outputs are read before the inputs, so that what a result was made of is never newer than what was read.
	feeds := []world.Feed{{Topic: joined, See: judge.Joined, Certain: result, Once: true},
		{Topic: right, See: judge.Right, Unread: judge.RightUnread, Certain: version},
		{Topic: left, See: judge.Left, Unread: judge.LeftUnread, Certain: verdict.AllBut(verdict.Unexpected),
			Once: true}}
	if unmatched != nil {
		feeds = slices.Insert(feeds, 1, world.Feed{Topic: unmatched, See: judge.Unmatched, Certain: result, Once: true})
	}
	return judgeDrawn(ctx, judge.Result, feeds...)
}
